package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.SettingsTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README says of the code is what the code says. */
class ReadmeTest {
  private static final String BEGIN = "<!-- settings: begin -->\n";
  private static final String END = "<!-- settings: end -->";

  @Test
  void theSettingsAreThoseOfTheCatalogue() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String table = readme.substring(readme.indexOf(BEGIN) + BEGIN.length(), readme.indexOf(END));

    assertThat(table.strip()).isEqualTo(SettingsTable.markdown().strip());
  }

  @Test
  void theVersionIsThatOfThePom() throws IOException {
    Matcher pom =
        Pattern.compile("<artifactId>holdfast</artifactId>\\s*<version>([^<]+)</version>")
            .matcher(Files.readString(Path.of("pom.xml")));
    assertThat(pom.find()).isTrue();

    assertThat(Files.readString(Path.of("README.md")))
        .contains("holdfast-" + pom.group(1) + "-all.jar");
  }
}
