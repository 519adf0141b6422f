package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Cites;
import dev.holdfast.redis.testing.RedisServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The handshake of a WebSocket sees our session (Jakarta WebSocket 2.2, {@code
 * HandshakeRequest.getHttpSession}). The WAR is {@code websocket-war} in {@code
 * src/test/containers}.
 */
@EachContainer
class WebSocketIT {

  private static final Path WAR =
      Path.of(
          System.getProperty("holdfast.containers", "target/containers"), "websocket-war", "war");

  @TempDir Path directory;

  private final Container container;

  WebSocketIT(Container container) {
    this.container = container;
  }

  @Test
  @Cites("trap 13: the handshake sees our session")
  void theHandshakeSeesTheSessionThatAnotherNodeMade() throws Exception {
    try (RedisServer redis = RedisServer.start()) {
      ContainerNode.Builder builder =
          ContainerNode.on(container)
              .deploy("/chat", WarBuilder.copyOf(WAR).holdfastAll().in(directory))
              .environment("HOLDFAST_REDIS_URI", redis.uri());
      try (ContainerNode one = builder.begin();
          ContainerNode two = builder.start()) {
        Browser browser = one.browser("/chat");
        String id = browser.get("/enter?name=alice").text();
        String cookies =
            browser.cookies().entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));

        assertThat(ask(one, cookies)).isEqualTo("alice in " + id + ": hello");
        assertThat(ask(two, cookies)).isEqualTo("alice in " + id + ": hello");
        assertThat(ask(two, "other=1")).isEqualTo("nobody in none: hello");
        for (ContainerNode node : new ContainerNode[] {one, two}) {
          node.stop();
          assertThat(Complaints.of(node)).isEmpty();
        }
      }
    }
  }

  private static String ask(ContainerNode node, String cookies) throws Exception {
    CompletableFuture<String> answer = new CompletableFuture<>();
    WebSocket socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .header("Cookie", cookies)
            .buildAsync(
                URI.create("ws://127.0.0.1:" + node.port() + "/chat/chat"), new FirstText(answer))
            .get(30, TimeUnit.SECONDS);
    socket.sendText("hello", true);
    try {
      return answer.get(30, TimeUnit.SECONDS);
    } finally {
      socket.abort();
    }
  }

  /** Completes its future with the first message, however many parts that has. */
  private static final class FirstText implements WebSocket.Listener {

    private final CompletableFuture<String> text;
    private final StringBuilder parts = new StringBuilder();

    FirstText(CompletableFuture<String> text) {
      this.text = text;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      parts.append(data);
      if (last) {
        text.complete(parts.toString());
      }
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      text.completeExceptionally(error);
    }
  }
}
