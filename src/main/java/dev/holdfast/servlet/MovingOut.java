package dev.holdfast.servlet;

import dev.holdfast.api.SecurityEvent.Kind;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.container.ContainerSessions;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.Login;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionManager;
import dev.holdfast.store.TimeBudget;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Gives sessions back to the container, each at the first request that asks for it; the rest of
 * that request, and all later ones, run on the container's session as if Holdfast were not there.
 *
 * <p>Redis gives a session to one request only. Other requests of its client at the same time, on
 * this node, wait for that one and get the same session; for {@link #GRACE} so does what was sent
 * with the old cookie. A request without a token of ours passes through.
 */
final class MovingOut {
  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final WebApplication application;
  private final SessionManager manager;
  private final String containersCookie;
  private final Duration requestTimeout;

  /** What was handed over, by the public id of the token that opened it. */
  private final Map<String, Handed> handed = new ConcurrentHashMap<>();

  private final Queue<Handed> inOrder = new ConcurrentLinkedQueue<>();

  /**
   * @param containersCookie name of the container's cookie
   */
  MovingOut(WebApplication application, String containersCookie, Duration requestTimeout) {
    this.application = application;
    this.manager = application.manager();
    this.containersCookie = containersCookie;
    this.requestTimeout = requestTimeout;
  }

  /**
   * What a session of ours has become.
   *
   * @param id public id of the token that opened it
   * @param session completed with null when there was none
   */
  private record Handed(String id, CompletableFuture<@Nullable Moved> session, long deadline) {
    boolean isOver() {
      return deadline - System.nanoTime() < 0;
    }
  }

  /**
   * The container's session.
   *
   * @param cookie the header that tells its client of it; null when it knows it
   * @param id the id that it had then
   * @param login who is logged in to it, or null
   */
  private record Moved(
      HttpSession session, String id, @Nullable String cookie, @Nullable Login login) {

    /** Whether the old cookie may still open it: not after a login there, nor after its end. */
    boolean isSame() {
      return !ContainerSessions.hasEnded(session) && session.getId().equals(id);
    }
  }

  /** Runs one dispatch of a request on the container's session. */
  void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    RequestedId sent =
        request.getDispatcherType() == DispatcherType.REQUEST
            ? RequestedId.read(application.tracking(), request)
            : null;
    if (sent == null || sent.tokens().isEmpty()) {
      chain.doFilter(request, response);
      return;
    }
    HttpServletRequest next = request;
    SessionToken token = sent.onlyToken();
    TimeBudget budget = TimeBudget.begin(requestTimeout);
    try {
      Moved moved = token == null ? null : moved(token, request, response);
      forgetCookie(request, response);
      if (moved != null && moved.isSame()) {
        if (request.getSession(false) == null
            && moved.cookie() != null
            && !response.isCommitted()) {
          response.addHeader("Set-Cookie", moved.cookie());
        }
        next = new HandedSession(request, moved.session(), moved.login());
      }
    } catch (SessionStoreUnavailableException e) {
      response.setHeader("Retry-After", application.refused().unavailable(e));
      response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
      return;
    } finally {
      budget.end();
    }
    chain.doFilter(next, response);
  }

  private void forgetCookie(HttpServletRequest request, HttpServletResponse response) {
    // Where both have one name, the container's own takes its place.
    if (!application.tracking().cookie().name().equals(containersCookie)
        && !response.isCommitted()) {
      application.tracking().cookie().expire(request, response);
    }
  }

  private @Nullable Moved moved(
      SessionToken token, HttpServletRequest request, HttpServletResponse response) {
    forgetOld();
    Handed mine =
        new Handed(
            token.publicId(), new CompletableFuture<>(), System.nanoTime() + GRACE.toNanos());
    Handed first = handed.putIfAbsent(mine.id(), mine);
    if (first != null) {
      return await(first.session());
    }
    try {
      Moved moved = handOver(token, request, response);
      if (moved == null) {
        // Whoever makes up tokens leaves nothing here.
        handed.remove(mine.id(), mine);
      } else {
        inOrder.add(mine);
      }
      mine.session().complete(moved);
      return moved;
    } catch (RuntimeException | Error e) {
      handed.remove(mine.id(), mine);
      mine.session().completeExceptionally(e);
      throw e;
    }
  }

  private void forgetOld() {
    for (Handed oldest = inOrder.peek();
        oldest != null && oldest.isOver();
        oldest = inOrder.peek()) {
      inOrder.remove(oldest);
      handed.remove(oldest.id(), oldest);
    }
  }

  private static @Nullable Moved await(CompletableFuture<@Nullable Moved> moved) {
    try {
      return moved.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof SessionStoreUnavailableException unavailable
          ? unavailable
          : new IllegalStateException(
              "A session was not handed to the container: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new SessionStoreUnavailableException(
          "A session was not handed to the container: another request has begun to do so and is"
              + " not done; send the request again",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SessionStoreUnavailableException(
          "A session was not handed to the container: interrupted", e);
    }
  }

  private @Nullable Moved handOver(
      SessionToken token, HttpServletRequest request, HttpServletResponse response) {
    Session session = manager.join(token, false).session();
    if (session == null) {
      return null;
    }
    try {
      Map<String, Object> attributes = new LinkedHashMap<>();
      for (String name : session.attributeNames()) {
        Object value = session.attribute(name);
        if (value != null) {
          attributes.put(name, value);
        }
      }
      Instant created = session.creationTime();
      Login login = session.login();
      String tie = LoginTie.to(session);
      if (!manager.handOver(session)) {
        return null;
      }
      HttpSession own = ownSession(request, tie);
      ContainerSessions.fill(own, created, session.maxInactiveInterval(), attributes);
      LoginTie.removeFrom(own);
      boolean isLasting = login != null && login.lasting();
      if (login != null && isLasting) {
        ContainerSessions.logIn(request, own, login);
      }
      application
          .security()
          .report(Kind.HANDED_BACK, session.locator(), "goes on as a session of the container");
      return new Moved(own, own.getId(), cookie(response), isLasting ? login : null);
    } finally {
      manager.release(session, false);
    }
  }

  /**
   * A session of the container for what is handed over. One that the request brings along, and that
   * is not tied to ours, may be somebody else's, who knows its id: it ends.
   */
  private static HttpSession ownSession(HttpServletRequest request, @Nullable String tie) {
    HttpSession brought = request.getSession(false);
    if (brought != null) {
      String known = LoginTie.of(brought);
      if (known == null || !known.equals(tie)) {
        ContainerSessions.invalidate(brought);
      }
    }
    return request.getSession(true);
  }

  /** The header with the container's id. */
  private @Nullable String cookie(HttpServletResponse response) {
    return response.getHeaders("Set-Cookie").stream()
        .filter(header -> header.startsWith(containersCookie + "="))
        .reduce((one, other) -> other)
        .orElse(null);
  }

  /** The line of the start-up report. */
  static String describe() {
    return "takeover: out: sessions go back to the container, each with its next request;"
        + " Holdfast creates none";
  }
}
