package dev.holdfast.redis;

import dev.holdfast.redis.testing.SentinelServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on the primary that Sentinel names. */
class RedisSessionStoreOnSentinelTest extends RedisContract {
  @BeforeAll
  static void start() {
    SentinelServers servers = SentinelServers.start(1);
    open(servers, servers.uri());
  }

  @AfterAll
  static void stop() throws Exception {
    close();
  }
}
