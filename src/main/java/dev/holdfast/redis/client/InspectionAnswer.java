package dev.holdfast.redis.client;

import static dev.holdfast.redis.client.Ascii.ascii;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server answered to a question about itself.
 *
 * @param reply of {@code byte[]}, {@code Long} and lists; empty when it failed
 * @param failure why there is none, without the command's arguments; null when there is
 */
public record InspectionAnswer(List<?> reply, @Nullable String failure) {
  static InspectionAnswer of(List<?> reply) {
    return new InspectionAnswer(reply, null);
  }

  static InspectionAnswer failed(String failure) {
    return new InspectionAnswer(List.of(), failure);
  }

  public boolean isAnswered() {
    return failure == null;
  }

  /** Whether the user may not ask that. */
  public boolean isForbidden() {
    return failure != null && failure.startsWith("NOPERM");
  }

  /** Whether the server has no such command. */
  public boolean isUnknown() {
    return failure != null && failure.startsWith("ERR unknown");
  }

  /** The reply's items as text. */
  public List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (Object item : reply) {
      texts.add(item instanceof byte[] bytes ? ascii(bytes) : String.valueOf(item));
    }
    return texts;
  }

  /** The first item as text; empty when there is none. */
  public String text() {
    return reply.isEmpty() ? "" : texts().get(0);
  }

  /** A reply whose items are names and values in turn. */
  public Map<String, String> pairs() {
    List<String> texts = texts();
    Map<String, String> pairs = new LinkedHashMap<>();
    for (int i = 0; i + 1 < texts.size(); i += 2) {
      pairs.put(texts.get(i), texts.get(i + 1));
    }
    return pairs;
  }

  /** A reply of one text whose lines are names and values with a colon between, as of INFO. */
  public Map<String, String> lines() {
    Map<String, String> lines = new LinkedHashMap<>();
    text()
        .lines()
        .forEach(
            line -> {
              int colon = line.indexOf(':');
              if (colon > 0) {
                lines.put(line.substring(0, colon), line.substring(colon + 1).strip());
              }
            });
    return lines;
  }
}
