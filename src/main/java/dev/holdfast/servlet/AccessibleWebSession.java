package dev.holdfast.servlet;

import dev.holdfast.security.SessionToken;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionManager;
import jakarta.servlet.http.HttpSession;
import java.util.function.Consumer;

/** The session on Servlet 6.1, where {@code HttpSession.Accessor} exists. Loaded only there. */
final class AccessibleWebSession extends WebSession {
  private final WebApplication application;
  private final ActingRequests acting;

  AccessibleWebSession(Session session, WebApplication application, ActingRequests acting) {
    super(session, application, acting);
    this.application = application;
    this.acting = acting;
  }

  @Override
  public Accessor getAccessor() {
    if (!session.isValid()) {
      throw new IllegalStateException(
          "getAccessor: session " + session.id() + " has been invalidated");
    }
    return new TokenAccessor(session.token());
  }

  /** Opens the session anew, as a request with the same token would. */
  private final class TokenAccessor implements Accessor {
    private final SessionToken token;

    TokenAccessor(SessionToken token) {
      this.token = token;
    }

    @Override
    public void access(Consumer<HttpSession> consumer) {
      SessionManager manager = application.manager();
      Session joined = manager.join(token).session();
      if (joined == null) {
        throw new IllegalStateException(
            "access: session " + token + " has ended, or its id has changed since getAccessor");
      }
      try {
        consumer.accept(
            joined.facade(
                WebSession.class,
                session -> new AccessibleWebSession(session, application, acting)));
        manager.commit(joined);
      } finally {
        manager.release(joined);
      }
    }
  }
}
