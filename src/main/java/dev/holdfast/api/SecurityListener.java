package dev.holdfast.api;

/**
 * Is told of security events. Named in the setting {@code security.listeners}; needs a public
 * constructor without arguments.
 *
 * <p>Called on the thread on which the event happened, mostly a request's, and by several threads
 * at once: it must be quick and safe for use by many threads. What it throws is logged and goes no
 * further.
 */
@FunctionalInterface
public interface SecurityListener {
  /** Called once for each event. */
  void event(SecurityEvent event);
}
