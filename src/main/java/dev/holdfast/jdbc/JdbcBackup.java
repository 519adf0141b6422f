package dev.holdfast.jdbc;

import dev.holdfast.config.BackupSettings;
import dev.holdfast.config.Settings;
import dev.holdfast.store.BackupUnavailableException;
import dev.holdfast.store.SessionBackup;
import dev.holdfast.store.SessionMark;
import dev.holdfast.store.SessionSnapshot;
import dev.holdfast.store.Stamp;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps copies of sessions in one table of a database; the package's documentation says how. */
public final class JdbcBackup implements SessionBackup {
  private static final Logger LOG = System.getLogger(JdbcBackup.class.getName());

  private final Connections connections;
  private final Table table;
  private final String app;

  private JdbcBackup(Connections connections, Table table, String app) {
    this.connections = connections;
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

  /** What is done with one connection. */
  private interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  @Override
  public void prepare() {
    boolean there =
        run(
            "looking for the table",
            connection -> {
              try (Statement statement = connection.createStatement()) {
                return statement.executeQuery(table.probe) != null;
              } catch (SQLException e) {
                if (!connection.isValid(1)) {
                  throw e;
                }
                return false;
              }
            });
    if (!there) {
      create();
    }
  }

  private void create() {
    run(
        "making the table",
        connection -> {
          String ddl = table.ddl(connection.getMetaData().getDatabaseProductName());
          try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(ddl);
            statement.executeUpdate(table.index());
            LOG.log(Level.INFO, "Made the table {0} for the backup of sessions", table.name);
            return true;
          } catch (SQLException e) {
            if (exists(connection)) {
              // Another node was quicker.
              return true;
            }
            throw new SQLException(
                reason(e) + "; give the user that right, or run: " + ddl + "; " + table.index(),
                e.getSQLState());
          }
        });
  }

  private boolean exists(Connection connection) {
    try (Statement statement = connection.createStatement()) {
      return statement.executeQuery(table.probe) != null;
    } catch (SQLException e) {
      return false;
    }
  }

  @Override
  public @Nullable SessionSnapshot find(String locator) {
    List<SessionSnapshot> found =
        run(
            "looking up a session",
            connection -> {
              try (PreparedStatement statement = connection.prepareStatement(table.find)) {
                statement.setString(1, app);
                statement.setString(2, locator);
                try (ResultSet rows = statement.executeQuery()) {
                  // A database that does not tell A from a would find another session.
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
    run(
        "keeping sessions",
        connection -> {
          if (sorted.size() == 1 || !keepTogether(connection, sorted)) {
            for (SessionSnapshot snapshot : sorted) {
              keepAlone(connection, snapshot);
            }
          }
          return true;
        });
  }

  /** In one transaction; false when it was rolled back because of somebody else's rows. */
  private boolean keepTogether(Connection connection, List<SessionSnapshot> snapshots)
      throws SQLException {
    connection.setAutoCommit(false);
    boolean kept = false;
    try {
      int[] updated = new int[0];
      try (PreparedStatement update = connection.prepareStatement(table.update)) {
        for (SessionSnapshot snapshot : snapshots) {
          setUpdate(update, snapshot);
          update.addBatch();
        }
        updated = update.executeBatch();
      }
      try (PreparedStatement insert = connection.prepareStatement(table.insert)) {
        for (int i = 0; i < updated.length; i++) {
          if (updated[i] == Statement.SUCCESS_NO_INFO) {
            return false;
          }
          if (updated[i] == 0) {
            setInsert(insert, snapshots.get(i));
            insert.addBatch();
          }
        }
        insert.executeBatch();
      }
      connection.commit();
      kept = true;
    } catch (SQLException e) {
      if (!isConflict(e)) {
        throw e;
      }
    } finally {
      if (!kept) {
        connection.rollback();
      }
      connection.setAutoCommit(true);
    }
    return kept;
  }

  private void keepAlone(Connection connection, SessionSnapshot snapshot) throws SQLException {
    for (int attempt = 1; attempt <= 2; attempt++) {
      try (PreparedStatement update = connection.prepareStatement(table.update)) {
        setUpdate(update, snapshot);
        if (update.executeUpdate() != 0) {
          return;
        }
      }
      try (PreparedStatement insert = connection.prepareStatement(table.insert)) {
        setInsert(insert, snapshot);
        insert.executeUpdate();
        return;
      } catch (SQLException e) {
        // There is a row: either it is newer, or it has come since the update.
        if (!isConflict(e)) {
          throw e;
        }
      }
    }
  }

  private void setUpdate(PreparedStatement update, SessionSnapshot snapshot) throws SQLException {
    update.setLong(1, snapshot.epoch());
    update.setLong(2, snapshot.taken());
    update.setLong(3, snapshot.stamp().counter());
    update.setLong(4, snapshot.stamp().random());
    update.setLong(5, snapshot.deadline().toEpochMilli());
    update.setLong(6, snapshot.accessed().toEpochMilli());
    update.setBytes(7, snapshot.fields());
    update.setString(8, app);
    update.setString(9, snapshot.locator());
    update.setLong(10, snapshot.epoch());
    update.setLong(11, snapshot.epoch());
    update.setLong(12, snapshot.taken());
  }

  private void setInsert(PreparedStatement insert, SessionSnapshot snapshot) throws SQLException {
    insert.setString(1, app);
    insert.setString(2, snapshot.locator());
    insert.setLong(3, snapshot.epoch());
    insert.setLong(4, snapshot.taken());
    insert.setLong(5, snapshot.stamp().counter());
    insert.setLong(6, snapshot.stamp().random());
    insert.setLong(7, snapshot.deadline().toEpochMilli());
    insert.setLong(8, snapshot.accessed().toEpochMilli());
    insert.setInt(9, 0);
    insert.setBytes(10, snapshot.fields());
  }

  @Override
  public List<String> prolong(Collection<SessionMark> marks) {
    List<SessionMark> sorted = new ArrayList<>(marks);
    sorted.sort(Comparator.comparing(SessionMark::locator));
    return run(
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
    run(
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
          throw new SQLException("a row that is there cannot be found", "02000");
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
      if (!isConflict(e)) {
        throw e;
      }
      return false;
    }
  }

  @Override
  public List<SessionSnapshot> page(String after, int limit, Instant alive) {
    return run(
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
    return run(
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
    return run(
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
    connections.close();
  }

  private <T> T run(String operation, Work<T> work) {
    long start = System.nanoTime();
    Connection connection = null;
    boolean good = false;
    try {
      connection = connections.take();
      T result = work.with(connection);
      good = true;
      return result;
    } catch (SQLException e) {
      throw new BackupUnavailableException(
          "Backup in table "
              + table.name
              + " - "
              + operation
              + " failed after "
              + (System.nanoTime() - start) / 1_000_000
              + " ms: "
              + reason(e)
              + (e.getSQLState() == null ? "" : " (SQLState " + e.getSQLState() + ")")
              + "; check backup.database and that the database runs",
          null);
    } finally {
      if (connection != null) {
        release(connection, good);
      }
    }
  }

  private void release(Connection connection, boolean good) {
    try {
      if (good) {
        connections.giveBack(connection);
      } else {
        connections.discard(connection);
      }
    } catch (SQLException e) {
      connections.discard(connection);
    }
  }

  /** The first line: what follows may repeat values. */
  private static String reason(SQLException e) {
    String message = e.getMessage();
    String first = message == null ? "" : message.lines().findFirst().orElse("");
    return first.isEmpty() ? e.getClass().getSimpleName() : first;
  }

  /** A row of that key is there, or two transactions stood in each other's way. */
  private static boolean isConflict(SQLException failure) {
    for (SQLException e = failure; e != null; e = e.getNextException()) {
      String state = e.getSQLState();
      if (state != null && (state.startsWith("23") || state.startsWith("40"))) {
        return true;
      }
    }
    return false;
  }
}
