package dev.holdfast.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** Where connections come from and go to. Safe for use by many threads. */
interface Connections extends AutoCloseable {
  /** One for the caller alone, in auto-commit mode. */
  Connection take() throws SQLException;

  /** Gives it back after all went well. */
  void giveBack(Connection connection) throws SQLException;

  /** Gives it back after it failed: nobody gets it again. */
  void discard(Connection connection);

  @Override
  void close();
}
