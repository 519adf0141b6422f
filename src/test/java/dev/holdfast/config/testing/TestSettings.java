package dev.holdfast.config.testing;

import dev.holdfast.config.Settings;
import dev.holdfast.config.SettingsLoader;
import dev.holdfast.config.Source;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Settings as an admin writes them: what a test does not name has its default. */
public final class TestSettings {
  /** Key of the tests that run with {@code -Dholdfast.test.encryption=true}. */
  public static final String KEY = "uG7pXw2TjKc9Zr4LqVbN1sYdE8aHfM0oI3tRkWx5CvU=";

  /** Whether all tests are to run encrypted. */
  public static final boolean ENCRYPTED = Boolean.getBoolean("holdfast.test.encryption");

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
    boolean chosen = Arrays.stream(namesAndValues).anyMatch(name -> name.startsWith("encryption"));
    if (ENCRYPTED && !chosen) {
      written.put("encryption.keys", KEY);
    }
    for (int i = 0; i < namesAndValues.length; i += 2) {
      written.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return SettingsLoader.load(List.of(Source.initParams(written)), "/shop").settings();
  }
}
