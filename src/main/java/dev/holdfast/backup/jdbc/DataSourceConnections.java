package dev.holdfast.backup.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/** Connections from a DataSource of the container, which has a pool of its own. */
final class DataSourceConnections implements Connections {
  private static final String COMPONENT = "java:comp/env/";

  private final DataSource source;

  private DataSourceConnections(DataSource source) {
    this.source = source;
  }

  /**
   * Looks up {@code name} as it is, or else below {@code java:comp/env/}. Only the thread that
   * deploys the web application sees its names.
   *
   * @throws IllegalArgumentException when there is no DataSource of that name
   */
  static DataSourceConnections of(String name) {
    Object found;
    try {
      found = lookUp(name);
    } catch (NamingException e) {
      throw new IllegalArgumentException(
          "backup.database = "
              + name
              + ": JNDI has nothing of that name ("
              + e.getClass().getSimpleName()
              + "); declare the DataSource in the container, or write a JDBC URL",
          e);
    }
    if (!(found instanceof DataSource source)) {
      throw new IllegalArgumentException(
          "backup.database = "
              + name
              + ": what JNDI has of that name is a "
              + found.getClass().getName()
              + " and not a javax.sql.DataSource");
    }
    return new DataSourceConnections(source);
  }

  @SuppressWarnings("BanJNDI") // the name is the admin's, and settings allow none with a scheme
  private static Object lookUp(String name) throws NamingException {
    InitialContext context = new InitialContext();
    try {
      return context.lookup(name);
    } catch (NamingException asItIs) {
      if (name.startsWith("java:")) {
        throw asItIs;
      }
      try {
        return context.lookup(COMPONENT + name);
      } catch (NamingException below) {
        throw asItIs;
      }
    }
  }

  @Override
  public Connection take() throws SQLException {
    Connection connection = source.getConnection();
    if (!connection.getAutoCommit()) {
      connection.setAutoCommit(true);
    }
    return connection;
  }

  @Override
  public void giveBack(Connection connection) throws SQLException {
    connection.close();
  }

  @Override
  public void discard(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // It is broken; the pool drops it.
    }
  }

  /** The DataSource is the container's. */
  @Override
  public void close() {}
}
