package dev.holdfast.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.redis.SessionWrites.Code;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What Java and the scripts both have to know is the same in both. */
class ScriptConstantsTest {
  private static String common() {
    try (InputStream in = Script.class.getResourceAsStream("common.lua")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String constant(String name, Duration value) {
    return "local " + name + " = " + value.toMillis();
  }

  @Test
  void timesAreTheSame() {
    assertThat(common().lines())
        .contains(
            constant("GRACE", SessionHash.GRACE),
            constant("NEVER", SessionHash.NEVER),
            constant("MAX_SLACK", SessionHash.MAX_TOUCH_INTERVAL),
            constant("CLOCK_STEP", SessionHash.CLOCK_STEP));
  }

  @Test
  void codesAreTheSame() {
    String names = Arrays.stream(Code.values()).map(Code::name).collect(Collectors.joining(", "));
    String numbers =
        Arrays.stream(Code.values())
            .map(code -> String.valueOf(code.ordinal()))
            .collect(Collectors.joining(", "));
    assertThat(common().lines()).contains("local " + names + " = " + numbers);
  }
}
