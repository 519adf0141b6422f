package dev.holdfast.redis.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RedisServerTest {
  @ParameterizedTest
  @EnumSource
  void answersAsTheProcessItStartedAndLeavesNothingBehind(RedisServer.Binary binary) {
    Path directory;
    try (RedisServer server = RedisServer.start(binary)) {
      directory = server.directory();
      assertThat(server.info("server", "process_id")).isEqualTo("" + server.pid());
      assertThat(server.version()).startsWith(binary == RedisServer.Binary.BUNDLED ? "6.2" : "");
    }
    assertThat(directory).doesNotExist();
  }

  @Test
  void keepsItsDataOverAKillWhenTheAppendOnlyFileIsOn() {
    try (RedisServer server =
        RedisServer.start("--appendonly", "yes", "--appendfsync", "always", "--requirepass", "x")) {
      int port = server.port();
      server.command("SET", "k", "v");
      server.kill();
      assertThatThrownBy(() -> server.command("PING")).isInstanceOf(UncheckedIOException.class);
      server.restart();
      assertThat(server.port()).isEqualTo(port);
      assertThat(RedisServer.text(server.command("GET", "k"))).isEqualTo("v");
    }
  }

  @Test
  void theMonitorSeesExactlyWhatAClientSent() throws Exception {
    try (RedisServer server = RedisServer.start();
        RedisMonitor monitor = new RedisMonitor(server);
        RespSocket client = server.connect()) {
      server.command("PING");
      client.command("SET", "k", "v");
      client.command("EVAL", "return redis.call('GET', KEYS[1])", 1, "k");
      assertThat(monitor.commands()).containsExactly("SET", "EVAL");
      assertThat(monitor.all()).anyMatch(line -> line.client().equals("lua"));
      monitor.clear();
      assertThat(monitor.commands()).isEmpty();
    }
  }

  @Test
  void theProxyCountsWhatAClientWaitsFor() throws Exception {
    try (RedisServer server = RedisServer.start();
        CountingProxy proxy = new CountingProxy(server.port());
        RespSocket client = new RespSocket("127.0.0.1", proxy.port(), 2000)) {
      client.command("SET", "k", "v");
      client.send("GET", "k");
      client.send("GET", "k");
      client.read();
      client.read();
      assertThat(proxy.waits()).isBetween(2, 3);
      proxy.reset();
      client.command("PING");
      assertThat(proxy.waits()).isEqualTo(1);
      assertThat(proxy.bytes()).isEqualTo(14 + 7);
      proxy.loseNextReply();
      assertThatThrownBy(() -> client.command("SET", "k", "w")).hasNoCause();
      assertThat(RedisServer.text(server.command("GET", "k"))).isEqualTo("w");
    }
  }
}
