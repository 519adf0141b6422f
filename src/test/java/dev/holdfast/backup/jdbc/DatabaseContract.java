package dev.holdfast.backup.jdbc;

import static java.util.Objects.requireNonNull;

import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.store.SessionBackup;
import dev.holdfast.store.SessionBackupContract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;

/** The contract, with two nodes and another application on one database. */
abstract class DatabaseContract extends SessionBackupContract {
  private static @Nullable SessionBackup one;
  private static @Nullable SessionBackup two;
  private static @Nullable SessionBackup other;

  static void open(String url) {
    one = backup(url, "shop");
    two = backup(url, "shop");
    other = backup(url, "blog");
    requireNonNull(one).prepare();
  }

  static JdbcBackup backup(String url, String app, String... namesAndValues) {
    String[] all = new String[namesAndValues.length + 2];
    all[0] = "app";
    all[1] = app;
    System.arraycopy(namesAndValues, 0, all, 2, namesAndValues.length);
    return JdbcBackup.of(
        TestSettings.of("redis://localhost", all), url, DatabaseContract.class.getClassLoader());
  }

  @AfterAll
  static void closeAll() {
    requireNonNull(one).close();
    requireNonNull(two).close();
    requireNonNull(other).close();
  }

  @Override
  protected SessionBackup backup() {
    return requireNonNull(one);
  }

  @Override
  protected SessionBackup otherNode() {
    return requireNonNull(two);
  }

  @Override
  protected SessionBackup otherApplication() {
    return requireNonNull(other);
  }
}
