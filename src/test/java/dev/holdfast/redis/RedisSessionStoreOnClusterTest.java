package dev.holdfast.redis;

import dev.holdfast.redis.testing.RedisCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on a Cluster. */
class RedisSessionStoreOnClusterTest extends RedisContract {
  @BeforeAll
  static void start() {
    RedisCluster servers = RedisCluster.start();
    open(servers, servers.uri());
  }

  @AfterAll
  static void stop() throws Exception {
    close();
  }
}
