package dev.holdfast.redis;

import dev.holdfast.config.testing.TestSettings;

/** Connects to a Redis in a JVM of its own, and says so. Argument: the URI. */
public final class ReachedRedis {
  private ReachedRedis() {}

  public static void main(String[] args) {
    try (RedisSessionStore store = new RedisSessionStore(TestSettings.of(args[0]))) {
      store.ensureAvailable();
      System.out.println(
          "reached, jdk.net "
              + (ModuleLayer.boot().findModule("jdk.net").isPresent() ? "there" : "missing"));
    }
    System.exit(0);
  }
}
