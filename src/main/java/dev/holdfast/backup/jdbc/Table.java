package dev.holdfast.backup.jdbc;

import java.util.Locale;

/** The SQL of one table. The comments list the parameters of each statement in order. */
final class Table {
  private static final String COLUMNS =
      "epoch, taken, stamp_count, stamp_random, deadline, accessed, ended, fields";
  private static final String MINE = " WHERE app = ? AND locator = ?";

  final String name;

  /** Reads no row, and fails when there is no such table. */
  final String probe;

  /** app, locator. */
  final String find;

  /** epoch, taken, stamp (2), deadline, accessed, fields; app, locator, epoch, epoch, taken. */
  final String update;

  /** app, locator, epoch, taken, stamp (2), deadline, accessed, ended, fields. */
  final String insert;

  /** deadline, deadline, accessed, accessed; app, locator, stamp (2). */
  final String prolong;

  /** deadline, deadline; app, locator. */
  final String end;

  /** app, locator, alive. */
  final String page;

  /** app, alive. */
  final String count;

  /** app, before. */
  final String over;

  /** app, locator, before. */
  final String delete;

  Table(String name) {
    this.name = name;
    probe = "SELECT ended FROM " + name + " WHERE 1 = 0";
    find = "SELECT locator, " + COLUMNS + " FROM " + name + MINE;
    update =
        "UPDATE "
            + name
            + " SET epoch = ?, taken = ?, stamp_count = ?, stamp_random = ?, deadline = ?,"
            + " accessed = ?, fields = ?"
            + MINE
            + " AND ended = 0 AND (epoch < ? OR (epoch = ? AND taken <= ?))";
    insert =
        "INSERT INTO "
            + name
            + " (app, locator, "
            + COLUMNS
            + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    prolong =
        "UPDATE "
            + name
            + " SET deadline = CASE WHEN deadline < ? THEN ? ELSE deadline END,"
            + " accessed = CASE WHEN accessed < ? THEN ? ELSE accessed END"
            + MINE
            + " AND ended = 0 AND stamp_count = ? AND stamp_random = ?";
    end =
        "UPDATE "
            + name
            + " SET ended = 1, fields = NULL,"
            + " deadline = CASE WHEN deadline < ? THEN ? ELSE deadline END"
            + MINE;
    page =
        "SELECT locator, "
            + COLUMNS
            + " FROM "
            + name
            + " WHERE app = ? AND locator > ? AND ended = 0 AND deadline > ? ORDER BY locator";
    count = "SELECT COUNT(*) FROM " + name + " WHERE app = ? AND ended = 0 AND deadline > ?";
    over = "SELECT locator FROM " + name + " WHERE app = ? AND deadline < ?";
    delete = "DELETE FROM " + name + MINE + " AND deadline < ?";
  }

  /** The statement that creates the table, for a database product of that name. */
  String ddl(String product) {
    return "CREATE TABLE "
        + name
        + " (app VARCHAR(129) NOT NULL, locator VARCHAR(22) NOT NULL, epoch BIGINT NOT NULL,"
        + " taken BIGINT NOT NULL, stamp_count BIGINT NOT NULL, stamp_random BIGINT NOT NULL,"
        + " deadline BIGINT NOT NULL, accessed BIGINT NOT NULL, ended SMALLINT NOT NULL, fields "
        + binary(product.toLowerCase(Locale.ROOT))
        + ", PRIMARY KEY (app, locator))";
  }

  /** The statement that creates the index by which expired rows are found. */
  String index() {
    String plain = name.substring(name.indexOf('.') + 1);
    return "CREATE INDEX " + plain + "_deadline ON " + name + " (app, deadline)";
  }

  private static String binary(String product) {
    if (product.contains("postgres")) {
      return "BYTEA";
    }
    if (product.contains("mysql") || product.contains("mariadb")) {
      return "LONGBLOB";
    }
    if (product.contains("sql server")) {
      return "VARBINARY(MAX)";
    }
    return "BLOB";
  }
}
