package dev.holdfast.redis.client;

/**
 * Index of a connection to a server. Commands that would hold up others have a connection of their
 * own; those that wait for replicas have several.
 */
public final class Lane {
  /** For small commands, which all callers send here. */
  public static final int SHARED = 0;

  /** For values of over 64 KiB, behind which small ones would wait. */
  public static final int BULK = 1;

  /** The first of the lanes on each of which one caller at a time waits for replicas. */
  static final int DURABLE = 2;

  /** How many of those there are. */
  static final int DURABLE_LANES = 8;

  static final int COUNT = DURABLE + DURABLE_LANES;

  private Lane() {}
}
