package dev.holdfast.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.redis.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on the oldest Redis that is supported. */
class RedisSessionStoreOn62Test extends RedisContract {
  @BeforeAll
  static void start() {
    open(RedisServer.start(RedisServer.Binary.BUNDLED));
    assertThat(server().version()).startsWith("6.2.");
  }

  @AfterAll
  static void stop() throws Exception {
    close();
  }
}
