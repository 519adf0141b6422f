package dev.holdfast.backup.jdbc;

import dev.holdfast.api.BackupUnavailableException;
import dev.holdfast.text.Printable;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Runs each piece of work on one of a backup's connections, and says what failed. */
final class DatabaseWork implements AutoCloseable {
  private final Connections connections;
  private final String table;

  /**
   * Runs work on these connections.
   *
   * @param table the table's name, for messages
   */
  DatabaseWork(Connections connections, String table) {
    this.connections = connections;
    this.table = table;
  }

  /** Work on one connection. */
  interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  @Override
  public void close() {
    connections.close();
  }

  /**
   * Runs {@code work} on a connection. Others get that connection afterwards only if the work
   * succeeds.
   *
   * @throws BackupUnavailableException when it fails
   */
  <T> T run(String operation, Work<T> work) {
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
              + table
              + " - "
              + operation
              + " failed after "
              + (System.nanoTime() - start) / 1_000_000
              + " ms: "
              + reason(e)
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

  /**
   * The kind of failure. The driver's text is left out: it may repeat the URL with its password, or
   * values.
   */
  static String reason(SQLException e) {
    if (e instanceof Explained) {
      return String.valueOf(e.getMessage());
    }
    String state = e.getSQLState();
    return e.getClass().getSimpleName()
        + (state == null ? "" : " (SQLState " + Printable.of(state) + ")")
        + (e.getErrorCode() == 0 ? "" : " (vendor code " + e.getErrorCode() + ")");
  }

  /** A failure in our own words. */
  static final class Explained extends SQLException {
    private static final long serialVersionUID = 1L;

    Explained(String message, @Nullable String state) {
      super(message, state);
    }
  }

  /** Whether a row with that key is there, or two transactions got in each other's way. */
  static boolean isConflict(SQLException failure) {
    for (SQLException e = failure; e != null; e = e.getNextException()) {
      String state = e.getSQLState();
      if (state != null && (state.startsWith("23") || state.startsWith("40"))) {
        return true;
      }
    }
    return false;
  }
}
