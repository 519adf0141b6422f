package dev.holdfast.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.backup.jdbc.JdbcBackup;
import dev.holdfast.config.BackupSettings;
import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.store.SaveOutcome.Result;
import dev.holdfast.store.SessionBackup;
import dev.holdfast.store.SessionChanges;
import dev.holdfast.store.SessionChanges.Rotation;
import dev.holdfast.store.SessionMark;
import dev.holdfast.store.SessionSnapshot;
import dev.holdfast.store.Stamp;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One node's store with its backup, and a count of what reaches the database. */
final class BackupNode implements AutoCloseable {
  final BackedUpStore store;
  final RedisSessionStore redis;
  final SessionBackup database;
  final AtomicInteger lookups = new AtomicInteger();
  final AtomicInteger copies = new AtomicInteger();
  final ConcurrentHashMap<Counter, Integer> counts = new ConcurrentHashMap<>();

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration TICK = Duration.ofMillis(50);

  private BackupNode(Settings settings, String url, @Nullable Duration interval) {
    ClassLoader loader = BackupNode.class.getClassLoader();
    database = counting(JdbcBackup.of(settings, url, loader));
    redis = new RedisSessionStore(settings);
    store =
        new BackedUpStore(
            redis,
            database,
            settings.app(),
            interval == null ? settings.backup() : every(settings.backup(), interval),
            counter -> counts.merge(counter, 1, Integer::sum),
            TICK,
            loader);
  }

  /** BackupThread all the time. */
  static BackupNode start(String redis, String database, String... namesAndValues) {
    return startEvery(redis, database, TICK, namesAndValues);
  }

  /**
   * @param interval from round to round; null: as the settings say
   */
  static BackupNode startEvery(
      String redis, String database, @Nullable Duration interval, String... namesAndValues) {
    List<String> all = new ArrayList<>(List.of("backup.database", database));
    all.addAll(List.of("backup.timeout", "2s"));
    all.addAll(List.of(namesAndValues));
    BackupNode node =
        new BackupNode(TestSettings.of(redis, all.toArray(String[]::new)), database, interval);
    node.store.start();
    return node;
  }

  /** Sets one attribute, whatever value it has. */
  Result save(String locator, long epoch, String name, String value) {
    return save(locator, epoch, null, null, Map.of(name, value.getBytes(UTF_8)));
  }

  /** The login of ada. */
  Result rotate(String locator, long epoch, Rotation rotation) {
    return save(locator, epoch, "ada".getBytes(UTF_8), rotation, Map.of());
  }

  private Result save(
      String locator,
      long epoch,
      byte @Nullable [] principal,
      @Nullable Rotation rotation,
      Map<String, byte[]> attributes) {
    return store
        .save(
            new SessionChanges(
                locator,
                epoch,
                Stamp.first(RANDOM),
                Stamp.first(RANDOM),
                store.now(),
                null,
                principal,
                rotation,
                attributes,
                Map.of(),
                Set.of()))
        .result();
  }

  private static BackupSettings every(BackupSettings settings, Duration interval) {
    return new BackupSettings(
        settings.database(),
        settings.user(),
        settings.password(),
        settings.table(),
        interval,
        settings.batch(),
        settings.rate(),
        settings.timeout(),
        settings.lookups(),
        settings.connections());
  }

  private SessionBackup counting(SessionBackup real) {
    return new SessionBackup() {
      @Override
      public void prepare() {
        real.prepare();
      }

      @Override
      public @Nullable SessionSnapshot find(String locator) {
        lookups.incrementAndGet();
        return real.find(locator);
      }

      @Override
      public void keep(Collection<SessionSnapshot> snapshots) {
        real.keep(snapshots);
        copies.addAndGet(snapshots.size());
      }

      @Override
      public List<String> prolong(Collection<SessionMark> marks) {
        return real.prolong(marks);
      }

      @Override
      public void end(String locator, Instant until) {
        real.end(locator, until);
      }

      @Override
      public List<SessionSnapshot> page(String after, int limit, Instant alive) {
        return real.page(after, limit, alive);
      }

      @Override
      public long count(Instant alive) {
        return real.count(alive);
      }

      @Override
      public int purge(Instant before, int limit) {
        return real.purge(before, limit);
      }

      @Override
      public void close() {
        real.close();
      }
    };
  }

  /** Until the rounds thread is gone nothing of it is written: what kill -9 does. */
  void dieWithoutALastRound() {
    redis.close();
    database.close();
    store.close();
  }

  @Override
  public void close() {
    store.close();
  }
}
