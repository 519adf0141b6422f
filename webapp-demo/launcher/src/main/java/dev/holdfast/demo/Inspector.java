package dev.holdfast.demo;

import io.lettuce.core.RedisException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The page beside the shop. It takes the session's cookie from the request as any server would,
 * checks its secret against the hash in Redis and shows what lies there. It stands outside the WAR
 * and its filter: looking does not touch the session, so its time runs down visibly.
 */
final class Inspector extends Handler.Abstract {
  /** As many cookies as the library considers. */
  private static final int CANDIDATES = 4;

  private final int self;
  private final Control control;
  private final SessionReader reader;

  Inspector(int self, Control control, SessionReader reader) {
    this.self = self;
    this.control = control;
    this.reader = reader;
  }

  /** What was found out about the visitor's session. */
  record Findings(
      @Nullable String cookieName,
      @Nullable Token token,
      SessionReader.@Nullable Stored stored,
      boolean redisAnswers,
      List<SentCookie> sent,
      List<NodeStatus> nodes) {}

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws IOException {
    String path = Request.getPathInContext(request);
    if (!HttpMethod.GET.is(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET");
      response.setStatus(HttpStatus.METHOD_NOT_ALLOWED_405);
      callback.succeeded();
    } else if ("/inspector.css".equals(path)) {
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/css;charset=utf-8");
      response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
      Content.Sink.write(response, true, style(), callback);
    } else if (path == null || "/".equals(path)) {
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/html;charset=utf-8");
      response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
      response
          .getHeaders()
          .put(
              "Content-Security-Policy",
              "default-src 'none'; style-src 'self'; frame-ancestors 'self'; base-uri 'none'");
      response.getHeaders().put("X-Content-Type-Options", "nosniff");
      response.getHeaders().put("Referrer-Policy", "same-origin");
      Content.Sink.write(response, true, new Panel(self, find(request)).html(), callback);
    } else {
      response.setStatus(HttpStatus.NOT_FOUND_404);
      callback.succeeded();
    }
    return true;
  }

  private Findings find(Request request) {
    String name = null;
    Token token = null;
    SessionReader.Stored stored = null;
    boolean redisAnswers = true;
    int candidates = 0;
    for (HttpCookie cookie : Request.getCookies(request)) {
      Token candidate = Token.parse(cookie.getValue());
      if (candidate == null || stored != null || ++candidates > CANDIDATES) {
        continue;
      }
      name = cookie.getName();
      token = candidate;
      try {
        stored = reader.read(candidate);
      } catch (RedisException e) {
        redisAnswers = false;
      }
    }
    if (token == null) {
      redisAnswers = reader.answers();
    }
    // Whoever holds no more than a name of the session is told nothing about its cookies.
    List<SentCookie> sent = List.of();
    List<NodeStatus> nodes = List.of();
    try {
      nodes = control.nodes();
      if (token != null && stored != null) {
        sent = control.sentCookies(token.locator());
      }
    } catch (IOException e) {
      // Without its supervisor this node is about to end.
    }
    return new Findings(name, token, stored, redisAnswers, sent, nodes);
  }

  private static String style() throws IOException {
    try (InputStream css = Inspector.class.getResourceAsStream("inspector.css")) {
      if (css == null) {
        throw new IOException("inspector.css is not in the launcher's jar");
      }
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
