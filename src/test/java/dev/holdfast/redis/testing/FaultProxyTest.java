package dev.holdfast.redis.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each fault of the proxy, against a real Redis. */
class FaultProxyTest {
  private static final int TIMEOUT_MILLIS = 300;

  private final RunningRedis server = RunningRedis.shared();
  private FaultProxy proxy;
  private RespSocket client;

  @BeforeEach
  void open() throws IOException {
    proxy = new FaultProxy(server.port());
    client = new RespSocket("127.0.0.1", proxy.port(), TIMEOUT_MILLIS);
    client.command("ECHO", "hello");
  }

  @AfterEach
  void close() {
    client.close();
    proxy.close();
  }

  @Test
  void aSwallowedReplyIsMissingAndTheNextStandsInItsPlace() throws IOException {
    proxy.swallowNextReply();
    client.send("ECHO", "one");
    client.send("ECHO", "two");
    assertThat(text(client.read())).isEqualTo("two");
    assertThatThrownBy(client::read).isInstanceOf(IOException.class);
  }

  @Test
  void aReplyDeliveredTwiceAnswersTheNextCommandToo() throws IOException {
    proxy.duplicateNextReply();
    assertThat(text(client.command("ECHO", "one"))).isEqualTo("one");
    assertThat(text(client.command("ECHO", "two"))).isEqualTo("one");
    assertThat(text(client.command("ECHO", "three"))).isEqualTo("two");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "3"})
  void repliesOfManyKindsAreToldApartInWhateverPiecesTheyCome(String protocol) throws IOException {
    String key = "boundaries";
    client.command("DEL", key);
    proxy.swallowNextReply();
    client.send("HELLO", protocol);
    client.command("HSET", key, "field", "x".repeat(70_000));
    List<String[]> commands =
        List.of(
            new String[] {"HGETALL", key},
            new String[] {"PING"},
            new String[] {"HMGET", key, "none", "field"},
            new String[] {"PTTL", key},
            new String[] {"NONSENSE"},
            new String[] {"EVAL", "return {1, {2, {}}, 'three'}", "0"},
            new String[] {"GET", "none"},
            new String[] {"COMMAND", "INFO", "get", "nothing"});
    for (String[] swallowed : commands) {
      proxy.slice(1000, Duration.ZERO);
      proxy.swallowNextReply();
      client.send((Object[]) swallowed);
      client.send("ECHO", "next");
      assertThat(text(client.read())).as(String.join(" ", swallowed)).isEqualTo("next");
    }
    server.command("DEL", key);
  }

  @Test
  void aLostReplyCutsTheConnectionAfterRedisHasExecuted() {
    proxy.loseNextReply();
    assertThatThrownBy(() -> client.command("SET", "lost", "w")).isInstanceOf(IOException.class);
    assertThat(RedisServer.text(server.command("GETDEL", "lost"))).isEqualTo("w");
  }

  @Test
  void latencyAndBandwidthSlowDownAndAreTakenBack() throws IOException {
    proxy.latency(Duration.ofMillis(50));
    assertThat(millisOf(() -> client.command("PING"))).isBetween(100L, 290L);
    proxy.heal();
    proxy.bandwidth(20_000);
    assertThat(millisOf(() -> client.command("ECHO", "x".repeat(2_000)))).isGreaterThan(190);
    proxy.heal();
    assertThat(millisOf(() -> client.command("PING"))).isLessThan(90);
  }

  @Test
  void aReplyInSlicesArrivesWhole() throws IOException {
    proxy.slice(3, Duration.ofMillis(1));
    assertThat(text(client.command("ECHO", "in many pieces"))).isEqualTo("in many pieces");
  }

  @Test
  void aConnectionEndsInTheMiddleOfAReplyWhenItsLimitIsReached() {
    proxy.limitData(100);
    assertThatThrownBy(() -> client.command("ECHO", "x".repeat(200)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aBlackHoleLosesEverythingAndKeepsTheConnection() throws IOException {
    proxy.blackHole(true);
    assertThatThrownBy(() -> client.command("ECHO", "lost")).isInstanceOf(IOException.class);
    proxy.heal();
    assertThat(text(client.command("ECHO", "found"))).isEqualTo("found");
  }

  @Test
  void whatBeginsLikeNoReplyPassesUnread() throws IOException {
    byte[] other = "R;\n$none\n*1\n".getBytes(ISO_8859_1);
    try (ServerSocket speaker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        FaultProxy between = new FaultProxy(speaker.getLocalPort());
        Socket listening = new Socket("127.0.0.1", between.port());
        Socket speaking = speaker.accept()) {
      listening.setSoTimeout(TIMEOUT_MILLIS);
      for (int time = 0; time < 2; time++) {
        speaking.getOutputStream().write(other);
        assertThat(listening.getInputStream().readNBytes(other.length)).isEqualTo(other);
      }
    }
  }

  @Test
  void aProxyThatIsDownRefusesAndComesBack() throws IOException {
    proxy.down(true);
    assertThatThrownBy(() -> client.command("PING")).isInstanceOf(IOException.class);
    assertThatThrownBy(this::pingOnANewConnection).isInstanceOf(IOException.class);
    proxy.down(false);
    pingOnANewConnection();
  }

  private void pingOnANewConnection() throws IOException {
    try (RespSocket another = new RespSocket("127.0.0.1", proxy.port(), TIMEOUT_MILLIS)) {
      another.command("PING");
    }
  }

  @Test
  void theEndOfAConnectionIsHeardLateWhenItClosesSlowly() throws IOException {
    proxy.slowClose(Duration.ofMillis(150));
    client.send("QUIT");
    client.read();
    List<Throwable> ends = new ArrayList<>();
    long waited =
        millisOf(
            () -> {
              try {
                client.read();
              } catch (IOException e) {
                ends.add(e);
              }
            });
    assertThat(ends).hasSize(1);
    assertThat(waited).isBetween(100L, 290L);
  }

  private interface Step {
    void run() throws IOException;
  }

  private static long millisOf(Step step) throws IOException {
    long start = System.nanoTime();
    step.run();
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }

  private static String text(Object reply) {
    return reply instanceof byte[] bytes ? new String(bytes, ISO_8859_1) : String.valueOf(reply);
  }
}
