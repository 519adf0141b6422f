package dev.holdfast.session;

import dev.holdfast.codec.UndecodableValueException;
import dev.holdfast.codec.ValueCodec;
import dev.holdfast.config.ChangeDetection;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.store.SessionChanges.ChangedInPlace;
import dev.holdfast.store.Stamp;
import dev.holdfast.store.StoredSession.StoredAttribute;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.ConcurrentModificationException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one live session: values as the application sees them, bytes as the store keeps
 * them, and what differs between the two.
 *
 * <p>Values are encoded outside the lock, because that runs code of the application and may take
 * long; a set or remove that happens meanwhile replaces the {@link Attribute} object, so that
 * {@link #saved} sees by identity what it may mark as stored. A value is encoded when it is set, so
 * that what cannot be stored is refused there, with the application's code on the stack.
 */
final class Attributes {
  private static final Logger LOG = System.getLogger(Attributes.class.getName());
  private static final int ENCODING_TRIES = 3;

  /** Redis memory and Java objects around one attribute, roughly. */
  private static final int OVERHEAD_BYTES = 200;

  private final ValueCodec codec;
  private final ChangeDetection detection;
  private final Metrics metrics;

  /**
   * Guards the attributes and the rest of the session: code of the application may run under it and
   * call back.
   */
  final Object lock = new Object();

  private final Map<String, Attribute> current = new LinkedHashMap<>();
  private final Set<String> removed = new HashSet<>();

  /** Counts calls after which something may have to be saved. */
  private long uses;

  Attributes(ValueCodec codec, ChangeDetection detection, Metrics metrics) {
    this.codec = codec;
    this.detection = detection;
    this.metrics = metrics;
  }

  /** What a save has to write, and the objects it was read from. */
  static final class Pending {
    final Map<String, byte[]> written = new LinkedHashMap<>();
    final Map<String, ChangedInPlace> changedInPlace = new LinkedHashMap<>();
    final Set<String> removed = new HashSet<>();
    private final Map<String, Attribute> sources = new LinkedHashMap<>();

    boolean isEmpty() {
      return written.isEmpty() && changedInPlace.isEmpty() && removed.isEmpty();
    }
  }

  /** The value, or null when there is none or it cannot be decoded. */
  @Nullable Object get(String name) {
    synchronized (lock) {
      Attribute attribute = current.get(name);
      if (attribute == null || attribute.unreadable) {
        return null;
      }
      if (attribute.value == null) {
        decode(name, attribute);
      }
      if (attribute.value != null && !attribute.immutable) {
        attribute.handedOut = true;
        uses++;
      }
      return attribute.value;
    }
  }

  private void decode(String name, Attribute attribute) {
    byte[] encoded = attribute.encoded;
    if (encoded == null) {
      return;
    }
    try {
      Object value = codec.decode(encoded);
      attribute.immutable = codec.isImmutable(value);
      if (!attribute.immutable && detection == ChangeDetection.CONTENT) {
        attribute.baseline = Attribute.digest(codec.encode(value));
      }
      attribute.value = value;
      attribute.encoded = null;
    } catch (UndecodableValueException | IllegalArgumentException e) {
      attribute.unreadable = true;
      metrics.count(Counter.UNDECODABLE);
      LOG.log(
          Level.WARNING,
          "Session attribute {0} cannot be read by this version of the application and reads as absent; its stored"
              + " bytes stay. {1}",
          name,
          e.getMessage());
    }
  }

  /**
   * Sets a value, at least to the effect that it is written again.
   *
   * @throws IllegalArgumentException when the value cannot be stored; the old one stays
   */
  void set(String name, Object value) {
    Attribute next = new Attribute();
    next.value = value;
    next.immutable = codec.isImmutable(value);
    next.set = true;
    next.handedOut = true;
    byte[] encoded = encode(value);
    if (encoded != null) {
      next.size = encoded.length;
      if (next.immutable) {
        next.encoded = encoded;
      }
    }
    synchronized (lock) {
      Attribute old = current.get(name);
      if (old != null) {
        next.written = old.written;
      }
      current.put(name, next);
      removed.remove(name);
      uses++;
    }
  }

  void remove(String name) {
    synchronized (lock) {
      if (current.remove(name) != null) {
        removed.add(name);
        uses++;
      }
    }
  }

  List<String> names() {
    synchronized (lock) {
      List<String> names = new ArrayList<>(current.size());
      current.forEach(
          (name, attribute) -> {
            if (!attribute.unreadable) {
              names.add(name);
            }
          });
      return names;
    }
  }

  /** Grows whenever something was handed out, set or removed. */
  long uses() {
    synchronized (lock) {
      return uses;
    }
  }

  /**
   * Adopts what the store holds; a value that nobody else has written keeps its instance, a local
   * change stays.
   */
  void refresh(Map<String, StoredAttribute> stored) {
    synchronized (lock) {
      Iterator<Map.Entry<String, Attribute>> entries = current.entrySet().iterator();
      while (entries.hasNext()) {
        Map.Entry<String, Attribute> entry = entries.next();
        Attribute attribute = entry.getValue();
        if (!attribute.set && attribute.written != null && !stored.containsKey(entry.getKey())) {
          entries.remove();
        }
      }
      stored.forEach(
          (name, theirs) -> {
            Attribute ours = current.get(name);
            boolean same = ours != null && (ours.set || theirs.written().equals(ours.written));
            if (!same && !removed.contains(name)) {
              current.put(name, Attribute.stored(theirs));
            }
          });
    }
  }

  /**
   * Encodes all that has to be written.
   *
   * @throws dev.holdfast.codec.UnencodableValueException when a value has come to hold something
   *     that cannot be stored
   */
  Pending collect() {
    Pending pending = new Pending();
    Map<String, Attribute> candidates = new LinkedHashMap<>();
    synchronized (lock) {
      pending.removed.addAll(removed);
      current.forEach(
          (name, attribute) -> {
            boolean changeable =
                attribute.handedOut && !attribute.immutable && detection == ChangeDetection.CONTENT;
            if (attribute.value != null && (attribute.set || changeable)) {
              candidates.put(name, attribute);
            }
          });
    }
    candidates.forEach((name, attribute) -> collect(name, attribute, pending));
    return pending;
  }

  private void collect(String name, Attribute attribute, Pending pending) {
    Object value = Objects.requireNonNull(attribute.value);
    byte[] encoded = attribute.immutable ? attribute.encoded : null;
    if (encoded == null) {
      encoded = encode(value);
    }
    if (encoded == null) {
      metrics.count(Counter.ENCODING_RACED);
      LOG.log(
          Level.WARNING,
          "Session attribute {0} ({1}) was being changed by another thread each time it was to be saved; it is saved"
              + " with the next request that uses the session",
          name,
          value.getClass().getName());
      return;
    }
    if (attribute.set) {
      pending.written.put(name, encoded);
    } else if (attribute.written != null
        && !Arrays.equals(Attribute.digest(encoded), attribute.baseline)) {
      pending.changedInPlace.put(name, new ChangedInPlace(attribute.written, encoded));
    } else {
      return;
    }
    pending.sources.put(name, attribute);
  }

  /**
   * Encodes, again if another thread was seen changing the value; null when it was on every try.
   */
  private byte @Nullable [] encode(Object value) {
    for (int attempt = 0; attempt < ENCODING_TRIES; attempt++) {
      try {
        return codec.encode(value);
      } catch (ConcurrentModificationException e) {
        Thread.onSpinWait();
      }
    }
    return null;
  }

  /**
   * The store has taken {@code pending} as {@code stamp}, except for the changes in place that were
   * lost.
   */
  void saved(Pending pending, Stamp stamp, Set<String> lost) {
    synchronized (lock) {
      removed.removeAll(pending.removed);
      pending.sources.forEach(
          (name, attribute) -> {
            byte[] encoded = pending.written.get(name);
            ChangedInPlace change = pending.changedInPlace.get(name);
            if (encoded == null && change != null) {
              encoded = change.value();
            }
            if (encoded == null || lost.contains(name)) {
              return;
            }
            Attribute now = current.get(name);
            if (now == null) {
              // Removed while the save was under way: the store has it, so the next save removes it
              // there.
              removed.add(name);
              return;
            }
            now.written = stamp;
            if (now == attribute) {
              attribute.set = false;
              attribute.size = encoded.length;
              attribute.encoded = null;
              if (!attribute.immutable) {
                attribute.baseline = Attribute.digest(encoded);
              }
            }
          });
    }
  }

  /** Nobody uses the session now: what was handed out can no longer change. */
  void becomeIdle() {
    synchronized (lock) {
      current.values().forEach(attribute -> attribute.handedOut = attribute.set);
    }
  }

  int weight() {
    synchronized (lock) {
      long weight = 0;
      for (Map.Entry<String, Attribute> entry : current.entrySet()) {
        weight += OVERHEAD_BYTES + entry.getKey().length() + (long) entry.getValue().size;
      }
      return (int) Math.min(Integer.MAX_VALUE, weight);
    }
  }
}
