package dev.holdfast.config.testing;

import dev.holdfast.config.Settings;
import dev.holdfast.config.SettingsLoader;
import dev.holdfast.config.Source;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Settings as an admin writes them: what a test does not name has its default. */
public final class TestSettings {
  private TestSettings() {}

  /**
   * Settings of the application {@code /shop}.
   *
   * @param redisUri {@code redis.uri}
   * @param namesAndValues more settings, name and value in turn; a later one wins
   */
  public static Settings of(String redisUri, String... namesAndValues) {
    Map<String, String> written = new LinkedHashMap<>();
    written.put("redis.uri", redisUri);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      written.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return SettingsLoader.load(List.of(Source.initParams(written)), "/shop").settings();
  }
}
