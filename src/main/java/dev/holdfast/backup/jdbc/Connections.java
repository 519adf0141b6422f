package dev.holdfast.backup.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** Gives out connections and takes them back. Safe for use by many threads. */
interface Connections extends AutoCloseable {
  /** A connection for the caller alone, in auto-commit mode. */
  Connection take() throws SQLException;

  /** Takes back a connection after all went well. */
  void giveBack(Connection connection) throws SQLException;

  /** Takes back a connection that failed: nobody gets it again. */
  void discard(Connection connection);

  @Override
  void close();
}
