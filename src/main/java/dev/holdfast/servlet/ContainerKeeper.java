package dev.holdfast.servlet;

import dev.holdfast.container.ContainerSessions;
import dev.holdfast.session.Inheritance;
import dev.holdfast.session.Login;
import dev.holdfast.session.Takeovers.OldSession;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The container, which has found its session by its own cookie. */
final class ContainerKeeper implements OldSessions.Keeper {
  /** The attribute of a request with an id that was shown to the container. */
  private static final String SHOWN = "dev.holdfast.shown";

  private final ContainerLogins logins;
  private final SessionCookie cookie;
  private final SessionTracking tracking;
  private final boolean renamed;
  private final long start = System.currentTimeMillis();

  /**
   * @param cookie the container's
   * @param renamed whether its name was another one before, which is the name of ours now
   */
  ContainerKeeper(
      ContainerLogins logins, SessionCookie cookie, SessionTracking tracking, boolean renamed) {
    this.logins = logins;
    this.cookie = cookie;
    this.tracking = tracking;
    this.renamed = renamed;
  }

  /** Shows the container the id that came in the cookie whose name is ours now. */
  void show(HttpServletRequest request) {
    RequestedId sent = renamed ? RequestedId.read(tracking, request) : null;
    String id = sent == null || !sent.tokens().isEmpty() || sent.fromUrl() ? null : sent.raw();
    if (id != null && !id.isEmpty() && request.getSession(false) == null) {
      request.setAttribute(SHOWN, id);
      ContainerSessions.ask(request, id);
    }
  }

  /** The id by which the client asks the container for a session, or null. */
  private @Nullable String idIn(HttpServletRequest request) {
    if (renamed && request.getAttribute(SHOWN) == null) {
      show(request);
    }
    if (request.getAttribute(SHOWN) instanceof String shown) {
      return shown;
    }
    boolean counts = tracking.urlParameter() != null || request.isRequestedSessionIdFromCookie();
    return counts ? request.getRequestedSessionId() : null;
  }

  @Override
  public @Nullable OldSession askedFor(HttpServletRequest request) {
    String id = idIn(request);
    if (id == null) {
      return null;
    }
    HttpSession own = request.getSession(false);
    try {
      return own == null || ContainerSessions.isOld(own, start) ? new Old(request, id) : null;
    } catch (IllegalStateException e) {
      // It ends at this moment: another request has taken it over.
      return new Old(request, id);
    }
  }

  @Override
  public void expireCookie(HttpServletRequest request, HttpServletResponse response) {
    if (request.getSession(false) == null) {
      cookie.expire(request, response);
    }
  }

  @Override
  public String describe() {
    return "sessions of the container";
  }

  private final class Old implements OldSession {
    private final HttpServletRequest request;
    private final String id;

    Old(HttpServletRequest request, String id) {
      this.request = request;
      this.id = id;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public String keeper() {
      return "the container";
    }

    @Override
    public boolean isFarAway() {
      return false;
    }

    @Override
    public @Nullable Inheritance read() {
      HttpSession own = request.getSession(false);
      try {
        return own == null || !ContainerSessions.isOld(own, start) ? null : inheritance(own);
      } catch (IllegalStateException e) {
        // It has ended meanwhile.
        return null;
      }
    }

    private Inheritance inheritance(HttpSession own) {
      Map<String, Object> attributes = new LinkedHashMap<>();
      for (String name : Collections.list(own.getAttributeNames())) {
        Object value = ContainerSessions.isInternal(name) ? null : own.getAttribute(name);
        if (value != null) {
          attributes.put(name, value);
        }
      }
      return new Inheritance(
          Instant.ofEpochMilli(own.getCreationTime()),
          Instant.ofEpochMilli(own.getLastAccessedTime()),
          Duration.ofSeconds(own.getMaxInactiveInterval()),
          attributes,
          login());
    }

    private @Nullable Login login() {
      // Before the session ends: Jetty may look for the user there at this call.
      Principal user = request.getUserPrincipal();
      return user == null || ContainerLogins.isSentEachTime(request)
          ? null
          : logins.login(request, user);
    }

    @Override
    public void end() {
      HttpSession own = request.getSession(false);
      try {
        if (own == null) {
          return;
        }
        boolean isAsked = request.getUserPrincipal() != null && !logins.isAskedEarly();
        if (isAsked || ContainerSessions.isLoggingIn(own)) {
          // The container asks its own session who the user is; it is tied to ours from now on, or
          // once the user is logged in.
          ContainerSessions.keep(own);
        } else {
          ContainerSessions.end(own);
        }
      } catch (IllegalStateException e) {
        // Another request has ended it meanwhile.
      }
    }
  }
}
