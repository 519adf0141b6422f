package dev.holdfast.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.redis.testing.RunningRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract on a Redis that is there already, as {@code HOLDFAST_TEST_REDIS} names one. */
class RedisSessionStoreOnExternalTest extends RedisContract {
  private static final RedisServer RUNNING = RedisServer.start("--requirepass", "s3cret");

  @BeforeAll
  static void start() {
    open(RunningRedis.choose(RUNNING.uri()));
    assertThat(server()).isNotInstanceOf(RedisServer.class);
    assertThat(server().port()).isEqualTo(RUNNING.port());
  }

  @AfterAll
  static void stop() throws Exception {
    close();
    assertThat(RUNNING.command("PING")).as("who was not started is not ended").isEqualTo("PONG");
    RUNNING.close();
  }

  @Test
  void whatIsNoRedisIsRefused() {
    assertThatThrownBy(() -> RunningRedis.choose("localhost:6379"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("HOLDFAST_TEST_REDIS");
  }
}
