package dev.holdfast.container;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.session.Login;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/** Is asked about a request before the container's authenticator sees it. */
public interface EarlyUser {
  /**
   * Ends the container's own session when the Holdfast session that it is tied to has ended, or has
   * another user.
   *
   * @param request the container's own
   * @throws SessionStoreUnavailableException when the store does not answer; see {@link
   *     #unavailable}
   */
  void verify(HttpServletRequest request);

  /**
   * Who is logged in to the Holdfast session, for a page that asks for a user when the container
   * knows none.
   *
   * @param request the container's own
   * @return null when nobody is
   * @throws SessionStoreUnavailableException when the store does not answer; see {@link
   *     #unavailable}
   */
  @Nullable Login of(HttpServletRequest request);

  /**
   * Notes that a request is answered 503 because its user cannot be found out: it is neither let in
   * nor sent to the login page.
   *
   * @return the value of {@code Retry-After}
   */
  String unavailable(SessionStoreUnavailableException reason);
}
