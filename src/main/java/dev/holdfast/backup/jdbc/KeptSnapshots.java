package dev.holdfast.backup.jdbc;

import dev.holdfast.store.SessionSnapshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Writes snapshots over those that are older; newer rows stay. */
final class KeptSnapshots {
  private final Table table;
  private final String app;

  KeptSnapshots(Table table, String app) {
    this.table = table;
    this.app = app;
  }

  /**
   * Writes the snapshots.
   *
   * @param sorted by locator, so that no two nodes wait for each other
   */
  void keep(Connection connection, List<SessionSnapshot> sorted) throws SQLException {
    if (sorted.size() == 1 || !keepTogether(connection, sorted)) {
      for (SessionSnapshot snapshot : sorted) {
        keepAlone(connection, snapshot);
      }
    }
  }

  /**
   * Writes them in one transaction; false when it was rolled back because of another node's rows.
   */
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
      if (!DatabaseWork.isConflict(e)) {
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
        // There is a row: it is newer, or was inserted after the update.
        if (!DatabaseWork.isConflict(e)) {
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
}
