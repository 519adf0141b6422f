package dev.holdfast.config;

/** Whether listeners are told of sessions that nobody asks for any more ({@code expiry.events}). */
public enum ExpiryEvents {
  /** Every session is filed when it is created, and the nodes look for those whose time is over. */
  ON,
  /**
   * Listeners are not told of a session that nobody asks for again. This node files no session;
   * nodes of the same application where this is on file those that they load.
   */
  OFF
}
