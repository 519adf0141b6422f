package dev.holdfast.demo;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A client that keeps cookies by host and not by port, as browsers do, and follows no redirect. It
 * treats localhost as secure, as browsers do too; java.net's own cookie store does neither.
 */
final class Visitor {
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final Map<String, String> cookies = new LinkedHashMap<>();

  HttpResponse<String> get(String url) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(url)).GET());
  }

  /** Posts a form of names and values in turn. */
  HttpResponse<String> post(String url, String... form) throws IOException, InterruptedException {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < form.length; i += 2) {
      body.append(i == 0 ? "" : "&")
          .append(form[i])
          .append('=')
          .append(URLEncoder.encode(form[i + 1], StandardCharsets.UTF_8));
    }
    URI uri = URI.create(url);
    return send(
        HttpRequest.newBuilder(uri)
            // As a browser does with a form of the same server's pages.
            .header("Origin", uri.getScheme() + "://" + uri.getAuthority())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    if (!cookies.isEmpty()) {
      request.header(
          "Cookie",
          cookies.entrySet().stream()
              .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
              .collect(Collectors.joining("; ")));
    }
    HttpResponse<String> response =
        client.send(
            request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
    for (String header : setCookies(response)) {
      String pair = header.split(";", 2)[0];
      int equals = pair.indexOf('=');
      if (header.toLowerCase().contains("max-age=0")) {
        cookies.remove(pair.substring(0, equals));
      } else {
        cookies.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return response;
  }

  static List<String> setCookies(HttpResponse<?> response) {
    return response.headers().allValues("Set-Cookie");
  }

  /** All cookies by name, a copy. */
  Map<String, String> cookies() {
    return new LinkedHashMap<>(cookies);
  }

  /** The one cookie's value. */
  String cookie() {
    if (cookies.size() != 1) {
      throw new IllegalStateException("Not one cookie but " + cookies.keySet());
    }
    return cookies.values().iterator().next();
  }

  /** A second client with the same cookies. */
  static Visitor with(Map<String, String> cookies) {
    Visitor visitor = new Visitor();
    visitor.cookies.putAll(cookies);
    return visitor;
  }
}
