package dev.holdfast.session;

import dev.holdfast.api.UnencodableValueException;
import dev.holdfast.session.Pending.Encoded;
import dev.holdfast.store.Stamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which attributes of a session differ from what the store has, encodes them for a save,
 * and records what the store has taken. One save of a session runs at a time.
 *
 * <p>A set or remove that happens while values are encoded, or while the store is waited for,
 * replaces the {@link Attribute} object; so {@link #saved} sees by identity what it may mark as
 * stored.
 *
 * <p>A value that was set and encodes to what the store is known to have is not sent. That is right
 * only while this knowledge is fresh: see {@link StoredCopy#prepareSave}.
 *
 * <p>A value that listens to activation is encoded twice when it is saved: as it is, to see whether
 * it changed, and between {@code sessionWillPassivate} and {@code sessionDidActivate}, to be
 * stored. What these two do to the value does not count as a change.
 */
final class AttributeSaves {
  private final Attributes attributes;
  private final Consumer<Object> passivating;
  private final ValueRules rules;
  private final Object lock;

  /**
   * @param passivating tells an activation listener that it is about to be encoded
   */
  AttributeSaves(Attributes attributes, Consumer<Object> passivating) {
    this.attributes = attributes;
    this.passivating = passivating;
    this.rules = attributes.rules;
    this.lock = attributes.lock;
  }

  /**
   * Encodes all that has to be written.
   *
   * @param all whether values that were set are written even if the store is known to have them
   * @throws dev.holdfast.api.UnencodableValueException when a value has come to hold something that
   *     cannot be stored, or has grown beyond a limit
   */
  Pending collect(boolean all) {
    Pending pending = new Pending();
    List<Candidate> candidates = new ArrayList<>(0);
    Map<Attribute, String> superseded;
    synchronized (lock) {
      superseded =
          attributes.superseded.isEmpty() ? Map.of() : new LinkedHashMap<>(attributes.superseded);
      attributes.removed.keySet().forEach(pending::remove);
      attributes.current.forEach(
          (name, attribute) -> {
            attribute.handedOutSince = false;
            if (attribute.value != null
                && (attribute.local ? attribute.isDue() : mayDiffer(attribute))) {
              candidates.add(new Candidate(name, attribute));
            }
          });
    }
    superseded.forEach((attribute, name) -> findLost(name, attribute, pending));
    for (Candidate candidate : candidates) {
      collect(candidate.name(), candidate.attribute(), pending, all);
    }
    if (!pending.sent().isEmpty()) {
      requireFits(pending);
    }
    return pending;
  }

  /** What may have to be written, as it was when the save began. */
  private record Candidate(String name, Attribute attribute) {}

  /** Reports, once, what was changed in place after another node had replaced it. */
  private void findLost(String name, Attribute attribute, Pending pending) {
    Stored stored = attribute.stored;
    boolean changed;
    try {
      byte[] encoded = rules.encode(Objects.requireNonNull(attribute.value));
      changed = encoded != null && stored != null && !stored.means(Stored.digest(encoded));
    } catch (UnencodableValueException e) {
      changed = true;
    }
    if (changed) {
      pending.lose(name);
      synchronized (lock) {
        attributes.superseded.remove(attribute);
      }
    }
  }

  private boolean mayDiffer(Attribute attribute) {
    return attribute.set || (attribute.mayHaveChangedInPlace() && rules.comparesContent());
  }

  /**
   * Checks the size again: a value may have grown in place since it was set, in this request or an
   * earlier one.
   */
  private void requireFits(Pending pending) {
    synchronized (lock) {
      rules.sizes.requireFits(
          attributes.current.keySet(),
          name -> {
            Encoded sent = pending.sent().get(name);
            return sent != null
                ? sent.size()
                : Objects.requireNonNull(attributes.current.get(name)).size;
          });
    }
  }

  private void collect(String name, Attribute attribute, Pending pending, boolean all) {
    Object value = Objects.requireNonNull(attribute.value);
    boolean activation = rules.isActivationListener(value);
    try {
      byte[] encoded = attribute.immutable && !activation ? attribute.snapshot : null;
      if (encoded == null) {
        Stored read = attribute.set || attribute.local ? null : attribute.stored;
        encoded = read == null ? rules.encode(value) : rules.encode(value, read);
      }
      if (encoded != null && encoded.length == 0) {
        attribute.raced = false;
        return;
      }
      if (attribute.local) {
        becomeStorable(name, attribute, pending);
      }
      Stored stored = attribute.stored;
      byte[] digest = encoded == null ? null : Stored.digest(encoded);
      boolean changed = digest != null && (stored == null || !stored.means(digest));
      attribute.raced = encoded == null;
      if (!attribute.set && !changed && encoded != null) {
        return;
      }
      byte[] again = null;
      if (activation && (attribute.set || (stored != null && changed))) {
        encoded = passivated(value);
        digest = encoded == null ? null : Stored.digest(encoded);
        changed = digest != null && (stored == null || !stored.is(digest));
        again = rules.baseline(value);
        attribute.raced = encoded == null;
      }
      if (encoded == null) {
        rules.encodingRaced(name, value);
        pending.raced = true;
        encoded = attribute.snapshot;
        changed = true;
      }
      if (encoded == null) {
        return;
      }
      Encoded taken =
          new Encoded(
              attribute, encoded.length, digest == null ? Stored.digest(encoded) : digest, again);
      if (attribute.set && !changed && !all) {
        pending.leave(name, taken);
      } else if (attribute.set) {
        pending.write(name, encoded, taken);
      } else if (stored != null) {
        pending.changeInPlace(name, stored.written, encoded, taken);
      }
    } catch (UnencodableValueException e) {
      if (!attribute.local && !rules.keepsHere(name, value, e)) {
        throw e;
      }
      becomeLocal(name, attribute, pending, e.getMessage());
    }
  }

  private byte @Nullable [] passivated(Object value) {
    passivating.accept(value);
    try {
      return rules.encode(value);
    } finally {
      attributes.activated.accept(value);
    }
  }

  private void becomeLocal(
      String name, Attribute attribute, Pending pending, @Nullable String why) {
    synchronized (lock) {
      if (attributes.current.get(name) != attribute) {
        return;
      }
      Stored stored = attribute.stored;
      attribute.becomeLocal(why);
      if (stored != null) {
        attributes.removed.put(name, stored);
        pending.remove(name);
      }
    }
  }

  private void becomeStorable(String name, Attribute attribute, Pending pending) {
    synchronized (lock) {
      attribute.becomeStorable();
      if (attributes.current.get(name) == attribute) {
        attribute.stored = attributes.removed.remove(name);
        pending.keep(name);
      }
    }
  }

  /**
   * Called when nothing of {@code pending} had to be sent, or all of it was: a value that was set
   * to what is stored counts as written.
   */
  void settled(Pending pending) {
    synchronized (lock) {
      pending
          .unchanged()
          .forEach(
              (name, taken) -> {
                Attribute attribute = taken.source();
                Stored stored = attribute.stored;
                if (attribute.set && stored != null) {
                  byte[] again = taken.again();
                  isStored(attribute, stored.alsoAs(again == null ? taken.digest() : again), taken);
                }
              });
    }
  }

  /**
   * Records that the store has taken {@code pending} as {@code stamp}, except for the changes in
   * place that were lost.
   */
  void saved(Pending pending, Stamp stamp, Set<String> lost) {
    synchronized (lock) {
      for (String name : pending.removed()) {
        attributes.removed.remove(name);
        Attribute now = attributes.current.get(name);
        if (now != null) {
          now.stored = null;
        }
      }
      pending
          .sent()
          .forEach(
              (name, taken) -> {
                if (lost.contains(name)) {
                  return;
                }
                Stored stored = Stored.saved(stamp, taken.digest(), taken.again());
                Attribute now = attributes.current.get(name);
                if (now == taken.source() && !now.local) {
                  isStored(now, stored, taken);
                  return;
                }
                if (now == null || now.local) {
                  // Removed, or made local, while the save was under way: the next one removes it
                  // from the store.
                  attributes.removed.put(name, stored);
                } else {
                  now.stored = stored;
                }
              });
    }
  }

  private void isStored(Attribute attribute, Stored stored, Encoded taken) {
    attribute.stored = stored;
    attribute.set = attribute.raced && !rules.comparesContent();
    attribute.size = taken.size();
    attribute.snapshot = null;
  }
}
