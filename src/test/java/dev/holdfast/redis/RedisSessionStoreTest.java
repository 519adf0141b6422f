package dev.holdfast.redis;

import dev.holdfast.redis.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on the redis-server of this machine. */
class RedisSessionStoreTest extends RedisContract {
  @BeforeAll
  static void start() {
    open(RedisServer.start());
  }

  @AfterAll
  static void stop() throws Exception {
    close();
  }
}
