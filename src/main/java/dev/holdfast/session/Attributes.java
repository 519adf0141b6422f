package dev.holdfast.session;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.api.UnencodableValueException;
import dev.holdfast.session.SessionDetails.LocalValue;
import dev.holdfast.store.StoredSession.StoredAttribute;
import dev.holdfast.text.Printable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one live session: values as the application sees them, bytes as the store keeps
 * them, and what differs between the two. {@link AttributeSaves} brings the differences to the
 * store.
 *
 * <p>Values are encoded and decoded outside the lock, because that runs code of the application and
 * may take long. One value of a session is decoded at a time: a caller that wants another one
 * waits, but not one that sets, removes, or asks for what is decoded already. Application code that
 * runs while a value is decoded may use the session.
 *
 * <p>A value is encoded when it is set, so that what can never be stored is refused there, with the
 * application's code on the stack. A failure that may pass, such as that of a field which the next
 * line fills, counts only if it persists until the save. Then the value is local: an attribute of
 * this node only, and what the store has under its name is removed.
 */
final class Attributes {
  /** What the Java objects around one attribute take, roughly. */
  private static final int OVERHEAD_BYTES = 200;

  final ValueRules rules;
  final Consumer<Object> activated;

  private final String locator;

  /**
   * Guards the attributes and the rest of the session. No code of the application runs under it.
   */
  final Object lock = new Object();

  /** Held while a value is decoded. Taken before {@link #lock}, never while holding it. */
  private final Object decoding = new Object();

  final Map<String, Attribute> current = new LinkedHashMap<>();

  /** What the next save removes from the store. */
  final Map<String, Stored> removed = new HashMap<>();

  /**
   * Values that requests under way hold and that another node has since replaced, with their names:
   * a change in place to one of them is lost.
   */
  final Map<Attribute, String> superseded = new LinkedHashMap<>();

  /** Counts calls after which something may have to be saved. */
  private long uses;

  /**
   * @param locator of the session
   * @param activated tells an activation listener that it was decoded, or that it stays in use
   *     after it was encoded
   */
  Attributes(ValueRules rules, String locator, Consumer<Object> activated) {
    this.rules = rules;
    this.locator = locator;
    this.activated = activated;
  }

  /** A value that is no longer an attribute. */
  record Taken(String name, Object value) {}

  /**
   * The value, or null when there is none or it cannot be decoded.
   *
   * @throws SessionStoreUnavailableException when it is sealed with a key that this node lacks
   */
  @Nullable Object get(String name) {
    while (true) {
      Attribute attribute;
      synchronized (lock) {
        attribute = current.get(name);
        if (attribute == null || attribute.unreadable) {
          return null;
        }
        if (attribute.value != null) {
          if (!attribute.immutable && !attribute.localForGood) {
            attribute.handedOut = true;
            attribute.handedOutSince = true;
            uses++;
          }
          return attribute.value;
        }
        requireOpened(name, attribute);
      }
      decode(name, attribute);
    }
  }

  private void requireOpened(String name, Attribute attribute) {
    if (rules.isUnopened(attribute.undecoded())) {
      throw new SessionStoreUnavailableException(
          "getAttribute: the attribute "
              + Printable.of(name)
              + " is sealed with a key, or in a format, that this node does not have. Give this"
              + " node the key, after those it has; see encryption.keys.",
          null);
    }
  }

  /** Decodes the attribute; afterwards it has a value or is unreadable. */
  void decode(String name, Attribute attribute) {
    synchronized (decoding) {
      byte[] encoded;
      synchronized (lock) {
        if (attribute.value != null || attribute.unreadable) {
          return;
        }
        encoded = attribute.undecoded();
      }
      Object value = rules.decode(locator, name, encoded);
      if (value == null) {
        becomeUnreadable(attribute);
        return;
      }
      if (rules.isActivationListener(value)) {
        activated.accept(value);
      }
      boolean immutable = rules.isImmutable(value);
      byte[] again = null;
      if (!immutable && rules.comparesContent()) {
        try {
          again =
              rules.encode(
                  value,
                  (buffer, from, length) ->
                      Arrays.equals(buffer, from, from + length, encoded, 0, encoded.length));
        } catch (UnencodableValueException e) {
          rules.undecodable(name, e);
          becomeUnreadable(attribute);
          return;
        }
      }
      synchronized (lock) {
        attribute.decoded(value, immutable, again);
      }
    }
  }

  private void becomeUnreadable(Attribute attribute) {
    synchronized (lock) {
      attribute.unreadable = true;
    }
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
   * @param ofContainer whether the value is the container's own
   * @throws IllegalArgumentException when the value cannot be stored and may not stay here either
   */
  Attribute prepare(String name, Object value, boolean ofContainer) {
    Attribute next = new Attribute();
    next.value = value;
    if (ofContainer || rules.isLocal(name)) {
      next.local = true;
      next.localForGood = true;
      next.whyLocal = ofContainer ? "it is the container's own" : "attributes.local names it";
      return next;
    }
    next.set = true;
    next.handedOut = true;
    try {
      next.immutable = rules.isImmutable(value);
      byte[] encoded = rules.encode(value);
      if (encoded != null) {
        next.size = encoded.length;
        next.snapshot = encoded;
      }
    } catch (UnencodableValueException e) {
      if (!rules.mayPass(value, e)) {
        throw e;
      }
    }
    return next;
  }

  /**
   * Checks that there is room for what {@link #prepare} made.
   *
   * @throws dev.holdfast.api.SessionLimitExceededException when there is not
   */
  void requireRoom(String name, Attribute next) {
    synchronized (lock) {
      rules.sizes.requireRoom(current, name, next.size);
    }
  }

  /** Sets an attribute and returns the old one. */
  @Nullable Attribute put(String name, Attribute next) {
    synchronized (lock) {
      Attribute old = current.put(name, next);
      if (!next.local) {
        next.stored = old == null || old.local ? removed.remove(name) : old.stored;
      } else if (old != null && old.stored != null) {
        // No other node may go on with the value that this one replaces.
        removed.put(name, old.stored);
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
        if (old.stored != null) {
          removed.put(name, old.stored);
        }
        uses++;
      }
      return old;
    }
  }

  /** Removes everything, for good, and returns it. */
  Map<String, Attribute> takeAll() {
    synchronized (lock) {
      Map<String, Attribute> all = new LinkedHashMap<>(current);
      current.clear();
      removed.clear();
      return all;
    }
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

  /** Whether the store holds a value under a key that this node does not have. */
  boolean hasUnopened() {
    synchronized (lock) {
      return current.values().stream()
          .anyMatch(
              attribute ->
                  attribute.value == null
                      && !attribute.unreadable
                      && rules.isUnopened(attribute.undecoded()));
    }
  }

  /** Whether something was set or removed since the last save. */
  boolean hasPending() {
    synchronized (lock) {
      return !removed.isEmpty() || current.values().stream().anyMatch(attribute -> attribute.set);
    }
  }

  /** Whether something may differ from what is stored because it could not be encoded. */
  boolean hasRaced() {
    synchronized (lock) {
      return current.values().stream().anyMatch(attribute -> attribute.raced);
    }
  }

  /** What only this node has. */
  List<LocalValue> local() {
    synchronized (lock) {
      List<LocalValue> local = new ArrayList<>();
      current.forEach(
          (name, attribute) -> {
            if (attribute.local && attribute.value != null) {
              String type = attribute.value.getClass().getName();
              String why = attribute.whyLocal;
              local.add(new LocalValue(name, type, why == null ? "it cannot be stored" : why));
            }
          });
      return local;
    }
  }

  boolean hasLocal() {
    synchronized (lock) {
      for (Attribute attribute : current.values()) {
        if (attribute.local) {
          return true;
        }
      }
      return false;
    }
  }

  /** Names of all attributes that can be read. Decodes them to find out. */
  List<String> names() {
    Map<String, Attribute> all;
    synchronized (lock) {
      all = new LinkedHashMap<>(current);
    }
    List<String> names = new ArrayList<>(all.size());
    all.forEach(
        (name, attribute) -> {
          boolean unopened;
          synchronized (lock) {
            unopened =
                attribute.value == null
                    && !attribute.unreadable
                    && rules.isUnopened(attribute.undecoded());
          }
          if (!unopened) {
            decode(name, attribute);
          }
          synchronized (lock) {
            if (!attribute.unreadable) {
              names.add(name);
            }
          }
        });
    return names;
  }

  /** Grows whenever something was handed out, set or removed. */
  long uses() {
    synchronized (lock) {
      return uses;
    }
  }

  /**
   * Adopts what the store holds. A value that no other node has written keeps its instance; what
   * was set or removed here since the last save stays.
   *
   * @return local values that were replaced by those of another node
   */
  List<Taken> refresh(Map<String, StoredAttribute> stored) {
    List<Taken> replaced = new ArrayList<>(0);
    synchronized (lock) {
      removed.keySet().retainAll(stored.keySet());
      current
          .entrySet()
          .removeIf(
              entry -> {
                Attribute attribute = entry.getValue();
                boolean gone = attribute.stored != null && !stored.containsKey(entry.getKey());
                if (gone && attribute.set) {
                  attribute.stored = null;
                } else if (gone) {
                  supersede(entry.getKey(), attribute);
                }
                return gone && !attribute.set;
              });
      stored.forEach(
          (name, theirs) -> {
            Attribute ours = current.get(name);
            // One that is local by setting was stored under other settings: the next save removes
            // it.
            if (rules.isLocal(name) || removed.containsKey(name)) {
              removed.put(name, Stored.read(theirs));
            } else if (ours == null
                || ours.value == null
                || !theirs.written().equals(ours.written())) {
              if (ours != null && ours.set) {
                ours.stored = Stored.read(theirs);
                return;
              }
              current.put(name, Attribute.stored(theirs));
              if (ours != null && ours.local) {
                replaced.add(taken(name, ours));
              } else if (ours != null) {
                supersede(name, ours);
              }
            }
          });
    }
    return replaced;
  }

  private void supersede(String name, Attribute attribute) {
    if (attribute.mayHaveChangedInPlace() && rules.comparesContent()) {
      superseded.put(attribute, name);
    }
  }

  /**
   * Called when no request uses the session any more: what was handed out can no longer change. But
   * a thread outside of requests may have got a value while the last save was under way; the next
   * save has to look at that.
   */
  void becomeIdle() {
    synchronized (lock) {
      superseded.clear();
      current
          .values()
          .forEach(
              attribute ->
                  attribute.handedOut =
                      attribute.set || attribute.raced || attribute.handedOutSince);
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
