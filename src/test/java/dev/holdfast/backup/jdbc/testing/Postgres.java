package dev.holdfast.backup.jdbc.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One PostgreSQL for all tests of this JVM, on a free port of the loopback interface; it ends with
 * the JVM. Each test takes a database of its own.
 */
public final class Postgres {
  private static @Nullable EmbeddedPostgres server;
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final String name;

  private Postgres(String name) {
    this.name = name;
  }

  /** A new, empty database. */
  public static Postgres database() {
    String name = "holdfast" + DATABASES.incrementAndGet();
    Postgres made = new Postgres(name);
    try (Connection connection = server().getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return made;
  }

  private static synchronized EmbeddedPostgres server() {
    if (server == null) {
      try {
        server =
            EmbeddedPostgres.builder()
                .setServerConfig("fsync", "off")
                .setPGStartupWait(Duration.ofSeconds(60))
                .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return server;
  }

  /** For {@code backup.database}. */
  public String url() {
    return server().getJdbcUrl("postgres", name);
  }

  /** Of the database. */
  public String name() {
    return name;
  }

  /** The port, at 127.0.0.1. */
  public int port() {
    return server().getPort();
  }

  /** The same database, by way of another port. */
  public String url(int port) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + name + "?user=postgres";
  }

  /** What one query of one value answers. */
  public @Nullable Object value(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getObject(1) : null;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs one statement. */
  public void run(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A connection in auto-commit mode. */
  public Connection connect() throws SQLException {
    return server().getDatabase("postgres", name).getConnection();
  }
}
