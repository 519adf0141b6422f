package dev.holdfast.history;

import dev.holdfast.container.StoppedJetty;
import dev.holdfast.history.Request.Outcome;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** One client: sends requests, to whichever server, and records them. */
final class Client {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String COOKIE = "WORK";
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private final int number;
  private final String workload;
  private final Site site;
  private final History history;
  private final Executor background;
  private final Round round;
  private final Random random;

  Client(int number, String workload, Round round, long seed) {
    this.number = number;
    this.workload = workload;
    this.site = round.site();
    this.history = round.history();
    this.background = round.background();
    this.round = round;
    this.random = new Random(seed);
  }

  int number() {
    return number;
  }

  Random random() {
    return random;
  }

  Round round() {
    return round;
  }

  History history() {
    return history;
  }

  Site.Node anyNode() {
    return site.node(random.nextInt(site.size()));
  }

  Site.Node node(int index) {
    return site.node(index);
  }

  int nodes() {
    return site.size();
  }

  /** Lets some time go by. */
  void pause(long millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(millis);
  }

  /** To any server. */
  Request send(Visitor visitor, String... steps) throws InterruptedException {
    return send(anyNode(), visitor, steps);
  }

  /** To this server; a new token is kept by the visitor. */
  Request send(Site.Node node, Visitor visitor, String... steps) throws InterruptedException {
    return send("/w", node, visitor, steps);
  }

  /** To any server, on the path of which requests of a session take turns. */
  Request sendLocked(Visitor visitor, String... steps) throws InterruptedException {
    return send(TestSite.LOCKED, anyNode(), visitor, steps);
  }

  private Request send(String path, Site.Node node, Visitor visitor, String... steps)
      throws InterruptedException {
    String token = visitor.token();
    String query = URLEncoder.encode(String.join(";", steps), StandardCharsets.UTF_8);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + node.port() + node.path() + path + "?do=" + query))
            // The JDK's client sends a GET again when its connection ends before an answer, which
            // an
            // interrupted server does to it: two requests, of which the history would know one.
            .POST(HttpRequest.BodyPublishers.noBody())
            .timeout(PATIENCE);
    if (!token.isEmpty()) {
      request.header("Cookie", COOKIE + "=" + token);
    }
    long invoked = history.now();
    int status = 0;
    List<String> results = List.of();
    String issued = "-";
    long completed = -1;
    try {
      AtomicLong answered = new AtomicLong();
      HttpResponse<String> response =
          HTTP.send(
              request.build(),
              head -> {
                answered.set(history.now());
                return BodySubscribers.ofString(StandardCharsets.UTF_8);
              });
      completed = answered.get();
      status = StoppedJetty.answered(response) ? 404 : response.statusCode();
      if (status == 200) {
        results = List.of(response.body().split("\n", -1));
      }
      issued = take(response, visitor);
    } catch (IOException e) {
      // Nobody can know whether it had an effect.
    }
    if (completed < 0) {
      completed = history.now();
    }
    Request record =
        new Request(
            number,
            workload,
            visitor.session(),
            node.name(),
            Visitor.hash(token),
            invoked,
            completed,
            outcome(status),
            status,
            List.of(steps),
            results,
            issued);
    history.add(record);
    return record;
  }

  /** The same in the background. */
  CompletableFuture<Request> start(Site.Node node, Visitor visitor, String... steps) {
    CompletableFuture<Request> done = new CompletableFuture<>();
    background.execute(
        () -> {
          try {
            done.complete(send(node, visitor, steps));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            done.completeExceptionally(e);
          } catch (RuntimeException e) {
            done.completeExceptionally(e);
          }
        });
    return done;
  }

  /** Asks until it is answered; for the time after the faults. */
  Request insist(Site.Node node, Visitor visitor, String... steps) throws InterruptedException {
    Request request = send(node, visitor, steps);
    for (int i = 0; i < 100 && !request.isOk(); i++) {
      pause(100);
      request = send(node, visitor, steps);
    }
    return request;
  }

  private static Outcome outcome(int status) {
    return switch (status) {
      case 200 -> Outcome.OK;
      case 409 -> Outcome.FAIL;
      default -> Outcome.INFO;
    };
  }

  private String take(HttpResponse<?> response, Visitor visitor) {
    String issued = "-";
    for (String cookie : response.headers().allValues("Set-Cookie")) {
      String value = cookie.split(";", 2)[0].substring(cookie.indexOf('=') + 1);
      if (cookie.startsWith(COOKIE + "=")) {
        visitor.take(value);
        round.issued(value);
        issued = value.isEmpty() ? "expired" : Visitor.hash(value);
      }
    }
    return issued;
  }
}
