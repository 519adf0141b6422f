package dev.holdfast.benchmark.byhand;

import dev.holdfast.benchmark.app.Page;
import dev.holdfast.benchmark.app.Shelf;
import dev.holdfast.benchmark.app.State;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The same application written for Redis by hand, as little as it takes: a random cookie, a hash, a
 * time to live. It knows no listeners, no encryption, no login, no change in place, no two requests
 * at once, and no outage.
 *
 * <p>Init parameter {@code copy}: {@code none} reads the whole hash each time; {@code checked}
 * keeps the values in this JVM and asks Redis whether their version is still the current one.
 */
public final class ByHandServlet extends HttpServlet {
  private static final long serialVersionUID = 1;
  private static final String COOKIE = "BYHAND";
  private static final long TTL_MILLIS = TimeUnit.MINUTES.toMillis(30);
  private static final long TOUCH_MILLIS = TimeUnit.MINUTES.toMillis(1);

  /** The values of one session as this JVM knows them. */
  private static final class Copy {
    private final byte[] version;
    private final Map<String, byte[]> stored;
    private final Map<String, Object> values = new ConcurrentHashMap<>();
    private volatile long touched;

    Copy(byte[] version, Map<String, byte[]> stored) {
      this.version = version;
      this.stored = stored;
      this.touched = System.currentTimeMillis();
    }

    Object value(String name) {
      return values.computeIfAbsent(name, key -> Values.value(stored.get(key)));
    }
  }

  private final transient SecureRandom random = new SecureRandom();
  private final transient Map<String, Copy> copies = new ConcurrentHashMap<>();
  private transient RedisClient client;
  private transient StatefulRedisConnection<String, byte[]> connection;
  private transient RedisAsyncCommands<String, byte[]> redis;
  private boolean checked;

  @Override
  public void init() {
    checked = "checked".equals(getInitParameter("copy"));
    client =
        RedisClient.create(
            RedisURI.create("redis://127.0.0.1:" + Integer.getInteger("benchmark.redis.port")));
    connection = client.connect(RedisCodec.of(StringCodec.ASCII, ByteArrayCodec.INSTANCE));
    redis = connection.async();
  }

  @Override
  public void destroy() {
    client.shutdown();
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    try {
      long number = handle(request, response);
      Page.send(response, number);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new ServletException(e);
    }
  }

  private long handle(HttpServletRequest request, HttpServletResponse response)
      throws InterruptedException, ExecutionException, TimeoutException {
    switch (request.getParameter("op")) {
      case "fill":
        create(response, State.ofKilobytes(Integer.parseInt(request.getParameter("kb"))));
        return 0;
      case "new":
        create(response, Map.of("count", 0));
        return 0;
      case "read":
        Copy read = load(key(request));
        return ((Shelf) read.value("shelf0")).total() + ((Shelf) read.value("shelf1")).total();
      case "write":
        return write(key(request));
      default:
        return 0;
    }
  }

  private void create(HttpServletResponse response, Map<String, Object> state)
      throws InterruptedException, ExecutionException, TimeoutException {
    byte[] id = new byte[32];
    random.nextBytes(id);
    String value = Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    Map<String, byte[]> fields = new LinkedHashMap<>();
    state.forEach((name, attribute) -> fields.put(name, Values.bytes(attribute)));
    fields.put("v", version());
    save("byhand:" + value, fields);
    Cookie cookie = new Cookie(COOKIE, value);
    cookie.setHttpOnly(true);
    cookie.setSecure(true);
    response.addCookie(cookie);
  }

  private long write(String key) throws InterruptedException, ExecutionException, TimeoutException {
    Copy copy = load(key);
    int count = (Integer) copy.value("count") + 1;
    byte[] version = version();
    byte[] bytes = Values.bytes(count);
    save(key, Map.of("count", bytes, "v", version));
    if (checked) {
      Map<String, byte[]> stored = new HashMap<>(copy.stored);
      stored.put("count", bytes);
      Copy next = new Copy(version, stored);
      next.values.putAll(copy.values);
      next.values.put("count", count);
      copies.put(key, next);
    }
    return count;
  }

  private void save(String key, Map<String, byte[]> fields)
      throws InterruptedException, ExecutionException, TimeoutException {
    RedisFuture<Long> set = redis.hset(key, fields);
    RedisFuture<Boolean> kept = redis.pexpire(key, TTL_MILLIS);
    set.get(2, TimeUnit.SECONDS);
    kept.get(2, TimeUnit.SECONDS);
  }

  private Copy load(String key) throws InterruptedException, ExecutionException, TimeoutException {
    Copy known = copies.get(key);
    if (known != null) {
      List<KeyValue<String, byte[]>> version = redis.hmget(key, "v").get(2, TimeUnit.SECONDS);
      if (Arrays.equals(version.get(0).getValueOrElse(null), known.version)) {
        touch(key, known);
        return known;
      }
    }
    Map<String, byte[]> stored = redis.hgetall(key).get(2, TimeUnit.SECONDS);
    Copy copy = new Copy(stored.get("v"), stored);
    if (checked) {
      copies.put(key, copy);
    }
    return copy;
  }

  private void touch(String key, Copy copy) {
    long now = System.currentTimeMillis();
    if (now - copy.touched > TOUCH_MILLIS) {
      copy.touched = now;
      redis.pexpire(key, TTL_MILLIS);
    }
  }

  private byte[] version() {
    byte[] version = new byte[8];
    random.nextBytes(version);
    return version;
  }

  private static String key(HttpServletRequest request) {
    for (Cookie cookie : request.getCookies()) {
      if (cookie.getName().equals(COOKIE)) {
        return "byhand:" + cookie.getValue();
      }
    }
    throw new IllegalStateException("no cookie " + COOKIE);
  }
}
