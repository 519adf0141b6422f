package dev.holdfast.redis.client;

import static dev.holdfast.redis.client.Ascii.ascii;

import java.util.List;

/**
 * Redis's clock as this node knows it: the last reply that carried it, plus the time elapsed here
 * since. A reply read at nanosecond {@code received} of a request sent at {@code sent} was made in
 * between, so the true clock lies between what it says and that plus the round trip; an estimate
 * inside that span is kept, one outside is moved to its nearer end. So a reply that was long under
 * way does not set the clock back, and a clock that was stepped is followed at once.
 */
public final class RedisClock {
  /** How far a reading may be off that is derived from a key's TTL, which others may have set. */
  private static final long TRUSTED_DRIFT = 5_000;

  private long millis;
  private long nanos;

  RedisClock(long millis, long nanos) {
    this.millis = millis;
    this.nanos = nanos;
  }

  /**
   * Milliseconds since the epoch, by Redis's clock, never ahead of it by more than a round trip.
   */
  public synchronized long now() {
    return at(System.nanoTime());
  }

  /** Redis said {@code reading} in reply to a request sent at {@code sent} nanoseconds. */
  public synchronized void observe(long reading, long sent) {
    long received = System.nanoTime();
    long latest = reading + (received - sent) / 1_000_000 + 1;
    millis = Math.max(reading, Math.min(latest, at(received)));
    nanos = received;
  }

  /** As {@link #observe}, for a reading computed from a TTL; ignored when it is far off. */
  public synchronized void observeDerived(long reading, long sent) {
    if (Math.abs(reading - at(System.nanoTime())) <= TRUSTED_DRIFT) {
      observe(reading, sent);
    }
  }

  /**
   * The clock derived from a TTL, or {@code estimate} if somebody else seems to have set that TTL.
   */
  public static long plausible(long derived, long estimate) {
    return Math.abs(derived - estimate) <= TRUSTED_DRIFT ? derived : estimate;
  }

  /** Milliseconds in the reply of TIME. */
  public static long millis(List<Object> time) {
    return Long.parseLong(ascii((byte[]) time.get(0))) * 1000
        + Long.parseLong(ascii((byte[]) time.get(1))) / 1000;
  }

  private long at(long nanoTime) {
    return millis + (nanoTime - nanos) / 1_000_000;
  }
}
