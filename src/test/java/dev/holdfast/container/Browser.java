package dev.holdfast.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A browser with its cookies, at one application of one node. {@link #at} takes the cookies along
 * to another. Unlike a real one it sends {@code Secure} cookies over plain HTTP, and it follows no
 * redirect.
 *
 * <p>Several threads may use it.
 */
public final class Browser {

  private static final HttpClient HTTP = newClient();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static HttpClient newClient() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Duration.ofSeconds(5))
        .followRedirects(HttpClient.Redirect.NEVER)
        .build();
  }

  private final Server node;
  private final String contextPath;
  private final Jar jar;
  private final HttpClient client;

  Browser(Server node, String contextPath) {
    this(node, contextPath, new Jar(), HTTP);
  }

  private Browser(Server node, String contextPath, Jar jar, HttpClient client) {
    this.client = client;
    this.node = node;
    this.contextPath = contextPath;
    this.jar = jar;
  }

  /** The same browser at another node; both share the cookies. */
  public Browser at(Server other) {
    return new Browser(other, contextPath, jar, client);
  }

  /** The same browser at another application of this node; both share the cookies. */
  public Browser at(String otherContextPath) {
    return new Browser(node, otherContextPath, jar, client);
  }

  /**
   * Has the probe take these steps in one request.
   *
   * @param steps as {@link dev.holdfast.container.app.ProbeServlet} explains them
   */
  public Reply run(String... steps) {
    return get(probe(steps));
  }

  /**
   * {@link #run} in the background, on a connection of its own: a server may have answered and
   * still be busy with the request, and whoever used that connection next would wait.
   */
  public CompletableFuture<Reply> start(String... steps) {
    Browser background = alone();
    return CompletableFuture.supplyAsync(() -> background.run(steps));
  }

  /** The same browser on a connection of its own; both share the cookies. */
  Browser alone() {
    return new Browser(node, contextPath, jar, newClient());
  }

  /** The path and query for {@link #run}, to be used with other methods. */
  public static String probe(String... steps) {
    return "/probe?" + query(steps);
  }

  static String query(String... steps) {
    return List.of(steps).stream()
        .map(step -> "step=" + URLEncoder.encode(step, StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  /** GET of a path below the context path. */
  public Reply get(String path) {
    return send("GET", path, null, Map.of());
  }

  /** GET of what a reply redirects to; must be of this node. */
  public Reply follow(Reply reply) {
    String location =
        reply.header("Location").orElseThrow(() -> new AssertionError("no redirect: " + reply));
    URI target = node.address().resolve(location);
    String path = target.getRawPath();
    String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
    return new Browser(node, "", jar, client).get(path + query);
  }

  /** POST of form fields. */
  public Reply post(String path, Map<String, String> fields) {
    String body =
        fields.entrySet().stream()
            .map(
                field ->
                    URLEncoder.encode(field.getKey(), StandardCharsets.UTF_8)
                        + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return send("POST", path, body, Map.of("Content-Type", "application/x-www-form-urlencoded"));
  }

  /**
   * Any request. A header {@code Cookie} given here replaces the browser's own; an empty one sends
   * none.
   */
  public Reply send(
      String method, String path, @Nullable String body, Map<String, String> headers) {
    URI uri = URI.create(node.address() + contextPath + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    Map<String, String> all = new LinkedHashMap<>();
    all.put("Cookie", jar.header(uri.getPath()));
    all.putAll(headers);
    all.forEach(
        (name, value) -> {
          if (!value.isEmpty()) {
            request.header(name, value);
          }
        });
    try {
      // The request's own time-out ends with the headers of the response.
      Reply reply =
          new Reply(
              client
                  .sendAsync(request.build(), BodyHandlers.ofByteArray())
                  .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
      reply.setCookies().forEach(jar::take);
      return reply;
    } catch (ExecutionException e) {
      throw new UncheckedIOException(
          method + " " + uri,
          e.getCause() instanceof IOException io ? io : new IOException(e.getCause()));
    } catch (TimeoutException e) {
      String what = method + " " + uri + ": the response has no end within " + PATIENCE;
      throw new UncheckedIOException(new HttpTimeoutException(what));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(method + " " + uri, e);
    }
  }

  /** Probe steps with this {@code Cookie} header instead of the browser's own. */
  public Reply runWithCookies(String cookieHeader, String... steps) {
    return send("GET", probe(steps), null, Map.of("Cookie", cookieHeader));
  }

  /**
   * Writes bytes to the server as they are and reads until it closes the connection, for what no
   * HTTP client would send.
   *
   * @param request in ISO-8859-1; must ask for {@code Connection: close}
   */
  public String raw(String request) {
    try (Socket socket = new Socket("127.0.0.1", node.address().getPort())) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The cookies it would send to this application, name to value. */
  public Map<String, String> cookies() {
    return jar.forPath(contextPath + "/");
  }

  /** The value of a cookie that it would send to this application. */
  public Optional<String> cookie(String name) {
    return Optional.ofNullable(cookies().get(name));
  }

  /** Has it send a cookie to the whole host. */
  public Browser setCookie(String name, String value) {
    jar.take(SetCookie.parse(name + "=" + value + "; Path=/"));
    return this;
  }

  /** Every cookie that any server set or deleted, in order. */
  public List<SetCookie> history() {
    return jar.history();
  }

  /** Forgets all cookies. */
  public void forgetCookies() {
    jar.clear();
  }

  /** Cookies by name and path. */
  private static final class Jar {

    private final Map<String, SetCookie> cookies = new LinkedHashMap<>();
    private final List<SetCookie> history = Collections.synchronizedList(new ArrayList<>());

    synchronized void take(SetCookie cookie) {
      history.add(cookie);
      String key = cookie.name() + " " + cookie.path();
      if (cookie.expires()) {
        cookies.remove(key);
      } else {
        cookies.put(key, cookie);
      }
    }

    synchronized Map<String, String> forPath(String path) {
      Map<String, String> found = new LinkedHashMap<>();
      cookies.values().stream()
          .filter(cookie -> matches(cookie.path(), path))
          .forEach(cookie -> found.put(cookie.name(), cookie.value()));
      return found;
    }

    private static boolean matches(String cookiePath, String path) {
      return path.equals(cookiePath)
          || path.startsWith(cookiePath.endsWith("/") ? cookiePath : cookiePath + "/");
    }

    String header(String path) {
      return forPath(path).entrySet().stream()
          .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
          .collect(Collectors.joining("; "));
    }

    synchronized void clear() {
      cookies.clear();
    }

    List<SetCookie> history() {
      synchronized (history) {
        return List.copyOf(history);
      }
    }
  }
}
