package dev.holdfast.config;

import java.util.Locale;

/**
 * One setting, for the documentation and for messages.
 *
 * @param name lower case, words separated by dots and dashes
 * @param type what may be written
 * @param defaultDoc the default as the documentation names it; Markdown
 * @param doc one line, Markdown
 * @param shared whether all nodes that share the sessions of an application need the same value
 */
record Setting<T>(
    String name, Group group, ValueType<T> type, String defaultDoc, String doc, boolean shared) {

  /** A setting's name as a variable of the environment, for example {@code HOLDFAST_REDIS_URI}. */
  static String environmentName(String name) {
    return "HOLDFAST_" + name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
