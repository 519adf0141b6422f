package dev.holdfast.backup;

/** So many a second, and at most as many at once. */
final class RateLimit {
  private final double perNano;
  private final double burst;
  private double left;
  private long since = System.nanoTime();

  RateLimit(int perSecond) {
    this.perNano = perSecond / 1e9;
    this.burst = perSecond;
    this.left = perSecond;
  }

  /** Whether one more is allowed now. */
  synchronized boolean tryTake() {
    long now = System.nanoTime();
    left = Math.min(burst, left + (now - since) * perNano);
    since = now;
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }
}
