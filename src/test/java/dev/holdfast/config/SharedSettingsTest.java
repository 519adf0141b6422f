package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.testing.TestSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a node tells the others of its settings. */
class SharedSettingsTest {

  private static Map<String, String> shared(String... namesAndValues) {
    Map<String, String> written = new HashMap<>(Map.of("redis.uri", "redis://:hunter2@localhost"));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      written.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return SettingsLoader.load(List.of(Source.initParams(written)), "/shop").shared();
  }

  @Test
  void itTellsDefaultsToo() {
    assertThat(shared("session.max-size", "1MB", "codec.allow", "com.shop.*"))
        .containsEntry("session.max-size", "1MB")
        .containsEntry("codec.allow", "com.shop.*")
        .containsEntry("attribute.max-size", "1MB")
        .containsEntry("codec.plain", "none")
        .containsEntry("backup.database", "none")
        .containsEntry("app", "shop");
  }

  @Test
  void itTellsExactlyWhatThePageCallsTheSame() {
    assertThat(shared().keySet())
        .isEqualTo(
            SettingsTable.settings().stream()
                .filter(Setting::shared)
                .map(Setting::name)
                .collect(Collectors.toSet()));
    assertThat(SettingsTable.markdown())
        .contains("| `session.max-size` | `4MB` | 1 to 1GB | same |")
        .contains("| `cache.size` | `64MB` | 0 to 1024GB | any |");
  }

  @Test
  void itTellsNoSecretAndNoAddress() {
    assertThat(
            shared(
                "encryption.keys",
                TestSettings.KEY,
                "backup.database",
                "jdbc:postgresql://user:hunter2@db.example.com/sessions",
                "backup.password",
                "hunter2",
                "redis.sentinel-auth",
                "hunter2"))
        .containsEntry("encryption.keys", "***")
        .containsEntry("backup.database", "set")
        .doesNotContainKeys("redis.uri", "backup.password", "backup.user", "redis.sentinel-auth")
        .allSatisfy(
            (name, value) ->
                assertThat(value).doesNotContain("hunter2", "example.com", TestSettings.KEY));
  }

  @Test
  void theOrderOfNamesIsNoDifferenceWhereItSaysNothing() {
    assertThat(shared("codec.allow", "com.shop.B, com.shop.A"))
        .containsEntry("codec.allow", "com.shop.A, com.shop.B");
    assertThat(shared("login.attributes", "user, admin"))
        .as("the first that names a user decides")
        .containsEntry("login.attributes", "user, admin");
  }
}
