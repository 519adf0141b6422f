package dev.holdfast.config;

import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One setting: all that is known about it, in one place.
 *
 * @param name lower case, words separated by dots and dashes
 * @param type what may be written
 * @param defaultText as one would write it; null if the setting is required or its default is
 *     computed
 * @param defaultDoc the default as the documentation names it
 * @param doc one line, Markdown
 * @param value where the record keeps it
 */
record Setting<T>(
    String name,
    Group group,
    ValueType<T> type,
    @Nullable String defaultText,
    String defaultDoc,
    String doc,
    Function<Settings, T> value) {

  /** A setting's name as a variable of the environment, for example {@code HOLDFAST_REDIS_URI}. */
  static String environmentName(String name) {
    return "HOLDFAST_" + name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }

  String formatted(Settings settings) {
    return type.format(value.apply(settings));
  }
}
