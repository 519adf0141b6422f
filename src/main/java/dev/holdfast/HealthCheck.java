package dev.holdfast;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.backup.BackedUpStore;
import dev.holdfast.redis.RedisSessionStore;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Tells a probe whether this node can serve sessions, at the path of {@code health.path}: 200, or
 * 503 while Redis does not answer, Holdfast has not started, or the application is being
 * undeployed. It touches no session and says nothing that is secret: no address, no id, no reason.
 * Security constraints of the application come first, as before any filter.
 *
 * <p>However many probes come, Redis is asked once in {@link #FRESH} at most: the probe that asks
 * waits for no longer than {@code redis.timeout}, the others get the last answer unless that is
 * {@link #STALE}.
 */
final class HealthCheck {
  private static final Duration FRESH = Duration.ofSeconds(1);

  /** An answer this old may have been true before a long pause of the probes. */
  private static final Duration STALE = Duration.ofSeconds(10);

  private final String path;
  private final RedisSessionStore redis;
  private final @Nullable BackedUpStore backup;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile @Nullable Answer last;
  private volatile State state = State.STARTING;

  /** What Holdfast does in this application. */
  enum State {
    STARTING,
    RUNNING,
    FAILED,
    ENDING
  }

  /** What Redis said; {@code at} as {@link System#nanoTime()} gives it. */
  private record Answer(boolean up, long at) {
    boolean isOlderThan(Duration age) {
      return System.nanoTime() - at > age.toNanos();
    }
  }

  private HealthCheck(String path, RedisSessionStore redis, @Nullable BackedUpStore backup) {
    this.path = path;
    this.redis = redis;
    this.backup = backup;
  }

  /** The health check of an application; null when none is wanted. */
  static @Nullable HealthCheck of(Preparation made) {
    String path = made.settings().monitoring().healthPath();
    return path == null
        ? null
        : new HealthCheck(
            path, made.redis(), made.store() instanceof BackedUpStore backedUp ? backedUp : null);
  }

  void become(State next) {
    state = next;
  }

  /** Answers a request if it is a probe's. */
  boolean answers(ServletRequest request, ServletResponse response) throws IOException {
    if (request.getDispatcherType() != DispatcherType.REQUEST
        || !(request instanceof HttpServletRequest probe)
        || !(response instanceof HttpServletResponse answer)
        || !path.equals(pathOf(probe))) {
      return false;
    }
    answer.setHeader("Cache-Control", "no-store");
    String method = probe.getMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      answer.setHeader("Allow", "GET, HEAD");
      answer.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
      return true;
    }
    State now = state;
    boolean redisUp = now == State.RUNNING && isRedisUp();
    byte[] body = json(now, redisUp).getBytes(StandardCharsets.US_ASCII);
    answer.setStatus(
        redisUp ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    answer.setContentType("application/json");
    answer.setContentLength(body.length);
    if (method.equals("GET")) {
      answer.getOutputStream().write(body);
    }
    return true;
  }

  private static String pathOf(HttpServletRequest request) {
    String rest = request.getPathInfo();
    return rest == null ? request.getServletPath() : request.getServletPath() + rest;
  }

  private boolean isRedisUp() {
    Answer known = last;
    if (known != null && !known.isOlderThan(FRESH)) {
      return known.up();
    }
    boolean mine = asking.tryLock();
    if (!mine) {
      if (known != null && !known.isOlderThan(STALE)) {
        return known.up();
      }
      asking.lock();
    }
    try {
      Answer meanwhile = last;
      if (meanwhile != null && !meanwhile.isOlderThan(FRESH)) {
        return meanwhile.up();
      }
      boolean up = ping();
      last = new Answer(up, System.nanoTime());
      return up;
    } finally {
      asking.unlock();
    }
  }

  private boolean ping() {
    try {
      redis.ping();
      return true;
    } catch (SessionStoreUnavailableException e) {
      return false;
    }
  }

  private String json(State now, boolean redisUp) {
    StringBuilder json = new StringBuilder(128);
    json.append("{\"status\":\"").append(redisUp ? "UP" : "DOWN");
    json.append("\",\"holdfast\":\"").append(now);
    if (now == State.RUNNING) {
      json.append("\",\"redis\":{\"status\":\"").append(redisUp ? "UP" : "DOWN");
      json.append("\",\"serversConnected\":").append(redis.connected());
      json.append(",\"circuit\":\"").append(redis.silent() == 0 ? "CLOSED" : "OPEN").append("\"}");
      if (backup != null) {
        json.append(",\"backup\":{\"waiting\":").append(backup.waiting()).append('}');
      }
      return json.append("}\n").toString();
    }
    return json.append("\"}\n").toString();
  }
}
