package dev.holdfast.redis.client;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lends the lanes on which a caller waits for replicas. WAIT blocks its connection for everybody
 * who uses it, and it is about the last write of that connection, so it must be sent on the one on
 * which the write was sent.
 */
final class DurableLanes {
  private final BlockingQueue<Integer> free = new ArrayBlockingQueue<>(Lane.DURABLE_LANES);

  DurableLanes() {
    for (int i = 0; i < Lane.DURABLE_LANES; i++) {
      free.add(Lane.DURABLE + i);
    }
  }

  /** A lane for this caller alone; null when none becomes free in time. */
  @Nullable Integer take(Duration limit) throws InterruptedException {
    return free.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  void giveBack(Integer lane) {
    free.add(lane);
  }
}
