package dev.holdfast.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
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
    return script("common.lua");
  }

  private static String script(String name) {
    try (InputStream in = Script.class.getResourceAsStream(name)) {
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
  void noLeaseIsLongerThanTheScriptBelieves() {
    String longest =
        script("lock.lua")
            .lines()
            .filter(line -> line.contains("MAX_LEASE ="))
            .findFirst()
            .orElse("");
    Duration believed = Duration.ofMillis(Long.parseLong(longest.replaceAll("\\D", "")));
    Settings settings =
        TestSettings.of("redis://127.0.0.1:1", "lock.lease", believed.toMillis() + "ms");
    assertThat(settings.lock().lease()).isEqualTo(believed);
    assertThatThrownBy(
            () ->
                TestSettings.of(
                    "redis://127.0.0.1:1", "lock.lease", believed.toMillis() + 1 + "ms"))
        .hasMessageContaining("lock.lease");
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
