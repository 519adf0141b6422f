package dev.holdfast.servlet;

import dev.holdfast.api.SessionConflictException;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.api.TooManySessionsException;
import dev.holdfast.api.UnencodableValueException;
import dev.holdfast.session.LockTimeoutException;
import dev.holdfast.text.Printable;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Why a request may not be answered as its application would have it, and the answer that it gets:
 * 409 when another node was faster, 500 when a value has come to hold what cannot be stored, else
 * 503 with {@code Retry-After}.
 *
 * <p>Guarded by the monitor of the request's {@link RequestScope}, except that {@link #reason} is
 * read by whoever wants to know whether there is something to save.
 */
final class Refusal {
  private final RefusedRequests refused;
  private volatile @Nullable RuntimeException reason;
  private @Nullable SessionStoreUnavailableException escaped;
  private boolean answered;

  Refusal(RefusedRequests refused) {
    this.refused = refused;
  }

  /** Why the request is refused; null while it is not. */
  @Nullable RuntimeException reason() {
    return reason;
  }

  /** Notes that the store has failed or refused, which holds for the rest of the request. */
  RuntimeException because(RuntimeException why) {
    reason = why;
    if (why instanceof SessionStoreUnavailableException
        && !(why instanceof TooManySessionsException)
        && !(why instanceof LockTimeoutException)) {
      refused.storeUnavailable();
    }
    return why;
  }

  /**
   * Notes what the application let through. If the store failed at something other than the
   * request's own session, as in a call of {@code Sessions}, the changes to that session are still
   * saved, as after any other exception, and the answer is 503.
   */
  void escaped(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof ServletException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof SessionStoreUnavailableException e) {
      escaped = e;
    }
  }

  /** The reason, or what the application has let through when that is all there is. */
  @Nullable RuntimeException orEscaped() {
    RuntimeException outside = escaped;
    return reason == null && outside != null ? because(outside) : reason;
  }

  /**
   * Answers the request unless that was done, or says in the log that it is too late for that.
   *
   * @return whether it was answered
   */
  boolean answer(HttpServletRequest request, HttpServletResponse response, ResponseCookie cookie)
      throws IOException {
    if (answered) {
      // A container counts the response as committed then, whatever the application did since.
      return true;
    }
    if (response.isCommitted()) {
      refused.lostAfterCommit(
          () ->
              Printable.of(request.getMethod())
                  + " "
                  // A path parameter may be a session's token.
                  + Printable.of(request.getRequestURI().replaceAll("(?s);.*", ""))
                  + ": the response was already on its way when its session could not be saved: "
                  + message());
      return false;
    }
    refused.answered(this::message);
    sendTo(response, request, cookie);
    return true;
  }

  private String message() {
    RuntimeException why = reason;
    return why == null ? "" : Printable.message(why.getMessage());
  }

  private int status() {
    if (reason instanceof SessionConflictException) {
      return HttpServletResponse.SC_CONFLICT;
    }
    return reason instanceof UnencodableValueException
        ? HttpServletResponse.SC_INTERNAL_SERVER_ERROR
        : HttpServletResponse.SC_SERVICE_UNAVAILABLE;
  }

  /** Turns the response into 503, 409 or 500; no cookie of ours, no page of the application. */
  void sendTo(HttpServletResponse target, HttpServletRequest request, ResponseCookie cookie)
      throws IOException {
    target.reset();
    cookie.forget();
    answered = true;
    int status = status();
    if (status == HttpServletResponse.SC_SERVICE_UNAVAILABLE) {
      target.setHeader("Retry-After", refused.retryAfter());
    }
    if (request.isAsyncStarted()) {
      target.setStatus(status);
    } else {
      target.sendError(status);
    }
  }
}
