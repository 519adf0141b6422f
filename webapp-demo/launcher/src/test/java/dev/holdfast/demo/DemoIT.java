package dev.holdfast.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The demo as its user starts it, over HTTP. */
@Timeout(180)
class DemoIT {
  private static final String COOKIE = "__Host-sid";

  @Test
  void aSessionSurvivesTheDeathOfTheServerThatMadeIt() throws Exception {
    try (RunningDemo demo = RunningDemo.start()) {
      String one = demo.node(1);
      String two = demo.node(2);
      Visitor alice = new Visitor();

      HttpResponse<String> home = alice.get(one + "/");
      assertThat(home.statusCode()).isEqualTo(200);
      assertThat(home.body())
          .contains(one + "/", two + "/", "alice", "wonderland", "bob", "builder");
      assertThat(Visitor.setCookies(home)).isEmpty();
      HttpResponse<String> anonymous = alice.get(one + "/dashboard");
      assertThat(location(anonymous)).endsWith("/login");
      assertThat(Visitor.setCookies(anonymous)).isEmpty();
      HttpResponse<String> nothing = alice.get(one + "/api/session");
      assertThat(nothing.body()).contains("\"session\": false");
      assertThat(Visitor.setCookies(nothing)).isEmpty();

      HttpResponse<String> refused =
          alice.post(one + "/login", "username", "alice", "password", "<wrong>");
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.body()).contains("not a name and password we know");

      assertThat(alice.post(one + "/cart", "item", "Anchor").statusCode()).isEqualTo(302);
      Map<String, String> before = alice.cookies();
      assertThat(before).containsOnlyKeys(COOKIE);
      HttpResponse<String> login =
          alice.post(one + "/login", "username", "alice", "password", "wonderland");
      assertThat(location(login)).endsWith("/dashboard");
      assertThat(Visitor.setCookies(login)).hasSize(1);
      assertThat(Visitor.setCookies(login).get(0))
          .startsWith(COOKIE + "=")
          .contains("; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/")
          .doesNotContain("Domain");
      assertThat(alice.cookies()).isNotEqualTo(before);
      assertThat(Visitor.with(before).get(two + "/api/session").body())
          .contains("\"session\": false");

      alice.post(one + "/cart", "item", "Rope");
      alice.post(one + "/cart", "item", "<b>&\"'</b>");
      HttpResponse<String> dashboard = alice.get(one + "/dashboard");
      assertThat(dashboard.body())
          .contains("Welcome, alice", "&lt;b&gt;&amp;&quot;&#39;&lt;/b&gt;");
      assertThat(dashboard.headers().firstValue("Cache-Control")).hasValue("no-store");

      HttpResponse<String> stop = alice.post(one + "/admin/nodes/1/stop");
      assertThat(stop.statusCode()).isEqualTo(303);
      assertThat(location(stop)).isEqualTo(two + "/dashboard");
      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> ProcessHandle.of(demo.nodePid(1)).isEmpty());

      HttpResponse<String> elsewhere = alice.get(two + "/dashboard");
      assertThat(elsewhere.statusCode()).isEqualTo(200);
      assertThat(elsewhere.body()).contains("Welcome, alice", "Anchor", "Rope");
      assertThat(alice.get(two + "/api/session").body())
          .contains("\"node\": \"node-2\"", "\"session\": true", "\"new\": false")
          .contains("\"maxInactiveInterval\": 1800", "\"user\": \"alice\"")
          .contains(
              "\"cart\": [\"Anchor\", \"Rope\", \"\\u003cb\\u003e\\u0026\\\"'\\u003c/b\\u003e\"]")
          .contains("\"cart\": \"com.example.chandlery.Cart\"")
          .containsPattern("\"creationTime\": \\d{13}")
          .containsPattern("\"lastAccessedTime\": \\d{13}");
      alice.post(two + "/cart", "item", "Lantern");

      HttpResponse<String> start = alice.post(two + "/admin/nodes/1/start");
      assertThat(start.statusCode()).isEqualTo(303);
      assertThat(alice.get(one + "/api/session").body())
          .contains("\"node\": \"node-1\"", "\"user\": \"alice\"", "Anchor", "Rope", "Lantern");

      Map<String, String> last = alice.cookies();
      HttpResponse<String> logout = alice.post(one + "/logout");
      assertThat(logout.statusCode()).isEqualTo(302);
      assertThat(alice.cookies()).isEmpty();
      for (String node : List.of(one, two)) {
        assertThat(Visitor.with(last).get(node + "/api/session").body())
            .contains("\"session\": false");
        assertThat(location(Visitor.with(last).get(node + "/dashboard"))).endsWith("/login");
      }
    }
  }

  @Test
  void everyAcknowledgedItemOutlivesAKilledNode() throws Exception {
    int clients = 4;
    try (RunningDemo demo = RunningDemo.start()) {
      ExecutorService pool = Executors.newFixedThreadPool(clients);
      List<Visitor> visitors = IntStream.range(0, clients).mapToObj(i -> new Visitor()).toList();
      List<List<String>> acknowledged = new ArrayList<>();
      List<Future<?>> traffic = new ArrayList<>();
      for (Visitor visitor : visitors) {
        HttpResponse<String> login =
            visitor.post(demo.node(1) + "/login", "username", "bob", "password", "builder");
        assertThat(login.statusCode())
            .as("the login; the demo printed %s", demo.output())
            .isEqualTo(302);
        List<String> items = Collections.synchronizedList(new ArrayList<>());
        acknowledged.add(items);
        traffic.add(pool.submit(() -> shopUntilItBreaks(visitor, demo.node(1), items)));
      }
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> acknowledged.stream().allMatch(items -> items.size() >= 50));
      assertThat(ProcessHandle.of(demo.nodePid(1)).orElseThrow().destroyForcibly()).isTrue();
      for (Future<?> shopping : traffic) {
        shopping.get(30, TimeUnit.SECONDS);
      }
      pool.shutdown();
      for (int i = 0; i < clients; i++) {
        String session = visitors.get(i).get(demo.node(2) + "/api/session").body();
        assertThat(session).contains("\"node\": \"node-2\"", "\"user\": \"bob\"");
        assertThat(session).contains(acknowledged.get(i).stream().map(s -> '"' + s + '"').toList());
      }
    }
  }

  /** Adds items one after the other; returns when the node does not answer any more. */
  private static Void shopUntilItBreaks(Visitor visitor, String node, List<String> acknowledged)
      throws InterruptedException {
    for (int i = 0; i < Cart.MAX; i++) {
      try {
        HttpResponse<String> response = visitor.post(node + "/cart", "item", "thing-" + i);
        assertThat(response.statusCode()).isEqualTo(302);
        acknowledged.add("thing-" + i);
      } catch (IOException e) {
        return null;
      }
    }
    throw new AssertionError("The node was never killed");
  }

  /** What the WAR's cart takes. */
  private static final class Cart {
    static final int MAX = 1_000;
  }

  @Test
  void deploysWithoutRedisAndHealsWhenItComes() throws Exception {
    int port = RunningDemo.freePorts(1).get(0);
    Map<String, String> environment = Map.of("HOLDFAST_REDIS_URI", "redis://127.0.0.1:" + port);
    try (RunningDemo demo = RunningDemo.start(environment)) {
      String value = Base64.getUrlEncoder().encodeToString(new byte[48]);
      for (String node : List.of(demo.node(1), demo.node(2))) {
        Visitor visitor = Visitor.with(Map.of(COOKIE, value));
        assertThat(visitor.get(node + "/").statusCode()).isEqualTo(200);
        HttpResponse<String> dashboard = visitor.get(node + "/dashboard");
        assertThat(dashboard.statusCode()).isEqualTo(503);
        assertThat(dashboard.headers().firstValue("Retry-After")).isPresent();
        assertThat(Visitor.setCookies(dashboard)).isEmpty();
        assertThat(dashboard.body()).contains("You are not logged out");
        assertThat(new Visitor().get(node + "/login").statusCode()).isEqualTo(503);
        assertThat(visitor.get(node + "/inspector/").body()).contains("Redis does not answer");
      }
      Path directory = Files.createTempDirectory("holdfast-late-redis-");
      try (RedisServer redis = RedisServer.start(directory, port)) {
        assertThat(redis.uri()).endsWith(":" + port);
        for (String node : List.of(demo.node(1), demo.node(2))) {
          await()
              .atMost(Duration.ofSeconds(2))
              .pollInterval(Duration.ofMillis(50))
              .untilAsserted(
                  () -> {
                    Visitor visitor = Visitor.with(Map.of(COOKIE, value));
                    assertThat(visitor.get(node + "/dashboard").statusCode()).isEqualTo(302);
                  });
        }
        Visitor visitor = new Visitor();
        visitor.post(demo.node(1) + "/login", "username", "bob", "password", "builder");
        assertThat(visitor.get(demo.node(2) + "/dashboard").body()).contains("Welcome, bob");
      }
    }
  }

  @Test
  void leavesNoProcessAndNoFileBehind() throws Exception {
    RunningDemo demo = RunningDemo.start(Map.of());
    List<ProcessHandle> children = demo.children();
    assertThat(children).hasSize(4);
    assertThat(demo.directory()).isDirectory();
    demo.close();
    assertThat(children).noneMatch(ProcessHandle::isAlive);
    assertThat(demo.directory()).doesNotExist();
  }

  @Test
  void leavesNothingBehindWhenItsSupervisorIsKilled() throws Exception {
    RunningDemo demo = RunningDemo.start(Map.of());
    List<ProcessHandle> children = demo.children();
    assertThat(children).hasSize(4);
    demo.process().destroyForcibly().waitFor();
    await()
        .atMost(Duration.ofSeconds(15))
        .until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    assertThat(demo.directory()).doesNotExist();
  }

  @Test
  void theInspectorShowsASessionToItsHolderOnlyAndNeverTheCookie() throws Exception {
    try (RunningDemo demo = RunningDemo.start()) {
      Visitor bob = new Visitor();
      bob.post(demo.node(1) + "/cart", "item", "Compass");
      String anonymous = bob.cookie();
      bob.post(demo.node(1) + "/login", "username", "bob", "password", "builder");
      String value = bob.cookie();
      String panel = bob.get(demo.node(2) + "/inspector/").body();
      assertThat(panel)
          .contains("holdfast:root:{" + value.substring(0, 21), "a:cart", "a:user", "m:h")
          .contains("SameSite=Lax", "HttpOnly", "Secure", COOKIE)
          .contains(value.substring(0, 4) + "…" + value.substring(60))
          .contains(anonymous.substring(0, 4) + "…" + anonymous.substring(60))
          .doesNotContain(value)
          .doesNotContain(value.substring(22))
          .doesNotContain(anonymous.substring(22));

      String forged = value.substring(0, 63) + (value.endsWith("A") ? "B" : "A");
      String other = Visitor.with(Map.of(COOKIE, forged)).get(demo.node(1) + "/inspector/").body();
      assertThat(other).contains("opens no session").doesNotContain("a:cart", "SameSite");
      assertThat(new Visitor().get(demo.node(1) + "/inspector/").body())
          .contains("sent no session cookie");
    }
  }

  @Test
  void stopsNoNodeForAForeignPageAndNeverTheLastOne() throws Exception {
    try (RunningDemo demo = RunningDemo.start()) {
      Visitor visitor = new Visitor();
      URI stop = URI.create(demo.node(1) + "/admin/nodes/1/stop");
      List<String> foreign =
          List.of(
              "",
              "null",
              "http://elsewhere.example",
              "https://" + stop.getAuthority(),
              "http://" + stop.getHost(),
              "http://" + stop.getHost() + ":1",
              demo.node(2).toString(),
              "http://elsewhere.example:" + stop.getPort());
      for (String origin : foreign) {
        HttpRequest.Builder post =
            HttpRequest.newBuilder(stop).POST(HttpRequest.BodyPublishers.noBody());
        if (!origin.isEmpty()) {
          post.header("Origin", origin);
        }
        assertThat(visitor.send(post).statusCode()).as(origin).isEqualTo(403);
      }
      String port = ":" + stop.getPort();
      // A page's own name that leads here; then our name and a wrong port, also with our Origin.
      for (List<String> reached :
          List.of(
              List.of("elsewhere.example" + port, "http://elsewhere.example" + port),
              List.of("localhost:1", "http://localhost:1"),
              List.of("localhost:1", "http://localhost" + port))) {
        assertThat(statusOfPost(stop, reached.get(0), reached.get(1)))
            .as("Host and Origin %s", reached)
            .isEqualTo(403);
      }
      URI unknown = stop.resolve("/admin/nodes/7/stop");
      assertThat(statusOfPost(unknown, "127.0.0.1" + port, "http://127.0.0.1" + port))
          .isEqualTo(404);
      assertThat(visitor.get(demo.node(1) + "/admin/nodes/1/stop").statusCode()).isEqualTo(405);
      assertThat(visitor.post(demo.node(1) + "/admin/nodes/7/stop").statusCode()).isEqualTo(404);
      assertThat(visitor.post(demo.node(1) + "/admin/nodes/2/stop").statusCode()).isEqualTo(303);
      HttpResponse<String> last = visitor.post(demo.node(1) + "/admin/nodes/1/stop");
      assertThat(last.statusCode()).isEqualTo(409);
      assertThat(last.body()).contains("only one");
      assertThat(visitor.get(demo.node(1) + "/").statusCode()).isEqualTo(200);
    }
  }

  /** Posts with a Host of our choice, which java.net's client sets itself. */
  private static int statusOfPost(URI to, String host, String origin) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", to.getPort())) {
      socket.setSoTimeout(20_000);
      String request =
          "POST %s HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nContent-Length: 0\r\n\r\n"
              .formatted(to.getPath(), host, origin);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      BufferedReader reply =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      String status = reply.readLine();
      assertThat(status).startsWith("HTTP/1.1 ");
      return Integer.parseInt(status.split(" ")[1]);
    }
  }

  @Test
  void aMisspeltSettingEndsTheDemoWithOneReadableMessage() throws Exception {
    RunningDemo demo = RunningDemo.launch(Map.of(), List.of("-Dholdfast.redis.url=redis://x"));
    assertThat(demo.awaitEnd()).isEqualTo(1);
    assertThat(demo.output()).contains("holdfast.redis.url", "redis.uri").doesNotContain("\tat ");
  }

  private static String location(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Location")
        .orElse("none, status " + response.statusCode());
  }
}
