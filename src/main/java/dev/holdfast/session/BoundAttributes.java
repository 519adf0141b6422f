package dev.holdfast.session;

import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.session.Attributes.Taken;
import dev.holdfast.text.Loggers;
import dev.holdfast.text.Printable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sets and removes the attributes of a live session, and tells the values and the listeners, in
 * Tomcat's order and never under the session's lock.
 */
final class BoundAttributes {
  private static final Logger LOG = Loggers.of(BoundAttributes.class);

  private final Session session;
  private final Attributes attributes;
  private final ValueRules rules;
  private final SessionEvents events;

  BoundAttributes(Session session, Attributes attributes, SessionEvents events) {
    this.session = session;
    this.attributes = attributes;
    this.rules = attributes.rules;
    this.events = events;
  }

  /**
   * Sets an attribute.
   *
   * @throws IllegalArgumentException when the value cannot be stored or is too large; the old one
   *     stays
   * @throws IllegalStateException when the session has ended
   */
  void set(String name, Object value) {
    session.requireValid("setAttribute");
    Attribute next = attributes.prepare(name, value, events.isOfContainer(value));
    attributes.requireRoom(name, next);
    boolean binding = events.isBindingListener(value) && attributes.live(name) != value;
    if (binding) {
      events.valueBound(session, name, value);
    }
    Attribute replaced = null;
    boolean tooLate;
    synchronized (attributes.lock) {
      tooLate = session.hasEnded();
      if (!tooLate) {
        replaced = attributes.put(name, next);
      }
    }
    if (tooLate) {
      // The session ended while this value was being bound, so whatever unbound the others has
      // missed it.
      if (binding) {
        unbind(name, value);
      }
      session.requireValid("setAttribute");
    }
    Object old = valueOf(name, replaced);
    if (old != null) {
      if (old != value) {
        unbind(name, old);
      }
      events.attributeReplaced(session, name, old);
    } else if (replaced == null || replaced.unreadable) {
      events.attributeAdded(session, name, value);
    }
  }

  /**
   * Sets an attribute that the session had before it came here, so that nobody is told. One that
   * may not be kept is left out, and the log says so.
   */
  void inherit(String name, Object value) {
    try {
      Attribute next = attributes.prepare(name, value, false);
      attributes.requireRoom(name, next);
      @Nullable Attribute unused = attributes.put(name, next);
    } catch (IllegalArgumentException e) {
      rules.notInherited(name, value, e);
    }
  }

  /**
   * Removes an attribute, if there is one. What its {@code valueUnbound} throws is passed on, as
   * Tomcat does.
   */
  void remove(String name) {
    session.requireValid("removeAttribute");
    Object old = valueOf(name, attributes.remove(name));
    if (old != null) {
      if (events.isBindingListener(old)) {
        events.valueUnbound(session, name, old);
      }
      events.attributeRemoved(session, name, old);
    }
  }

  /**
   * The value of an attribute that was replaced or removed, decoded if somebody has to be told.
   * Else null, as for an attribute that cannot be read and so seemed absent.
   */
  private @Nullable Object valueOf(String name, @Nullable Attribute old) {
    if (old == null) {
      return null;
    }
    byte[] unread;
    synchronized (attributes.lock) {
      unread = old.value == null && !old.unreadable ? old.undecoded() : null;
    }
    if (unread != null && !isUnboundUnnoticed(unread)) {
      attributes.decode(name, old);
    }
    synchronized (attributes.lock) {
      return old.unreadable ? null : old.value;
    }
  }

  /**
   * Whether unbinding the value behind these bytes calls nobody. Without decoding, only values of
   * JDK classes are known not to be binding listeners.
   */
  private boolean isUnboundUnnoticed(byte[] encoded) {
    return events == SessionEvents.NONE
        || rules.isUnopened(encoded)
        || (!events.attributesObserved() && rules.isJdkValue(encoded));
  }

  /** Tells a value that it is no longer an attribute; no listener is told. */
  void unbind(String name, Object value) {
    if (!events.isBindingListener(value)) {
      return;
    }
    try {
      events.valueUnbound(session, name, value);
    } catch (Exception | LinkageError | AssertionError e) {
      rules.metrics.count(Counter.LISTENER_FAILED);
      LOG.log(
          Level.WARNING,
          "valueUnbound of the session attribute "
              + Printable.of(name)
              + " failed; it is unbound all the same",
          e);
    }
  }

  /** Unbinds all attributes, because the session has ended. */
  void takeAll() {
    List<Taken> taken = new ArrayList<>();
    attributes
        .takeAll()
        .forEach(
            (name, attribute) -> {
              Object value = valueOf(name, attribute);
              if (value != null) {
                taken.add(new Taken(name, value));
              }
            });
    tell(taken);
  }

  /** Unbinds the local values, which are lost because nobody will use this object any more. */
  void takeLocal() {
    tell(attributes.takeLocal());
  }

  private void tell(List<Taken> taken) {
    for (Taken attribute : taken) {
      unbind(attribute.name(), attribute.value());
      events.attributeRemoved(session, attribute.name(), attribute.value());
    }
  }
}
