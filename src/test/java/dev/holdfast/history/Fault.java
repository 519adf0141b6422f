package dev.holdfast.history;

/**
 * What a nemesis did.
 *
 * @param from nanoseconds since the history began
 * @param to when it was over
 * @param redisMillis Redis's clock before, or -1 when it did not answer
 */
record Fault(String what, long from, long to, long redisMillis) {
  @Override
  public String toString() {
    return "%10.1f..%-10.1f ms  %s  (Redis time %d)"
        .formatted(from / 1e6, to / 1e6, what, redisMillis);
  }
}
