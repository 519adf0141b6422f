package dev.holdfast.backup.jdbc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.api.BackupUnavailableException;
import dev.holdfast.backup.jdbc.testing.Postgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract on PostgreSQL, and what happens there when the table is not ours to make. */
class PostgresBackupTest extends DatabaseContract {
  private static @Nullable Postgres database;

  @BeforeAll
  static void start() {
    database = Postgres.database();
    open(requireNonNull(database).url());
  }

  @Test
  void theTableIsMadeOnceWhoeverComesFirst() {
    try (JdbcBackup one = backup(database().url(), "shop", "backup.table", "twice");
        JdbcBackup two = backup(database().url(), "shop", "backup.table", "twice")) {
      one.prepare();
      two.prepare();
      two.keep(List.of(copy(locator(), 0, 1, "x")));

      assertThat(one.count(SOON)).isEqualTo(1);
    }
  }

  @Test
  void whoMayNotMakeTheTableIsToldHowItIsMade() {
    database().run("CREATE ROLE clerk LOGIN");
    database().run("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    String url = database().url().replace("user=postgres", "user=clerk");
    try (JdbcBackup backup = backup(url, "shop", "backup.table", "missing")) {
      assertThatExceptionOfType(BackupUnavailableException.class)
          .isThrownBy(backup::prepare)
          .withMessageContaining("table missing")
          .withMessageContaining("SQLState 42501")
          .withMessageContaining("run: CREATE TABLE missing (app VARCHAR(129) NOT NULL, ")
          .withMessageContaining("CREATE INDEX missing_deadline ON missing (app, deadline)");

      database().run(ddl("missing"));
      database().run("GRANT SELECT, INSERT, UPDATE, DELETE ON missing TO clerk");
      backup.prepare();
      backup.keep(List.of(copy(locator(), 0, 1, "x")));
      assertThat(backup.count(SOON)).isEqualTo(1);
    }
  }

  private static String ddl(String table) {
    return new Table(table).ddl("PostgreSQL");
  }

  @Test
  void aDatabaseThatIsDownIsNamedWithoutItsPassword() {
    String url = "jdbc:postgresql://127.0.0.1:1/sessions?user=x&password=hunter2";
    try (JdbcBackup backup = backup(url, "shop")) {
      assertThatExceptionOfType(BackupUnavailableException.class)
          .isThrownBy(() -> backup.find(locator()))
          .withMessageContaining("looking up a session failed after ")
          .withMessageContaining("SQLState 08001")
          .withMessageContaining("check backup.database")
          .withMessageNotContaining("hunter2")
          .withNoCause();
    }
  }

  /** As drivers do that put the URL, or the user's data, into their message. */
  @Test
  void whatADriverSaysIsNotRepeated() {
    SQLException chatty =
        new SQLException("no route for jdbc:x://h?password=hunter2\nforged", "08\n001", 17002);

    assertThat(DatabaseWork.reason(chatty))
        .isEqualTo("SQLException (SQLState 08\\u000a001) (vendor code 17002)");
    try (DatabaseWork work = new DatabaseWork(failing(chatty), "t")) {
      assertThatExceptionOfType(BackupUnavailableException.class)
          .isThrownBy(() -> work.run("asking", connection -> true))
          .withMessageContaining("asking failed after ")
          .withMessageNotContaining("hunter2")
          .withMessageNotContaining("\n")
          .withNoCause();
    }
  }

  private static Connections failing(SQLException failure) {
    return new Connections() {
      @Override
      public Connection take() throws SQLException {
        throw failure;
      }

      @Override
      public void giveBack(Connection connection) {}

      @Override
      public void discard(Connection connection) {}

      @Override
      public void close() {}
    };
  }

  @Test
  void aUrlThatNoDriverKnowsStopsTheDeployment() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backup("jdbc:nosuch://h/d", "shop"))
        .withMessageContaining("backup.database = ")
        .withMessageContaining("put the driver's jar into WEB-INF/lib");
  }

  @Test
  void aNameThatJndiDoesNotKnowStopsTheDeployment() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backup("java:comp/env/jdbc/nosuch", "shop"))
        .withMessageContaining("backup.database = java:comp/env/jdbc/nosuch")
        .withMessageContaining("declare the DataSource in the container");
  }

  private static Postgres database() {
    return requireNonNull(database);
  }
}
