package dev.holdfast.container.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CompatibilityPageTest {

  private static final Path PAGE = Path.of("src/site/markdown/compatibility.md");

  @Test
  void thePageSaysWhatTheClausesSay() throws IOException {
    String expected = CompatibilityPage.markdown();
    if (Boolean.getBoolean("holdfast.write.pages")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, expected);
    }

    assertThat(Files.readString(PAGE))
        .as("made by mvn test -Dtest=CompatibilityPageTest -Dholdfast.write.pages=true")
        .isEqualTo(expected);
  }

  @Test
  void theReadmeLeadsToThePage() throws IOException {
    assertThat(Files.readString(Path.of("README.md"))).contains("(" + PAGE + ")");
  }
}
