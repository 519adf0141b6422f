package dev.holdfast.text;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON (RFC 8259) of maps, lists, text, numbers, booleans, instants (ISO 8601), durations (seconds,
 * with a fraction if there is one) and null, on one line.
 *
 * <p>Written here because no JSON library is there at run time. In ASCII: whatever else a text has,
 * half of a surrogate pair too, is escaped, so that no reader sees anything but text.
 */
public final class Json {
  private static final HexFormat HEX = HexFormat.of();

  private final StringBuilder out = new StringBuilder();

  private Json() {}

  /** The JSON of a value; of what is none of the above, that of its text. */
  public static String of(@Nullable Object value) {
    Json json = new Json();
    json.write(value);
    return json.out.toString();
  }

  /** A map in the order of the arguments: key, value, key, value. */
  public static Map<String, @Nullable Object> object(@Nullable Object... keysAndValues) {
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
      BigDecimal seconds = BigDecimal.valueOf(duration.toMillis(), 3);
      out.append(seconds.stripTrailingZeros().toPlainString());
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
      } else if (c >= ' ' && c < 0x7f) {
        out.append(c);
      } else {
        out.append("\\u").append(HEX.toHexDigits(c));
      }
    }
    out.append('"');
  }
}
