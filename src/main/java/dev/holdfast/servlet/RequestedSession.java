package dev.holdfast.servlet;

import dev.holdfast.api.SecurityEvent.Kind;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.HeldLock;
import dev.holdfast.session.Join;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionManager;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The session that the client asks for: what it sent, the same for all dispatches of the request,
 * and the session that it leads to, looked up once at most.
 *
 * <p>Guarded by the monitor of the request's {@link RequestScope}.
 */
final class RequestedSession {
  private final WebApplication application;
  private final SessionManager manager;
  private @Nullable RequestedId id;
  private @Nullable Boolean counts;
  private boolean lookedUp;
  private boolean rotatedAway;
  private @Nullable SessionToken valid;

  /** Whether the request takes the lock of its session; the path on which it arrives tells. */
  private @Nullable Boolean locks;

  private @Nullable HeldLock lock;

  RequestedSession(WebApplication application) {
    this.application = application;
    this.manager = application.manager();
  }

  /** What the client sent. */
  RequestedId id(HttpServletRequest request) {
    RequestedId found = id;
    if (found == null) {
      found = RequestedId.read(application.tracking(), request);
      id = found;
    }
    return found;
  }

  /** Whether the request keeps its session alive. */
  boolean counts(HttpServletRequest request) {
    Boolean known = counts;
    if (known == null) {
      known = !application.passive().matches(request);
      counts = known;
    }
    return known;
  }

  /** Whether the request takes the lock of its session. */
  boolean locks(HttpServletRequest request) {
    Boolean known = locks;
    if (known == null) {
      known = application.locked().matches(request);
      locks = known;
    }
    return known;
  }

  /** The lock of its session, while the request has it; else null. */
  @Nullable HeldLock lock() {
    return lock;
  }

  /** Gives the lock up, if the request has it. */
  void unlock() {
    HeldLock held = lock;
    if (held != null) {
      lock = null;
      manager.unlock(held);
    }
  }

  /**
   * Takes over what a token has led to under the lock of its session.
   *
   * @return the session, which the caller must release; null when there is none
   */
  @Nullable Session joined(SessionToken token, Join join, HttpServletRequest request) {
    EarlyJoin unused = EarlyJoin.take(request, manager);
    rotatedAway |= join.rotatedAway();
    lock = join.lock();
    if (!lookedUp) {
      lookedUp = true;
      valid = join.session() == null ? null : token;
    }
    return join.session();
  }

  /** Called when the client asked for a session of another store, which goes on as this one. */
  void leadsTo(SessionToken token) {
    id = new RequestedId(List.of(token), token.publicId(), 1, false);
    valid = token;
  }

  boolean isLookedUp() {
    return lookedUp;
  }

  /** Whether a secret came that a login has just replaced. */
  boolean isRotatedAway() {
    return rotatedAway;
  }

  /** The token that led to the session, if one did. */
  @Nullable SessionToken valid() {
    return valid;
  }

  /**
   * Looks the session up, which the caller must release; null when there is none, or when it cannot
   * be told which of several is meant.
   *
   * @throws SessionStoreUnavailableException when the store is asked and does not answer
   */
  @Nullable Session join(
      HttpServletRequest request, HttpServletResponse response, ResponseCookie cookie) {
    lookedUp = true;
    RequestedId sent = id(request);
    if (sent.isCrowded()) {
      refuseAmbiguity(null, sent, "too many to look up");
      cookie.expire(request, response);
      return null;
    }
    List<Session> joined = joined(sent, EarlyJoin.take(request, manager), counts(request));
    if (joined.isEmpty()) {
      return null;
    }
    Session first = joined.get(0);
    if (joined.size() > 1) {
      // Two live sessions: one may be planted. Neither is used, and the cookie we can reach goes.
      joined.forEach(found -> manager.release(found, counts(request)));
      valid = null;
      refuseAmbiguity(first.locator(), sent, joined.size() + " lead to live sessions");
      cookie.expire(request, response);
      return null;
    }
    if (sent.values() > 1) {
      application
          .security()
          .report(
              Kind.SPARE_IDS,
              first.locator(),
              cookies(sent) + "of which one leads to a live session, which is used");
    }
    return first;
  }

  private List<Session> joined(RequestedId sent, @Nullable EarlyJoin early, boolean counts) {
    List<Session> joined = new ArrayList<>(1);
    try {
      for (SessionToken token : sent.tokens()) {
        Join join =
            early != null && early.token().equals(token)
                ? manager.joinAgain(token, early.join(), counts)
                : manager.join(token, counts);
        rotatedAway |= join.rotatedAway();
        Session found = join.session();
        if (found != null) {
          joined.add(found);
          valid = token;
        }
      }
      return joined;
    } catch (SessionStoreUnavailableException e) {
      joined.forEach(found -> manager.release(found, counts));
      throw e;
    }
  }

  private void refuseAmbiguity(@Nullable String locator, RequestedId sent, String why) {
    application.metrics().count(Counter.DUPLICATE_TOKENS);
    application
        .security()
        .report(
            Kind.DUPLICATE_IDS, locator, cookies(sent) + why + "; the request counts as anonymous");
  }

  private String cookies(RequestedId sent) {
    return sent.values() + " cookies " + application.tracking().cookie().name() + ", ";
  }
}
