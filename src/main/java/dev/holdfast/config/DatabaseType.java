package dev.holdfast.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A JDBC URL, or the JNDI name of a DataSource; the colon tells them apart. */
final class DatabaseType implements ValueType<String> {
  private static final Pattern URL = Pattern.compile("jdbc:[a-z0-9]+:.+");
  private static final Pattern KIND = Pattern.compile("jdbc:[a-z0-9]{1,20}:(//)?");
  private static final Pattern NAME =
      Pattern.compile("(java:[A-Za-z0-9_./-]*/)?[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*");

  /** The same with {@code ***} for what may be a password: before the last @, and parameters. */
  static String masked(String database) {
    if (!database.regionMatches(true, 0, "jdbc:", 0, 5)) {
      return database;
    }
    int at = database.lastIndexOf('@');
    Matcher kind = KIND.matcher(database);
    String shown =
        at < 0 ? database : (kind.lookingAt() ? kind.group() : "") + "***" + database.substring(at);
    int parameters = shown.replace(';', '?').indexOf('?');
    return parameters < 0 ? shown : shown.substring(0, parameters + 1) + "***";
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

  @Override
  public String shown(String text) {
    return masked(text);
  }

  @Override
  public String allowed() {
    return "`jdbc:…`, or a JNDI name";
  }
}
