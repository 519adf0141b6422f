package dev.holdfast.backup.jdbc;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * A few connections to a JDBC URL, made by a driver that the web application brings along.
 *
 * <p>The driver is found by the web application's class loader and asked directly: DriverManager
 * looks for drivers once in the life of the JVM, which may have been before this WAR came. Drivers
 * register themselves there even so; when the web application is undeployed its driver is
 * deregistered, or it would hold the application's classes for ever.
 *
 * <p>The connection given back last is taken first, so that few are in use when there is little to
 * do; one that has been idle for long is checked before it is used.
 */
final class DriverConnections implements Connections {
  private static final long FRESH_NANOS = 20_000_000_000L;
  private static final int VALIDATION_SECONDS = 2;

  /** For a server that has gone silent; whoever waits has given up long before. */
  private static final int SILENCE_MILLIS = 30_000;

  private final String url;
  private final Properties credentials;
  private final Driver driver;
  private final ClassLoader application;
  private final Deque<Idle> idle = new ArrayDeque<>();
  private boolean closed;

  private record Idle(Connection connection, long since) {}

  private DriverConnections(
      String url, Properties credentials, Driver driver, ClassLoader application) {
    this.url = url;
    this.credentials = credentials;
    this.driver = driver;
    this.application = application;
  }

  /**
   * @throws IllegalArgumentException when no driver accepts the URL
   */
  static DriverConnections of(
      String url,
      String shownUrl,
      @Nullable String user,
      @Nullable String password,
      ClassLoader application) {
    Driver driver = driver(url, application);
    if (driver == null) {
      throw new IllegalArgumentException(
          "backup.database = "
              + shownUrl
              + ": no JDBC driver accepts this URL; put the driver's jar into WEB-INF/lib, or name"
              + " a DataSource of the container");
    }
    Properties credentials = new Properties();
    if (user != null) {
      credentials.setProperty("user", user);
    }
    if (password != null) {
      credentials.setProperty("password", password);
    }
    return new DriverConnections(url, credentials, driver, application);
  }

  private static @Nullable Driver driver(String url, ClassLoader application) {
    var candidates = ServiceLoader.load(Driver.class, application).iterator();
    while (true) {
      try {
        if (!candidates.hasNext()) {
          return null;
        }
        Driver candidate = candidates.next();
        if (candidate.acceptsURL(url)) {
          return candidate;
        }
      } catch (ServiceConfigurationError | SQLException e) {
        // A driver that cannot be loaded is not the one.
      }
    }
  }

  @Override
  public Connection take() throws SQLException {
    for (Idle next = poll(); next != null; next = poll()) {
      boolean fresh = System.nanoTime() - next.since() < FRESH_NANOS;
      if (fresh || next.connection().isValid(VALIDATION_SECONDS)) {
        return next.connection();
      }
      discard(next.connection());
    }
    Connection connection = driver.connect(url, credentials);
    if (connection == null) {
      throw new DatabaseWork.Explained("the driver does not accept the URL any more", "08001");
    }
    try {
      connection.setNetworkTimeout(Runnable::run, SILENCE_MILLIS);
    } catch (SQLException | AbstractMethodError e) {
      // Not every driver can; then the system's own limits hold.
    }
    return connection;
  }

  private synchronized @Nullable Idle poll() {
    return idle.poll();
  }

  @Override
  public void giveBack(Connection connection) {
    synchronized (this) {
      if (!closed) {
        idle.push(new Idle(connection, System.nanoTime()));
        return;
      }
    }
    discard(connection);
  }

  @Override
  public void discard(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // It was broken before.
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    for (Idle next = poll(); next != null; next = poll()) {
      discard(next.connection());
    }
    if (application != ClassLoader.getSystemClassLoader()) {
      deregister();
    }
  }

  /**
   * Deregisters the driver that was used, if the web application, which is being undeployed,
   * brought it.
   */
  private void deregister() {
    List<Driver> ours =
        DriverManager.drivers()
            .filter(registered -> registered.getClass() == driver.getClass())
            .filter(registered -> registered.getClass().getClassLoader() == application)
            .toList();
    for (Driver registered : ours) {
      try {
        DriverManager.deregisterDriver(registered);
      } catch (SQLException | SecurityException e) {
        // The container will deregister it, with a line in its log.
      }
    }
  }
}
