package dev.holdfast.backup.jdbc;

import dev.holdfast.config.BackupSettings;
import dev.holdfast.config.Settings;
import dev.holdfast.store.SessionBackup;
import dev.holdfast.store.SessionMark;
import dev.holdfast.store.SessionSnapshot;
import dev.holdfast.store.Stamp;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps copies of sessions in one table of a database; the package's documentation says how. */
public final class JdbcBackup implements SessionBackup {
  private final DatabaseWork work;
  private final Table table;
  private final String app;

  private JdbcBackup(Connections connections, Table table, String app) {
    this.work = new DatabaseWork(connections, table.name);
    this.table = table;
    this.app = app;
  }

  /**
   * The backup that the settings name; nothing is connected yet.
   *
   * @param application finds the driver of a JDBC URL
   * @throws IllegalArgumentException when there is no such driver or DataSource
   */
  public static JdbcBackup of(Settings settings, String database, ClassLoader application) {
    BackupSettings backup = settings.backup();
    Connections connections =
        database.startsWith("jdbc:")
            ? DriverConnections.of(
                database, backup.shownDatabase(), backup.user(), backup.password(), application)
            : DataSourceConnections.of(database);
    return new JdbcBackup(
        connections, new Table(backup.table()), settings.prefix() + ":" + settings.app());
  }

  @Override
  public void prepare() {
    new MissingTable(work, table).make();
  }

  @Override
  public @Nullable SessionSnapshot find(String locator) {
    List<SessionSnapshot> found =
        work.run(
            "looking up a session",
            connection -> {
              try (PreparedStatement statement = connection.prepareStatement(table.find)) {
                statement.setString(1, app);
                statement.setString(2, locator);
                try (ResultSet rows = statement.executeQuery()) {
                  // A database that ignores case may find another session.
                  return rows.next() && rows.getInt("ended") == 0 && locator.equals(locator(rows))
                      ? List.of(snapshot(rows))
                      : List.of();
                }
              }
            });
    return found.isEmpty() ? null : found.get(0);
  }

  private static String locator(ResultSet row) throws SQLException {
    return row.getString("locator");
  }

  private static SessionSnapshot snapshot(ResultSet row) throws SQLException {
    return new SessionSnapshot(
        locator(row),
        row.getLong("epoch"),
        row.getLong("taken"),
        new Stamp(row.getLong("stamp_count"), row.getLong("stamp_random")),
        Instant.ofEpochMilli(row.getLong("deadline")),
        Instant.ofEpochMilli(row.getLong("accessed")),
        row.getBytes("fields"));
  }

  @Override
  public void keep(Collection<SessionSnapshot> snapshots) {
    List<SessionSnapshot> sorted = new ArrayList<>(snapshots);
    sorted.sort(Comparator.comparing(SessionSnapshot::locator));
    work.run(
        "keeping sessions",
        connection -> {
          new KeptSnapshots(table, app).keep(connection, sorted);
          return true;
        });
  }

  @Override
  public List<String> prolong(Collection<SessionMark> marks) {
    List<SessionMark> sorted = new ArrayList<>(marks);
    sorted.sort(Comparator.comparing(SessionMark::locator));
    return work.run(
        "prolonging sessions",
        connection -> {
          List<String> unlike = new ArrayList<>();
          try (PreparedStatement prolong = connection.prepareStatement(table.prolong)) {
            for (SessionMark mark : sorted) {
              prolong.setLong(1, mark.deadline().toEpochMilli());
              prolong.setLong(2, mark.deadline().toEpochMilli());
              prolong.setLong(3, mark.accessed().toEpochMilli());
              prolong.setLong(4, mark.accessed().toEpochMilli());
              prolong.setString(5, app);
              prolong.setString(6, mark.locator());
              prolong.setLong(7, mark.stamp().counter());
              prolong.setLong(8, mark.stamp().random());
              prolong.addBatch();
            }
            int[] updated = prolong.executeBatch();
            for (int i = 0; i < updated.length; i++) {
              if (updated[i] == 0) {
                unlike.add(sorted.get(i).locator());
              }
            }
          }
          return unlike;
        });
  }

  @Override
  public void end(String locator, Instant until) {
    work.run(
        "recording the end of a session",
        connection -> {
          for (int attempt = 1; attempt <= 2; attempt++) {
            try (PreparedStatement end = connection.prepareStatement(table.end)) {
              end.setLong(1, until.toEpochMilli());
              end.setLong(2, until.toEpochMilli());
              end.setString(3, app);
              end.setString(4, locator);
              if (end.executeUpdate() != 0) {
                return true;
              }
            }
            if (insertEnd(connection, locator, until)) {
              return true;
            }
          }
          throw new DatabaseWork.Explained("a row exists but cannot be found", "02000");
        });
  }

  private boolean insertEnd(Connection connection, String locator, Instant until)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(table.insert)) {
      insert.setString(1, app);
      insert.setString(2, locator);
      for (int column = 3; column <= 6; column++) {
        insert.setLong(column, 0);
      }
      insert.setLong(7, until.toEpochMilli());
      insert.setLong(8, 0);
      insert.setInt(9, 1);
      insert.setBytes(10, null);
      insert.executeUpdate();
      return true;
    } catch (SQLException e) {
      if (!DatabaseWork.isConflict(e)) {
        throw e;
      }
      return false;
    }
  }

  @Override
  public List<SessionSnapshot> page(String after, int limit, Instant alive) {
    return work.run(
        "reading sessions",
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(table.page)) {
            statement.setMaxRows(limit);
            statement.setString(1, app);
            statement.setString(2, after);
            statement.setLong(3, alive.toEpochMilli());
            List<SessionSnapshot> page = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next() && page.size() < limit) {
                page.add(snapshot(rows));
              }
            }
            return page;
          }
        });
  }

  @Override
  public long count(Instant alive) {
    return work.run(
        "counting sessions",
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(table.count)) {
            statement.setString(1, app);
            statement.setLong(2, alive.toEpochMilli());
            try (ResultSet rows = statement.executeQuery()) {
              rows.next();
              return rows.getLong(1);
            }
          }
        });
  }

  @Override
  public int purge(Instant before, int limit) {
    return work.run(
        "forgetting sessions",
        connection -> {
          List<String> over = new ArrayList<>();
          try (PreparedStatement statement = connection.prepareStatement(table.over)) {
            statement.setMaxRows(limit);
            statement.setString(1, app);
            statement.setLong(2, before.toEpochMilli());
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next() && over.size() < limit) {
                over.add(locator(rows));
              }
            }
          }
          over.sort(null);
          try (PreparedStatement delete = connection.prepareStatement(table.delete)) {
            for (String locator : over) {
              delete.setString(1, app);
              delete.setString(2, locator);
              delete.setLong(3, before.toEpochMilli());
              delete.addBatch();
            }
            delete.executeBatch();
          }
          return over.size();
        });
  }

  @Override
  public void close() {
    work.close();
  }
}
