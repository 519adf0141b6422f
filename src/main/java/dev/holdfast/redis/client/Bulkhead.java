package dev.holdfast.redis.client;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Limits how many callers may wait for Redis at once, so that a slow Redis does not take every
 * thread.
 */
final class Bulkhead {
  private final Semaphore places;
  private final int size;

  Bulkhead(int size) {
    this.size = size;
    this.places = new Semaphore(size);
  }

  boolean enter(long nanos) throws InterruptedException {
    return places.tryAcquire(nanos, TimeUnit.NANOSECONDS);
  }

  void leave() {
    places.release();
  }

  /**
   * Waits until nobody is inside, and then lets nobody in any more; answers whether that came in
   * time.
   */
  boolean drain(long millis) throws InterruptedException {
    return places.tryAcquire(size, millis, TimeUnit.MILLISECONDS);
  }

  int taken() {
    return size - places.availablePermits();
  }

  int size() {
    return size;
  }
}
