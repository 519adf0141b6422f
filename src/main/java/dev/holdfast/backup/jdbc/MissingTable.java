package dev.holdfast.backup.jdbc;

import dev.holdfast.text.Loggers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Creates the table of a backup if the database has none. */
final class MissingTable {
  private static final Logger LOG = Loggers.of(JdbcBackup.class);

  private final DatabaseWork work;
  private final Table table;

  MissingTable(DatabaseWork work, Table table) {
    this.work = work;
    this.table = table;
  }

  /** Creates the table, unless it is there. */
  void make() {
    boolean there =
        work.run(
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
    work.run(
        "creating the table",
        connection -> {
          String ddl = table.ddl(connection.getMetaData().getDatabaseProductName());
          try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(ddl);
            statement.executeUpdate(table.index());
            LOG.log(Level.INFO, "Created the table {0} for the backup of sessions", table.name);
            return true;
          } catch (SQLException e) {
            if (exists(connection)) {
              // Another node was quicker.
              return true;
            }
            throw new DatabaseWork.Explained(
                DatabaseWork.reason(e)
                    + "; give the user that right, or run: "
                    + ddl
                    + "; "
                    + table.index(),
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
}
