package dev.holdfast.redis;

/**
 * Which of the connections to a server: what would hold others up has one of its own. An index, for
 * the last lane is several.
 */
final class Lane {
  /** What everybody's small commands take. */
  static final int SHARED = 0;

  /** For values of over 64 KiB, behind which small ones would wait. */
  static final int BULK = 1;

  /** The first of those on which a caller waits for replicas, alone. */
  static final int DURABLE = 2;

  /** How many of those there are. */
  static final int DURABLE_LANES = 8;

  static final int COUNT = DURABLE + DURABLE_LANES;

  private Lane() {}
}
