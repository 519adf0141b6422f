package dev.holdfast.session;

import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.session.Attributes.Taken;
import dev.holdfast.text.Printable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;

/**
 * Sets and removes the attributes of a live session, and tells the values and the listeners, in
 * Tomcat's order. Nobody is told under the session's lock.
 */
final class BoundAttributes {
  private static final Logger LOG = System.getLogger(BoundAttributes.class.getName());

  private final Session session;
  private final Attributes attributes;
  private final ValueRules rules;

  BoundAttributes(Session session, Attributes attributes) {
    this.session = session;
    this.attributes = attributes;
    this.rules = attributes.rules;
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
    Attribute next = attributes.prepare(name, value);
    attributes.requireRoom(name, next);
    boolean binding = rules.events.isBindingListener(value) && attributes.live(name) != value;
    if (binding) {
      rules.events.valueBound(session, name, value);
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
      // Ended while its value was being bound: what unbinds the others has not seen this one.
      if (binding) {
        unbind(name, value);
      }
      session.requireValid("setAttribute");
    }
    Object old = attributes.valueOf(name, replaced);
    if (old != null) {
      if (old != value) {
        unbind(name, old);
      }
      rules.events.attributeReplaced(session, name, old);
    } else if (replaced == null || replaced.unreadable) {
      rules.events.attributeAdded(session, name, value);
    }
  }

  /**
   * Removes an attribute, if there is one. What its {@code valueUnbound} throws is thrown on, as
   * Tomcat does.
   */
  void remove(String name) {
    session.requireValid("removeAttribute");
    Object old = attributes.valueOf(name, attributes.remove(name));
    if (old != null) {
      if (rules.events.isBindingListener(old)) {
        rules.events.valueUnbound(session, name, old);
      }
      rules.events.attributeRemoved(session, name, old);
    }
  }

  /** Tells a value that it is no longer an attribute; no listener is told. */
  void unbind(String name, Object value) {
    if (!rules.events.isBindingListener(value)) {
      return;
    }
    try {
      rules.events.valueUnbound(session, name, value);
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

  /** The session has ended: nothing of it is an attribute any more. */
  void takeAll() {
    tell(attributes.takeAll());
  }

  /** Nobody will use this object any more; what only this node had is lost with it. */
  void takeLocal() {
    tell(attributes.takeLocal());
  }

  private void tell(List<Taken> taken) {
    for (Taken attribute : taken) {
      unbind(attribute.name(), attribute.value());
      rules.events.attributeRemoved(session, attribute.name(), attribute.value());
    }
  }
}
