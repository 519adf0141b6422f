package dev.holdfast.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** A node's line to its supervisor. */
final class Control {
  private static final Duration QUICK = Duration.ofSeconds(2);

  /** For a node to start or to end. */
  private static final Duration LONG = Duration.ofSeconds(65);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(LONG).build();
  private final int port;
  private final String token;
  private final int self;

  /** {@code self} is the number of the node that talks. */
  Control(int port, String token, int self) {
    this.port = port;
    this.token = token;
    this.self = self;
  }

  /** What the supervisor said: an HTTP status and a text. */
  record Answer(int status, String text) {}

  /** On a busy machine the supervisor may take long to answer, and nobody gives this node up. */
  void ready() throws IOException {
    ask("POST", "nodes/" + self + "/ready", "", LONG);
  }

  /** Says that the page after a stop is on its way: kill me. */
  void answered() throws IOException {
    ask("POST", "nodes/" + self + "/answered", "", QUICK);
  }

  /** Stops a node: 200 and the port of one that goes on, 404, or 409 when it is the last one. */
  Answer stop(int node) throws IOException {
    return ask("POST", "nodes/" + node + "/stop", String.valueOf(self), LONG);
  }

  /** Starts a node and waits until it serves: 204, 404, or 500 and the reason. */
  Answer start(int node) throws IOException {
    return ask("POST", "nodes/" + node + "/start", String.valueOf(self), LONG);
  }

  List<NodeStatus> nodes() throws IOException {
    return ask("GET", "nodes", "", QUICK).text().lines().map(NodeStatus::fromLine).toList();
  }

  void sent(String locator, SentCookie cookie) throws IOException {
    ask("POST", "cookies/" + locator, cookie.toLine(), QUICK);
  }

  /** The session cookies that any node sent for this locator, oldest first. */
  List<SentCookie> sentCookies(String locator) throws IOException {
    return ask("GET", "cookies/" + locator, "", QUICK)
        .text()
        .lines()
        .map(SentCookie::fromLine)
        .toList();
  }

  private Answer ask(String method, String path, String body, Duration timeout) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + path))
            .header("Authorization", "Bearer " + token)
            .timeout(timeout)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted", e);
    }
  }
}
