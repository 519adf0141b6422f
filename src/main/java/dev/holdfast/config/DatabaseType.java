package dev.holdfast.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A JDBC URL, or the JNDI name of a DataSource; the colon tells them apart. */
final class DatabaseType implements ValueType<String> {
  private static final Pattern URL = Pattern.compile("jdbc:[a-z0-9]+:.+");
  private static final Pattern KIND =
      Pattern.compile(
          "jdbc:(postgresql|mysql|mariadb|oracle|sqlserver|db2|h2|hsqldb|derby|sqlite|firebirdsql):");

  /** Ends at a slash, a semicolon, a question mark or the end of the text, and no @ follows. */
  private static final Pattern ADDRESS =
      Pattern.compile(KIND.pattern() + "//[A-Za-z0-9.-]{1,253}(:\\d{1,5})?(?=[/;?]|$)(?!.*@)");

  private static final Pattern NAME =
      Pattern.compile("(java:[A-Za-z0-9_./-]*/)?[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*");

  private static final Pattern NAMESPACE = Pattern.compile("java:|jdbc/");

  /**
   * Where a database is, without anything that gives access to it: of a URL that begins with {@code
   * jdbc:kind://host:port}, these three; of any other URL, the kind; a JNDI name if it begins with
   * {@code java:} or {@code jdbc/}. Any other name may be a password that was put into the wrong
   * place, and in a URL user and password may stand anywhere, in a form of the driver's own.
   */
  static String masked(String database) {
    if (NAMESPACE.matcher(database).lookingAt() && NAME.matcher(database).matches()) {
      return database;
    }
    Matcher address = ADDRESS.matcher(database);
    if (address.lookingAt()) {
      return address.group() + "/***";
    }
    Matcher kind = KIND.matcher(database);
    return kind.lookingAt() ? kind.group() + "***" : "***";
  }

  @Override
  public String parse(String text) throws InvalidValueException {
    if (!URL.matcher(text).matches() && !NAME.matcher(text).matches()) {
      throw new InvalidValueException(
          "neither a JDBC URL, like jdbc:postgresql://host/database, nor the JNDI name of a"
              + " DataSource, like java:comp/env/jdbc/sessions");
    }
    return text;
  }

  @Override
  public String format(String value) {
    return masked(value);
  }

  /** Two nodes may reach one database by a URL and a DataSource. */
  @Override
  public String compared(String value) {
    return "set";
  }

  @Override
  public String shown(String text) {
    return masked(text);
  }

  @Override
  public String allowed() {
    return "`jdbc:…`, or a JNDI name";
  }
}
