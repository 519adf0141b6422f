package dev.holdfast.backup;

import static java.util.Objects.requireNonNull;

import dev.holdfast.backup.jdbc.testing.Postgres;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.SessionStoreContract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of every store, on two nodes with one Redis and one PostgreSQL. */
class BackedUpSessionStoreTest extends SessionStoreContract {
  private static @Nullable RedisServer redis;
  private static @Nullable BackupNode one;
  private static @Nullable BackupNode two;

  @BeforeAll
  static void start() {
    RedisServer started = RedisServer.start();
    redis = started;
    Postgres database = Postgres.database();
    one = BackupNode.start(started.uri(), database.url(), "redis.timeout", "5s");
    two = BackupNode.start(started.uri(), database.url(), "redis.timeout", "5s");
  }

  @AfterAll
  static void stop() {
    requireNonNull(one).close();
    requireNonNull(two).close();
    requireNonNull(redis).close();
  }

  @Override
  protected SessionStore store() {
    return requireNonNull(one).store;
  }

  @Override
  protected SessionStore otherNode() {
    return requireNonNull(two).store;
  }
}
