package dev.holdfast.servlet;

import dev.holdfast.api.SecurityEvent.Kind;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionManager;
import jakarta.servlet.ServletContext;
import java.time.Duration;

/**
 * What the requests of one web application share. It knows none of them.
 *
 * @param logins tells which attributes log a user in
 * @param passive the requests that do not keep their session alive
 * @param locked the requests that take the lock of their session
 * @param refused counts the requests that are refused, and logs them
 * @param defaultTimeout of a new session; zero or negative: never expires
 */
record WebApplication(
    ServletContext context,
    SessionManager manager,
    SessionTracking tracking,
    LoginWatch logins,
    PassiveRequests passive,
    LockedRequests locked,
    RefusedRequests refused,
    Duration defaultTimeout,
    Metrics metrics,
    SecurityEvents security) {

  /**
   * Ends a session in which somebody logs in when the client cannot be told a new id: the old one
   * must not lead to that user.
   *
   * @param what tells of the login, for messages
   */
  void endAtLateLogin(Session session, String what) {
    security.report(
        Kind.LATE_LOGIN,
        session.locator(),
        what
            + ": user or roles changed when no response could take the new id; the session has been"
            + " ended. Log in before the first byte is sent, on a thread of the request");
    manager.invalidate(session);
  }
}
