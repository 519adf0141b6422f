package dev.holdfast.redis;

import static java.util.Objects.requireNonNull;

import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.store.EndedSessions;
import dev.holdfast.store.SessionLocksContract;
import dev.holdfast.store.SessionStore;
import org.jspecify.annotations.Nullable;

/** The contract, with two stores on one Redis as two nodes would have them. */
abstract class RedisContract extends SessionLocksContract {
  private static @Nullable RunningRedis server;
  private static @Nullable AutoCloseable servers;
  private static @Nullable RedisSessionStore store;
  private static @Nullable RedisSessionStore other;

  static void open(RunningRedis started) {
    server = started;
    open(started, started.uri());
  }

  static void open(AutoCloseable started, String uri) {
    servers = started;
    store = store(uri);
    other = store(uri);
  }

  static void close() throws Exception {
    requireNonNull(store).close();
    requireNonNull(other).close();
    requireNonNull(servers).close();
  }

  static RunningRedis server() {
    return requireNonNull(server);
  }

  /** Patient, for a machine that runs other tests too. */
  static RedisSessionStore store(String uri) {
    return new RedisSessionStore(
        TestSettings.of(uri, "redis.timeout", "5s", "redis.connect-timeout", "5s"));
  }

  @Override
  protected SessionStore store() {
    return requireNonNull(store);
  }

  @Override
  protected SessionStore otherNode() {
    return requireNonNull(other);
  }

  @Override
  protected EndedSessions messages(SessionStore of) {
    return ((RedisSessionStore) of).endedSessions();
  }
}
