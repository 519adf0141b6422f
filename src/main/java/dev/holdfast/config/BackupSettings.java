package dev.holdfast.config;

import static dev.holdfast.config.DurationType.HOUR;
import static dev.holdfast.config.DurationType.MILLISECOND;
import static dev.holdfast.config.DurationType.SECOND;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The backup of sessions in a database.
 *
 * @param database {@code backup.database}: a JDBC URL, or the JNDI name of a DataSource; null for
 *     no backup
 * @param user {@code backup.user}: for a JDBC URL; null when the URL gives it or none is needed
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

  /** Declares these settings, and takes their values. */
  static BackupSettings read(SettingsReader reader) {
    return new BackupSettings(
        reader
            .shared()
            .given(
                "backup.database",
                Group.FREQUENT,
                new DatabaseType(),
                "no backup",
                "Database that sessions are backed up to, and come back from when Redis has lost them."
                    + " The driver may be in the WAR."),
        reader.given(
            "backup.user",
            Group.RARE,
            new SecretTextType(),
            "as the URL says",
            "User of the database, for a JDBC URL."),
        reader.given(
            "backup.password",
            Group.RARE,
            new SecretTextType(),
            "as the URL says",
            "Password of that user."),
        reader
            .shared()
            .declared(
                "backup.table",
                Group.RARE,
                new TableNameType(),
                "holdfast_session",
                "Table of the backup, created if it is missing. Applications may share one."),
        reader.declared(
            "backup.interval",
            Group.RARE,
            new DurationType(SECOND, HOUR, SECOND),
            "10s",
            "Each node writes the sessions it changed this often: what may be lost when Redis loses"
                + " everything."),
        reader.declared(
            "backup.batch",
            Group.RARE,
            new CountType(1, 1000),
            "100",
            "Sessions in one transaction."),
        reader.declared(
            "backup.rate",
            Group.RARE,
            new CountType(1, 1_000_000),
            "1000",
            "Sessions that one node writes in a second, at most."),
        reader.declared(
            "backup.timeout",
            Group.RARE,
            new DurationType(MILLISECOND.multipliedBy(10), SECOND.multipliedBy(10), MILLISECOND),
            "500ms",
            "How long a login, a logout or an unknown session may wait for the database."),
        reader.declared(
            "backup.lookups",
            Group.RARE,
            new CountType(1, 1_000_000),
            "200",
            "Sessions unknown to Redis that one node looks up in the database in a second, at most."),
        reader.declared(
            "backup.connections",
            Group.RARE,
            new CountType(2, 100),
            "4",
            "Connections of one node to the database."));
  }

  /** {@link #database} without anything that may be a password; {@code none} if there is none. */
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
