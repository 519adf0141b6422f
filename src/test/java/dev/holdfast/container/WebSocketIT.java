package dev.holdfast.container;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.Cites;
import dev.holdfast.redis.testing.RedisServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/**
 * The handshake of a WebSocket sees our session (Jakarta WebSocket 2.2, {@code
 * HandshakeRequest.getHttpSession}), and the socket of a user who logged in is closed when the
 * session ends (section 7.2) where the container does that: Tomcat does, Jetty leaves it to the
 * application. {@code /bare} is the same application on the container's own sessions. The WAR is
 * {@code websocket-war} in {@code src/test/containers}.
 *
 * <p>Sessions that nobody asks for are found by the second node alone.
 */
@EachContainer
class WebSocketIT {

  private static final Path WAR =
      Path.of(
          System.getProperty("holdfast.containers", "target/containers"), "websocket-war", "war");

  /** Status of a socket closed because its user may no longer have it (RFC 6455, 7.4.1). */
  private static final int VIOLATED_POLICY = 1008;

  private static final String ALICE = "/enter?name=alice&password=wonderland";

  @TempDir static Path directory;
  private static RedisServer redis;
  private static ContainerNode one;
  private static ContainerNode two;

  private final Container container;

  WebSocketIT(Container container) {
    this.container = container;
  }

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    redis = RedisServer.start();
    ContainerNode.Builder builder =
        ContainerNode.on(container)
            .deploy("/chat", WarBuilder.copyOf(WAR).holdfastAll().in(directory))
            .deploy("/bare", WarBuilder.copyOf(WAR).in(directory))
            .environment("HOLDFAST_REDIS_URI", redis.uri());
    one = builder.environment("HOLDFAST_EXPIRY_INTERVAL", "2m").begin();
    two = builder.environment("HOLDFAST_EXPIRY_INTERVAL", "200ms").start();
    one.port();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    one.close();
    two.close();
    redis.close();
  }

  @Test
  @Cites("trap 13: the handshake sees our session")
  void theHandshakeSeesTheSessionThatAnotherNodeMade() throws Exception {
    Browser browser = one.browser("/chat");
    String id = browser.get("/enter?name=alice").text();
    for (ContainerNode node : new ContainerNode[] {one, two}) {
      try (Client client = Client.of(browser.at(node), node, "/chat/chat")) {
        assertThat(client.ask("hello")).isEqualTo("alice in " + id + ": hello");
      }
      try (Client client = Client.of(node.browser("/chat"), node, "/chat/chat")) {
        assertThat(client.ask("hello")).isEqualTo("nobody in none: hello");
      }
    }
    for (ContainerNode node : new ContainerNode[] {one, two}) {
      assertThat(Complaints.of(node)).allMatch(WebSocketIT::isProvoked);
    }
  }

  /** Other tests of this class see to it. */
  private static boolean isProvoked(String complaint) {
    return complaint.contains("stays on this node") || complaint.contains("LATE_LOGIN");
  }

  @Test
  @Cites("trap 13: session invalidation closes the authenticated sockets as in the container")
  void aLogoutOnThisNodeClosesTheSocketWhereTheContainerDoes() throws Exception {
    for (String application : new String[] {"/bare", "/chat"}) {
      Browser browser = one.browser(application);
      browser.get(ALICE);
      try (Client client = Client.of(browser, one, application + "/members")) {
        client.ask("hello");

        assertThat(browser.get("/leave").text()).isEqualTo("left");

        assertEndedWithItsSession(client);
      }
    }
  }

  @Test
  @Cites("trap 13: session invalidation closes the authenticated sockets as in the container")
  void aLogoutOnAnotherNodeClosesTheSocketWhereTheContainerDoes() throws Exception {
    for (String endpoint : new String[] {"/chat/members", "/chat/chat"}) {
      Browser browser = one.browser("/chat");
      browser.get(ALICE);
      try (Client client = Client.of(browser, one, endpoint)) {
        client.ask("hello");

        assertThat(browser.at(two).get("/leave").text()).isEqualTo("left");

        assertEndedWithItsSession(client);
      }
    }
  }

  @Test
  @Cites("trap 13: session invalidation closes the authenticated sockets as in the container")
  void aTimeOutThatAnotherNodeFindsClosesTheSocketWhereTheContainerDoes() throws Exception {
    Browser browser = one.browser("/chat");
    browser.get(ALICE + "&seconds=2");
    try (Client client = Client.of(browser, one, "/chat/members")) {
      client.ask("hello");
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> redis.keys().stream().noneMatch(key -> key.startsWith("holdfast:chat:{")));
      assertEndedWithItsSession(client);
    }
  }

  @Test
  void theSocketOfSomebodyWhoDidNotLogInStaysOpen() throws Exception {
    Browser browser = one.browser("/chat");
    browser.get("/enter?name=alice");
    try (Client client = Client.of(browser, one, "/chat/chat")) {
      browser.at(two).get("/leave");

      assertThat(client.closedWithin(1)).isNull();
      assertThat(client.ask("again")).endsWith(": again");
    }
  }

  @Test
  void anApplicationsOwnBindingListenerClosesItAfterALogoutOnAnotherNode() throws Exception {
    Browser browser = one.browser("/chat");
    browser.get("/enter?name=alice&closing=yes");
    try (Client client = Client.of(browser, one, "/chat/chat")) {
      client.ask("hello");

      browser.at(two).get("/leave");

      assertThat(client.closedWithin(15)).isEqualTo(VIOLATED_POLICY + " by the application");
    }
  }

  @Test
  void whatASocketSetsTheOtherNodeSeesSoonAfter() throws Exception {
    Browser browser = one.browser("/chat");
    browser.get("/enter?name=alice");
    try (Client client = Client.of(browser, one, "/chat/chat")) {
      assertThat(client.ask("/name bob")).isEqualTo("done");

      await()
          .until(
              () -> {
                try (Client other = Client.of(browser, two, "/chat/chat")) {
                  return other.ask("hello").startsWith("bob in ");
                }
              });
    }
    browser.get("/leave");
  }

  @Test
  void aSocketActsForNoRequestSoThatALoginThereEndsTheSession() throws Exception {
    Browser browser = one.browser("/chat");
    browser.get("/enter?name=alice");
    try (Client client = Client.of(browser, one, "/chat/chat")) {
      assertThat(client.ask("/login bob"))
          .startsWith("java.lang.IllegalStateException")
          .contains("no request acts on this thread");

      assertThat(browser.at(two).get("/leave").text()).isEqualTo("was out");
    }
  }

  @Test
  void aSocketEndsItsSessionEverywhere() throws Exception {
    Browser browser = one.browser("/chat");
    browser.get("/enter?name=alice");
    try (Client client = Client.of(browser, one, "/chat/chat")) {
      assertThat(client.ask("/leave")).isEqualTo("done");

      assertThat(browser.at(two).get("/leave").text()).isEqualTo("was out");
    }
  }

  private void assertEndedWithItsSession(Client client) throws Exception {
    if (container.isJetty()) {
      assertThat(client.closedWithin(1)).as("Jetty closes no socket by itself").isNull();
      assertThat(client.ask("still here")).endsWith(": still here");
    } else {
      assertThat(client.closedWithin(15)).startsWith(VIOLATED_POLICY + " ");
    }
  }

  /** A browser's socket, as alice if it is asked for a password. */
  private static final class Client implements WebSocket.Listener, AutoCloseable {

    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private final StringBuilder parts = new StringBuilder();
    private final CompletableFuture<WebSocket> socket = new CompletableFuture<>();

    static Client of(Browser browser, ContainerNode node, String path) throws Exception {
      Client client = new Client();
      String cookies =
          browser.cookies().entrySet().stream()
              .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
              .collect(Collectors.joining("; "));
      WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
      if (!cookies.isEmpty()) {
        builder.header("Cookie", cookies);
      }
      if (path.endsWith("/members")) {
        String alice = Base64.getEncoder().encodeToString("alice:wonderland".getBytes(UTF_8));
        builder.header("Authorization", "Basic " + alice);
      }
      client.socket.complete(
          builder
              .buildAsync(URI.create("ws://127.0.0.1:" + node.port() + path), client)
              .get(30, TimeUnit.SECONDS));
      return client;
    }

    String ask(String message) throws Exception {
      socket.join().sendText(message, true).get(30, TimeUnit.SECONDS);
      String answer = messages.poll(30, TimeUnit.SECONDS);
      return answer == null ? "no answer to " + message : answer;
    }

    /** Status and reason with which the server closed it; null if it did not. */
    @Nullable String closedWithin(long seconds) throws Exception {
      return closed.completeOnTimeout(null, seconds, TimeUnit.SECONDS).get();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      parts.append(data);
      if (last) {
        messages.add(parts.toString());
        parts.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
      closed.complete(status + " " + reason);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closed.completeExceptionally(error);
    }

    @Override
    public void close() {
      socket.join().abort();
    }
  }
}
