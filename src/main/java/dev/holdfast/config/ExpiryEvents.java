package dev.holdfast.config;

/** Whether listeners are told of sessions that nobody asks for any more ({@code expiry.events}). */
public enum ExpiryEvents {
  /** Every session is filed when it is created, and the nodes look for those that are over. */
  ON,
  /**
   * A session that nobody asks for again ends untold. Redis keeps no index; a node of an
   * application with both kinds of nodes files the sessions it loads.
   */
  OFF
}
