package dev.holdfast.session;

/**
 * Is told what happens to sessions and their attributes, on the thread on which it happens and
 * outside the session's lock. The order of the calls is Tomcat's.
 *
 * <p>What a listener throws ends here, except from {@link #valueUnbound}: whether that may reach
 * the application depends on what unbound the value. Errors that the JVM may not survive are thrown
 * on.
 */
public interface SessionEvents {
  /** For when nobody listens. */
  SessionEvents NONE =
      new SessionEvents() {
        @Override
        public boolean isOfContainer(Object value) {
          return false;
        }

        @Override
        public boolean endsObserved() {
          return false;
        }

        @Override
        public boolean attributesObserved() {
          return false;
        }

        @Override
        public boolean isBindingListener(Object value) {
          return false;
        }

        @Override
        public boolean isActivationListener(Object value) {
          return false;
        }

        @Override
        public void created(Session session) {}

        @Override
        public void destroyed(Session session) {}

        @Override
        public void idChanged(Session session, String oldId) {}

        @Override
        public void attributeAdded(Session session, String name, Object value) {}

        @Override
        public void attributeReplaced(Session session, String name, Object oldValue) {}

        @Override
        public void attributeRemoved(Session session, String name, Object oldValue) {}

        @Override
        public void valueBound(Session session, String name, Object value) {}

        @Override
        public void valueUnbound(Session session, String name, Object value) {}

        @Override
        public void willPassivate(Session session, Object value) {}

        @Override
        public void didActivate(Session session, Object value) {}
      };

  /** Whether the value is the container's own and means nothing on another node. */
  boolean isOfContainer(Object value);

  /** Whether a listener of the application hears of the end of sessions. */
  boolean endsObserved();

  /** Whether anybody wants to know of attributes; if not, old values need not be decoded for it. */
  boolean attributesObserved();

  /** Whether the value itself wants to know that it is bound and unbound. */
  boolean isBindingListener(Object value);

  /** Whether the value itself wants to know that it is passivated and activated. */
  boolean isActivationListener(Object value);

  /** The session exists, and is not stored yet. */
  void created(Session session);

  /** The session is gone from the store; all that it held can still be read. */
  void destroyed(Session session);

  /** The session has a new id. */
  void idChanged(Session session, String oldId);

  /** An attribute that was absent is there. */
  void attributeAdded(Session session, String name, Object value);

  /** An attribute has a new value. */
  void attributeReplaced(Session session, String name, Object oldValue);

  /** An attribute is gone. */
  void attributeRemoved(Session session, String name, Object oldValue);

  /** A binding listener is about to become an attribute. */
  void valueBound(Session session, String name, Object value);

  /** A binding listener is no longer an attribute. Throws what the listener throws. */
  void valueUnbound(Session session, String name, Object value);

  /** An activation listener is about to be encoded for the store. */
  void willPassivate(Session session, Object value);

  /**
   * An activation listener was decoded, or stays in use after it was encoded. While one is told
   * that it was decoded, no other value of the session is decoded.
   */
  void didActivate(Session session, Object value);
}
