package dev.holdfast.session;

import dev.holdfast.codec.UnencodableValueException;
import dev.holdfast.store.SessionChanges.ChangedInPlace;
import dev.holdfast.store.Stamp;
import dev.holdfast.store.StoredSession.StoredAttribute;
import java.util.ArrayList;
import java.util.Arrays;
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
 * that what cannot be stored is refused there, with the application's code on the stack; or it
 * becomes local, an attribute of this node only, and what the store has under its name is removed.
 *
 * <p>A value that listens to activation is encoded twice when it is saved: as it is, to see whether
 * it changed, and between {@code sessionWillPassivate} and {@code sessionDidActivate}, to be
 * stored. What these two do to it is no change.
 */
final class Attributes {
  /** Redis memory and Java objects around one attribute, roughly. */
  private static final int OVERHEAD_BYTES = 200;

  final ValueRules rules;

  /**
   * Guards the attributes and the rest of the session: code of the application may run under it and
   * call back.
   */
  final Object lock = new Object();

  private final Map<String, Attribute> current = new LinkedHashMap<>();
  private final Set<String> removed = new HashSet<>();

  /** Counts calls after which something may have to be saved. */
  private long uses;

  /** Whose attributes these are, for events. */
  @Nullable Session owner;

  Attributes(ValueRules rules) {
    this.rules = rules;
  }

  /** A value that is no longer an attribute. */
  record Taken(String name, Object value) {}

  /** What a save has to write, and the objects it was read from. */
  static final class Pending {
    final Map<String, byte[]> written = new LinkedHashMap<>();
    final Map<String, ChangedInPlace> changedInPlace = new LinkedHashMap<>();
    final Set<String> removed = new HashSet<>();
    private final Map<String, Attribute> sources = new LinkedHashMap<>();

    /** Digests of values that were told of a passivation: now they encode to something else. */
    private final Map<String, byte @Nullable []> activated = new LinkedHashMap<>();

    /** Whether something could not be encoded as it is, and so has to be saved again. */
    boolean raced;

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
      if (attribute.value != null && !attribute.immutable && !attribute.local) {
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
    Object value = rules.decode(owner == null ? null : owner.locator(), name, encoded);
    if (value == null) {
      attribute.unreadable = true;
      return;
    }
    if (rules.events.isActivationListener(value)) {
      rules.events.didActivate(Objects.requireNonNull(owner), value);
    }
    attribute.immutable = rules.isImmutable(value);
    if (!attribute.immutable && rules.comparesContent()) {
      try {
        attribute.baseline = rules.baseline(value);
      } catch (UnencodableValueException e) {
        attribute.unreadable = true;
        rules.undecodable(name, e);
        return;
      }
    }
    attribute.value = value;
    attribute.encoded = null;
  }

  /** The value if it has been decoded, else null. */
  @Nullable Object live(String name) {
    synchronized (lock) {
      Attribute attribute = current.get(name);
      return attribute == null ? null : attribute.value;
    }
  }

  /**
   * Makes an attribute for {@link #put}.
   *
   * @throws IllegalArgumentException when the value cannot be stored and may not stay here either
   */
  Attribute prepare(String name, Object value) {
    Attribute next = new Attribute();
    next.value = value;
    if (rules.events.isOfContainer(value) || rules.isLocal(name)) {
      next.local = true;
      return next;
    }
    try {
      next.immutable = rules.isImmutable(value);
      byte[] encoded = rules.encode(value);
      next.set = true;
      next.handedOut = true;
      if (encoded != null) {
        next.size = encoded.length;
        next.snapshot = encoded;
        if (next.immutable) {
          next.encoded = encoded;
        }
      }
    } catch (UnencodableValueException e) {
      if (!rules.keepsHere(name, value, e)) {
        throw e;
      }
      next.local = true;
    }
    return next;
  }

  /**
   * Checks that there is room for what {@link #prepare} made.
   *
   * @throws dev.holdfast.codec.SessionLimitExceededException when there is not
   */
  void requireRoom(String name, Attribute next) {
    synchronized (lock) {
      rules.sizes.requireRoom(current, name, next.size);
    }
  }

  /** Sets an attribute, at least to the effect that it is written again; returns the old one. */
  @Nullable Attribute put(String name, Attribute next) {
    synchronized (lock) {
      Attribute old = current.put(name, next);
      if (!next.local) {
        next.written = old == null ? null : old.written;
        removed.remove(name);
      } else if (old != null && !old.local) {
        // Nobody else may go on with the value that this one replaces.
        removed.add(name);
      }
      uses++;
      return old;
    }
  }

  /** Removes an attribute and returns it; null when there was none. */
  @Nullable Attribute remove(String name) {
    synchronized (lock) {
      Attribute old = current.remove(name);
      if (old != null) {
        removed.add(name);
        uses++;
      }
      return old;
    }
  }

  /**
   * The value of an attribute that was replaced or removed, decoded if somebody has to be told;
   * else null, as for one that cannot be read and so seemed absent.
   */
  @Nullable Object valueOf(String name, @Nullable Attribute old) {
    if (old == null) {
      return null;
    }
    synchronized (lock) {
      byte[] encoded = old.encoded;
      if (old.value == null
          && !old.unreadable
          && encoded != null
          && !rules.isUnboundUnnoticed(encoded)) {
        decode(name, old);
      }
      return old.unreadable ? null : old.value;
    }
  }

  /** Removes everything, for good, and returns the values of which somebody has to be told. */
  List<Taken> takeAll() {
    Map<String, Attribute> all;
    synchronized (lock) {
      all = new LinkedHashMap<>(current);
      current.clear();
      removed.clear();
    }
    List<Taken> taken = new ArrayList<>();
    all.forEach(
        (name, attribute) -> {
          Object value = valueOf(name, attribute);
          if (value != null) {
            taken.add(new Taken(name, value));
          }
        });
    return taken;
  }

  /** Removes what only this node has. */
  List<Taken> takeLocal() {
    synchronized (lock) {
      List<Taken> taken = new ArrayList<>();
      current
          .entrySet()
          .removeIf(
              entry -> {
                Attribute attribute = entry.getValue();
                return attribute.local && taken.add(taken(entry.getKey(), attribute));
              });
      return taken;
    }
  }

  private static Taken taken(String name, Attribute attribute) {
    return new Taken(name, Objects.requireNonNull(attribute.value));
  }

  /** Whether something may differ from what is stored because it could not be encoded. */
  boolean hasRaced() {
    synchronized (lock) {
      return current.values().stream().anyMatch(attribute -> attribute.raced);
    }
  }

  boolean hasLocal() {
    synchronized (lock) {
      return current.values().stream().anyMatch(attribute -> attribute.local);
    }
  }

  /** Names of all attributes that can be read, which takes to read them. */
  List<String> names() {
    synchronized (lock) {
      List<String> names = new ArrayList<>(current.size());
      current.forEach(
          (name, attribute) -> {
            if (attribute.value == null && !attribute.unreadable) {
              decode(name, attribute);
            }
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
   *
   * @return values that only this node had and that another node's have replaced
   */
  List<Taken> refresh(Map<String, StoredAttribute> stored) {
    List<Taken> replaced = new ArrayList<>(0);
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
            if (rules.isLocal(name)) {
              // Stored under other settings; the next save removes it.
              removed.add(name);
              return;
            }
            Attribute ours = current.get(name);
            boolean same = ours != null && (ours.set || theirs.written().equals(ours.written));
            if (!same && !removed.contains(name)) {
              current.put(name, Attribute.stored(theirs));
              if (ours != null && ours.local) {
                replaced.add(taken(name, ours));
              }
            }
          });
    }
    return replaced;
  }

  /**
   * Encodes all that has to be written.
   *
   * @throws dev.holdfast.codec.UnencodableValueException when a value has come to hold something
   *     that cannot be stored, or has grown beyond a limit
   */
  Pending collect() {
    Pending pending = new Pending();
    Map<String, Attribute> candidates = new LinkedHashMap<>();
    synchronized (lock) {
      pending.removed.addAll(removed);
      current.forEach(
          (name, attribute) -> {
            boolean changeable =
                attribute.handedOut && !attribute.immutable && rules.comparesContent();
            if (attribute.value != null && !attribute.local && (attribute.set || changeable)) {
              candidates.put(name, attribute);
            }
          });
    }
    candidates.forEach((name, attribute) -> collect(name, attribute, pending));
    if (!pending.changedInPlace.isEmpty()) {
      requireFits(pending);
    }
    return pending;
  }

  /** What was set has been checked then; what has grown since has not. */
  private void requireFits(Pending pending) {
    synchronized (lock) {
      rules.sizes.requireFits(
          current.keySet(),
          name -> {
            ChangedInPlace change = pending.changedInPlace.get(name);
            byte[] written = change != null ? change.value() : pending.written.get(name);
            Attribute attribute = Objects.requireNonNull(current.get(name));
            return written != null ? written.length : attribute.size;
          });
    }
  }

  private void collect(String name, Attribute attribute, Pending pending) {
    Object value = Objects.requireNonNull(attribute.value);
    boolean activation = rules.events.isActivationListener(value);
    byte[] encoded = attribute.immutable && !activation ? attribute.encoded : null;
    try {
      if (encoded == null) {
        encoded = rules.encode(value);
      }
      boolean changed =
          encoded != null && !Arrays.equals(Attribute.digest(encoded), attribute.baseline);
      if (activation && (attribute.set || (attribute.written != null && changed))) {
        encoded = passivated(value, pending, name);
      }
      attribute.raced = encoded == null;
      if (encoded == null) {
        rules.encodingRaced(name, value);
        pending.raced = true;
        encoded = attribute.snapshot;
      }
      if (encoded == null) {
        return;
      }
      if (attribute.set) {
        pending.written.put(name, encoded);
        pending.sources.put(name, attribute);
      } else if (attribute.written != null && changed) {
        pending.changedInPlace.put(name, new ChangedInPlace(attribute.written, encoded));
        pending.sources.put(name, attribute);
      }
    } catch (UnencodableValueException e) {
      if (!rules.keepsHere(name, value, e)) {
        throw e;
      }
      becomeLocal(name, attribute, pending);
    }
  }

  private byte @Nullable [] passivated(Object value, Pending pending, String name) {
    Session session = Objects.requireNonNull(owner);
    rules.events.willPassivate(session, value);
    try {
      return rules.encode(value);
    } finally {
      rules.events.didActivate(session, value);
      pending.activated.put(name, rules.baseline(value));
    }
  }

  /** What could be stored when it was set cannot be any more. */
  private void becomeLocal(String name, Attribute attribute, Pending pending) {
    synchronized (lock) {
      if (current.get(name) != attribute) {
        return;
      }
      attribute.local = true;
      attribute.set = false;
      if (attribute.written != null) {
        attribute.written = null;
        removed.add(name);
        pending.removed.add(name);
      }
    }
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
            if (now.local) {
              removed.add(name);
              return;
            }
            now.written = stamp;
            if (now == attribute) {
              attribute.set = attribute.raced && !rules.comparesContent();
              attribute.size = encoded.length;
              attribute.encoded = null;
              attribute.snapshot = null;
              if (!attribute.immutable) {
                attribute.baseline =
                    pending.activated.containsKey(name)
                        ? pending.activated.get(name)
                        : Attribute.digest(encoded);
              }
            }
          });
    }
  }

  /** Nobody uses the session now: what was handed out can no longer change. */
  void becomeIdle() {
    synchronized (lock) {
      current.values().forEach(attribute -> attribute.handedOut = attribute.set || attribute.raced);
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
