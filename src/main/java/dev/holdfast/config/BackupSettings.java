package dev.holdfast.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The backup of sessions in a database.
 *
 * @param database {@code backup.database}: a JDBC URL, or the JNDI name of a DataSource; null for
 *     no backup
 * @param user {@code backup.user}: for a JDBC URL; null when the URL says it or nobody has to
 * @param password {@code backup.password}: for a JDBC URL, or null
 * @param table {@code backup.table}: name of the table, with its schema if need be
 * @param interval {@code backup.interval}: from one round to the next, 1 s to 1 h
 * @param batch {@code backup.batch}: sessions in one transaction, 1 to 1,000
 * @param rate {@code backup.rate}: sessions that one node writes in a second, at least 1
 * @param timeout {@code backup.timeout}: how long a request may wait for the database, 10 ms to 10
 *     s
 * @param lookups {@code backup.lookups}: unknown sessions that one node looks up in a second, at
 *     least 1
 * @param connections {@code backup.connections}: connections of one node, 2 to 100
 */
public record BackupSettings(
    @Nullable String database,
    @Nullable String user,
    @Nullable String password,
    String table,
    Duration interval,
    int batch,
    int rate,
    Duration timeout,
    int lookups,
    int connections) {

  /** {@link #database} without what may be a password; {@code none} without one. */
  public String shownDatabase() {
    return database == null ? "none" : DatabaseType.masked(database);
  }

  /** Hides the password, and the credentials in the URL. */
  @Override
  public String toString() {
    return "BackupSettings[database="
        + shownDatabase()
        + ", table="
        + table
        + ", interval="
        + interval
        + ", batch="
        + batch
        + ", rate="
        + rate
        + ", timeout="
        + timeout
        + ", lookups="
        + lookups
        + ", connections="
        + connections
        + "]";
  }
}
