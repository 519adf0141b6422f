package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminSettingsTest {
  private static final String TOKEN = "0123456789abcdef0123456789ABCDEF";

  private static LoadedSettings load(String... namesAndValues) {
    Map<String, String> written = new TreeMap<>(Map.of("redis.uri", "redis://localhost"));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      written.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return SettingsLoader.load(List.of(Source.initParams(written)), "/shop");
  }

  @Test
  void thereIsNoneUnlessItIsAskedFor() {
    AdminSettings admin = load().settings().admin();

    assertThat(admin.path()).isNull();
    assertThat(admin.token()).isNull();
    assertThat(admin.role()).isNull();
    assertThat(admin.masked()).contains("*pass*", "*token*");
  }

  @Test
  void aPathThatEverybodyCouldUseStopsTheDeployment() {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> load("admin.path", "/holdfast-admin"))
        .withMessageContaining("admin.path is set without admin.token and admin.role")
        .withMessageContaining("openssl rand -hex 32");
    assertThat(load("admin.path", "/a", "admin.role", "boss").settings().admin().role())
        .isEqualTo("boss");
  }

  @Test
  void theTokenIsLongAndShownToNobody() {
    LoadedSettings loaded = load("admin.path", "/a/b", "admin.token", TOKEN);
    assertThat(loaded.settings().admin().token()).isEqualTo(TOKEN);
    assertThat(loaded.settings().toString() + loaded.report()).doesNotContain(TOKEN);
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> load("admin.token", "too-short-a-secret"))
        .withMessageContaining("admin.token = ***")
        .withMessageContaining("at least 32")
        .withMessageNotContaining("too-short-a-secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"admin", "/", "/a/", "//a", "/a/..", "/./a", "/a b", "/a/*", "/WEB-INF/a", "/a?b"})
  void otherPathsAreRefused(String path) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> load("admin.path", path, "admin.token", TOKEN))
        .withMessageContaining("write one like /holdfast-admin");
  }
}
