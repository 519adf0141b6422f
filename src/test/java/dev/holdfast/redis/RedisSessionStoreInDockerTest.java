package dev.holdfast.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.redis.testing.RedisContainer;
import dev.holdfast.redis.testing.RunningRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;

/** The contract on a Redis that Testcontainers starts; skipped where no Docker engine answers. */
@EnabledIf("dev.holdfast.redis.testing.RedisContainer#isPossible")
class RedisSessionStoreInDockerTest extends RedisContract {
  @BeforeAll
  static void start() {
    open(RunningRedis.choose("testcontainers"));
    assertThat(server()).isInstanceOf(RedisContainer.class);
  }

  @AfterAll
  static void stop() throws Exception {
    close();
  }
}
