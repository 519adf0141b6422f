package dev.holdfast.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON (RFC 8259) of maps with text as keys, lists, text, numbers, booleans, instants (ISO 8601),
 * durations (seconds, with a fraction) and null.
 *
 * <p>Written here because no JSON library is there at run time. Any text gives valid UTF-8: control
 * characters are escaped, and so is half of a surrogate pair, which UTF-8 cannot have (RFC 8259,
 * 8.2).
 */
final class Json {
  private final StringBuilder out = new StringBuilder();

  private Json() {}

  static String of(@Nullable Object value) {
    Json json = new Json();
    json.write(value);
    return json.out.append('\n').toString();
  }

  /** A map in the order of the arguments: key, value, key, value. */
  static Map<String, @Nullable Object> object(@Nullable Object... keysAndValues) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      object.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
    }
    return object;
  }

  private void write(@Nullable Object value) {
    if (value == null || value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      out.append(Double.isFinite(number) ? String.valueOf(value) : "null");
    } else if (value instanceof Number number) {
      out.append(number);
    } else if (value instanceof Duration duration) {
      out.append(duration.toMillis() / 1000.0);
    } else if (value instanceof Map<?, ?> map) {
      write(map);
    } else if (value instanceof List<?> list) {
      write(list);
    } else {
      write(value instanceof Instant instant ? instant.toString() : String.valueOf(value));
    }
  }

  private void write(Map<?, ?> map) {
    out.append('{');
    Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<?, ?> entry = entries.next();
      write(String.valueOf(entry.getKey()));
      out.append(": ");
      write(entry.getValue());
      out.append(entries.hasNext() ? ", " : "");
    }
    out.append('}');
  }

  private void write(List<?> list) {
    out.append('[');
    Iterator<?> items = list.iterator();
    while (items.hasNext()) {
      write(items.next());
      out.append(items.hasNext() ? ", " : "");
    }
    out.append(']');
  }

  private void write(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c == '\n') {
        out.append("\\n");
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        out.append(c).append(text.charAt(++i));
      } else if (c < ' ' || c == 0x7f || c == 0x2028 || c == 0x2029 || Character.isSurrogate(c)) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
