package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written for one application in a place that several share. */
class SectionsTest {
  @TempDir Path directory;

  private Source file(String text) throws Exception {
    return Source.file(Files.writeString(directory.resolve("holdfast.properties"), text));
  }

  private static Source properties(String... namesAndValues) {
    Properties properties = new Properties();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      properties.setProperty(namesAndValues[i], namesAndValues[i + 1]);
    }
    return Source.systemProperties(properties);
  }

  private static LoadedSettings load(String contextPath, Source properties, Source file) {
    return SettingsLoader.load(
        List.of(
            properties.forOne(contextPath),
            file.forOne(contextPath),
            properties.forAll(),
            file.forAll()),
        contextPath);
  }

  @Test
  void eachApplicationHasItsOwnAndWhatIsWrittenForAll() throws Exception {
    Source file =
        file(
            """
            redis.uri = redis://one
            retry-after = 3s
            [/shop].app = webshop
            holdfast.[/shop].retry-after = 4s
            [/].app = portal
            [/a/b].redis.uri = redis://two
            """);

    Settings shop = load("/shop", properties(), file).settings();
    assertThat(shop.app()).isEqualTo("webshop");
    assertThat(shop.retryAfter()).hasSeconds(4);
    Settings root = load("", properties(), file).settings();
    assertThat(root.app()).isEqualTo("portal");
    assertThat(root.retryAfter()).hasSeconds(3);
    assertThat(load("/shop/more", properties(), file).settings().app()).isEqualTo("shop-more");
    assertThat(load("/a/b", properties(), file).report())
        .extracting(WrittenSetting::toString)
        .anyMatch(line -> line.contains("redis://two") && line.contains("for /a/b"));
    assertThat(file.contextPaths()).containsExactly("/", "/a/b", "/shop");
  }

  @Test
  void whatIsWrittenForOneIsStrongerThanWhatIsWrittenForAll() throws Exception {
    Source file = file("redis.uri = redis://one\n[/shop].retry-after = 4s\n[/shop].app = file\n");
    Source properties =
        properties("holdfast.retry-after", "5s", "holdfast.[/shop].app", "property");

    Settings shop = load("/shop", properties, file).settings();

    assertThat(shop.retryAfter()).hasSeconds(4);
    assertThat(shop.app()).isEqualTo("property");
    assertThat(load("/desk", properties, file).settings().retryAfter()).hasSeconds(5);
  }

  @Test
  void aFaultForOneApplicationIsNoneForAnother() throws Exception {
    Source file = file("redis.uri = redis://one\n[/shop].touch = sometimes\n[/shop].tuoch = use\n");

    assertThat(load("/desk", properties(), file).settings().app()).isEqualTo("desk");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> load("/shop", properties(), file))
        .withMessageContaining("holdfast.properties for /shop: [/shop].touch = sometimes: no such")
        .withMessageContaining(
            "[/shop].tuoch: there is no such setting, did you mean [/shop].touch");
  }

  @Test
  void whatIsNoSectionIsAFaultForAll() throws Exception {
    Source file = file("redis.uri = redis://one\n[shop].app = a\n[/shop]app = b\n");

    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> load("/desk", properties(), file))
        .withMessageContaining("[shop].app: there is no such setting")
        .withMessageContaining("[/shop]app: there is no such setting");
  }
}
