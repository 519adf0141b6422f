package dev.holdfast.servlet;

import jakarta.servlet.AsyncContext;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the asynchronous cycles of one request have in common. The request ends when the last
 * listener has heard that it is complete, so that what listeners do to the session is saved too.
 */
final class AsyncCycles {
  private final AtomicInteger listeners = new AtomicInteger();
  private @Nullable AsyncContext context;

  /**
   * Our object for the last cycle, if there was one. A caller that replaces it holds the monitor
   * from this call on.
   */
  synchronized @Nullable AsyncContext context() {
    return context;
  }

  synchronized void context(AsyncContext made) {
    context = made;
  }

  /** Whether a listener will hear of the end. */
  boolean isWatched() {
    return listeners.get() != 0;
  }

  /** Notes that one more listener will hear of the end. */
  void listens() {
    listeners.incrementAndGet();
  }

  /** Notes that a listener will hear nothing more. */
  void listensNoMore() {
    listeners.decrementAndGet();
  }

  /**
   * Notes that a listener has heard that the request is complete.
   *
   * @return whether it is the last one
   */
  boolean heardOfTheEnd() {
    return listeners.decrementAndGet() <= 0;
  }
}
