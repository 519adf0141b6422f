package dev.holdfast.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object on one line (RFC 8259), in ASCII: whatever else a name has, unpaired surrogates
 * too, is escaped, so no terminal and no reader sees anything but text. Instants are ISO 8601 in
 * UTC, durations are seconds.
 */
final class Json {
  private static final HexFormat HEX = HexFormat.of();

  private final Map<String, @Nullable Object> members = new LinkedHashMap<>();

  /** Adds a member: text, number, boolean, instant, duration, list, another object, or null. */
  Json with(String name, @Nullable Object value) {
    members.put(name, value);
    return this;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    write(text, this);
    return text.toString();
  }

  private static void write(StringBuilder text, @Nullable Object value) {
    if (value instanceof Json object) {
      char before = '{';
      for (Map.Entry<String, @Nullable Object> member : object.members.entrySet()) {
        text.append(before);
        quote(text, member.getKey());
        text.append(':');
        write(text, member.getValue());
        before = ',';
      }
      text.append(before == '{' ? "{}" : "}");
    } else if (value instanceof Map<?, ?> map) {
      Json object = new Json();
      map.forEach((name, member) -> object.with(String.valueOf(name), member));
      write(text, object);
    } else if (value instanceof List<?> list) {
      text.append('[');
      for (int i = 0; i < list.size(); i++) {
        text.append(i == 0 ? "" : ",");
        write(text, list.get(i));
      }
      text.append(']');
    } else if (value instanceof Duration duration) {
      text.append(duration.toSeconds());
    } else if (value == null || value instanceof Number || value instanceof Boolean) {
      text.append(value);
    } else {
      quote(text, value instanceof Instant instant ? instant.toString() : value.toString());
    }
  }

  private static void quote(StringBuilder text, String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c >= ' ' && c < 0x7f) {
        text.append(c);
      } else {
        text.append("\\u").append(HEX.toHexDigits(c));
      }
    }
    text.append('"');
  }
}
