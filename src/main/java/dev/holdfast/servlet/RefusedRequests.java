package dev.holdfast.servlet;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.metrics.OccasionalWarning;
import dev.holdfast.text.Printable;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The requests of one application that are answered 503, 409 or 500, or should have been: counts
 * them, and logs one now and then.
 */
final class RefusedRequests {
  private final OccasionalWarning warning;
  private final Metrics metrics;
  private final String retryAfter;

  /**
   * @param retryAfter what a 503 tells the client to wait, whole seconds
   */
  RefusedRequests(OccasionalWarning warning, Metrics metrics, Duration retryAfter) {
    this.warning = warning;
    this.metrics = metrics;
    this.retryAfter = String.valueOf(retryAfter.toSeconds());
  }

  /** The value of {@code Retry-After}. */
  String retryAfter() {
    return retryAfter;
  }

  /** Counts a failure of the store. */
  void storeUnavailable() {
    metrics.count(Counter.STORE_UNAVAILABLE);
  }

  /** Logs that a request is not answered as its application would have it. */
  void answered(Supplier<String> message) {
    warning.log(message);
  }

  /**
   * Counts and logs that a request should have been refused when its response was already on its
   * way.
   */
  void lostAfterCommit(Supplier<String> message) {
    metrics.count(Counter.LOST_AFTER_COMMIT);
    warning.log(message);
  }

  /** Counts and logs that a request without a scope is answered 503; gives {@code Retry-After}. */
  String unavailable(SessionStoreUnavailableException reason) {
    storeUnavailable();
    warning.log(() -> Printable.message(reason.getMessage()));
    return retryAfter;
  }
}
