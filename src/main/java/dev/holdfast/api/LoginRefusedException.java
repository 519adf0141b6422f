package dev.holdfast.api;

/**
 * A user has as many sessions as {@code sessions.per-user} allows, and the policy is to refuse one
 * more. Nothing was stored. {@code login()} and {@code authenticate()} tell the application with a
 * ServletException; any other login, such as one by an attribute, is decided when the response is
 * about to be sent; then the request is answered 409.
 */
public final class LoginRefusedException extends SessionConflictException {
  private static final long serialVersionUID = 1L;

  public LoginRefusedException(String message) {
    super(message);
  }
}
