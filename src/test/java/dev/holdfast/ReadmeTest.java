package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.SettingsTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the README and the pages say of the code is what the code says, and their links lead there.
 */
class ReadmeTest {
  private static final Path PAGES = Path.of("src/site/markdown");

  /** Not those to the web. */
  private static final Pattern LINK = Pattern.compile("\\]\\((?![a-z]+:)([^)#]*)(?:#([^)]+))?\\)");

  private static final String BEGIN = "<!-- settings: begin -->\n";
  private static final String END = "<!-- settings: end -->";

  @Test
  void theSettingsAreThoseThatAreDeclared() throws IOException {
    Path settings = PAGES.resolve("settings.md");
    String page = Files.readString(settings);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    String expected =
        page.substring(0, begin) + SettingsTable.markdown() + page.substring(page.indexOf(END));
    if (Boolean.getBoolean("holdfast.write.pages")) {
      Files.writeString(settings, expected);
    }

    assertThat(Files.readString(settings))
        .as("made by mvn test -Dtest=ReadmeTest -Dholdfast.write.pages=true")
        .isEqualTo(expected);
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

  @Test
  void theReadmeCanBeReadInOneSitting() throws IOException {
    assertThat(Files.readAllLines(Path.of("README.md"))).hasSizeLessThan(200);
  }

  /** A link to a heading is one to the heading's text in lower case, words joined by hyphens. */
  @Test
  void everyLinkBetweenThePagesLeadsSomewhere() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String top : List.of("README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md")) {
      pages.add(Path.of(top));
    }
    try (Stream<Path> files = Files.list(PAGES)) {
      files.forEach(pages::add);
    }
    List<String> dead = new ArrayList<>();
    for (Path page : pages) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        Path target =
            link.group(1).isEmpty()
                ? page
                : page.toAbsolutePath().getParent().resolve(link.group(1)).normalize();
        if (!Files.exists(target)
            || (link.group(2) != null && !anchors(target).contains(link.group(2)))) {
          dead.add(page + " -> " + link.group());
        }
      }
    }
    assertThat(dead).isEmpty();
  }

  private static List<String> anchors(Path page) throws IOException {
    return Files.readAllLines(page).stream()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(title -> title.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
        .toList();
  }
}
