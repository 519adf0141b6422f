package dev.holdfast.backup.jdbc;

import org.junit.jupiter.api.BeforeAll;

/** The contract on a database that has none of PostgreSQL's extensions. */
class H2BackupTest extends DatabaseContract {
  @BeforeAll
  static void start() {
    open("jdbc:h2:mem:backup;DB_CLOSE_DELAY=-1");
  }
}
