package dev.holdfast.frameworks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.preflight.Finding;
import dev.holdfast.preflight.Finding.Severity;
import dev.holdfast.preflight.Preflight;
import dev.holdfast.preflight.PreflightReport;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What preflight says of applications that nobody here wrote, against what happens to them: {@link
 * FrameworksIT} holds the conversations whose heads tell which of them stay on a node.
 */
class PreflightIT {
  private static final Path CONTAINERS =
      Path.of(System.getProperty("holdfast.containers", "target/containers"));
  private static final Path APPLICATIONS = Path.of("src/test/frameworks");

  static Stream<String> frameworks() throws IOException {
    try (Stream<Path> modules = Files.list(APPLICATIONS)) {
      return modules
          .map(module -> module.getFileName().toString())
          .filter(module -> Files.isDirectory(CONTAINERS.resolve(module).resolve("war")))
          .sorted()
          .toList()
          .stream();
    }
  }

  private static boolean staysOnANode(String framework) throws IOException {
    try (Stream<Path> files = Files.list(APPLICATIONS.resolve(framework))) {
      return files
          .filter(file -> file.toString().endsWith(".txt"))
          .anyMatch(file -> Conversation.in(file).isSticky("without key"));
    }
  }

  private static boolean isOfANode(Finding finding) {
    return finding.severity().compareTo(Severity.NOTE) >= 0
        && !finding.subject().equals("FORM login")
        && (finding.meaning() + finding.remedy()).contains("node");
  }

  /** Said of the packed WAR and of the exploded one alike. */
  @ParameterizedTest
  @MethodSource("frameworks")
  void whatStaysOnANodeIsForetold(String framework) throws IOException {
    Path built = CONTAINERS.resolve(framework);
    PreflightReport report = Preflight.of(built.resolve("war"));
    if (staysOnANode(framework)) {
      assertThat(report.findings()).as(report.toString()).anyMatch(PreflightIT::isOfANode);
    } else {
      assertThat(report.findings())
          .as(report.toString())
          .filteredOn(finding -> finding.severity().compareTo(Severity.WARNING) >= 0)
          .allMatch(finding -> finding.subject().endsWith(".jar"));
    }
    Path packed = built.resolve(framework + ".war");
    if (Files.exists(packed)) {
      assertThat(Preflight.of(packed).findings()).isEqualTo(report.findings());
    }
  }

  private static Path examples() throws IOException {
    try (Stream<Path> files =
        Files.walk(CONTAINERS.resolve("tomcat-examples").resolve("dist"), 3)) {
      return files.filter(file -> file.endsWith("webapps/examples")).findFirst().orElseThrow();
    }
  }

  @Test
  void tomcatsExamplesNeedNothing() throws IOException {
    PreflightReport report = Preflight.of(examples());
    assertThat(report.worst()).as(report.toString()).isEqualTo(Severity.NOTE);
    assertThat(report.allow()).isEmpty();
    assertThat(report.toString())
        .contains("listeners.SessionListener")
        .contains("FORM login")
        .contains("sessions.DummyCart");
  }

  /** HawtioIT deploys it with these names in codec.allow. */
  @Test
  void hawtiosSubjectNeedsItsName() throws IOException {
    PreflightReport report = Preflight.of(CONTAINERS.resolve("hawtio").resolve("war"));
    assertThat(report.allow()).containsExactly("javax.security.auth.Subject");
  }

  /** As {@code java -jar} has it: the all jar and the JDK, no Servlet API, no other library. */
  @Test
  void itRunsFromTheAllJarAlone() throws Exception {
    URL jar = Path.of(System.getProperty("holdfast.all.jar")).toUri().toURL();
    try (URLClassLoader alone =
        new URLClassLoader(new URL[] {jar}, ClassLoader.getPlatformClassLoader())) {
      assertThatThrownBy(() -> alone.loadClass("jakarta.servlet.Filter"))
          .isInstanceOf(ClassNotFoundException.class);
      for (Path war : List.of(examples(), CONTAINERS.resolve("hawtio").resolve("war"))) {
        Object report =
            alone
                .loadClass(Preflight.class.getName())
                .getMethod("of", Path.class)
                .invoke(null, war);
        assertThat(report).hasToString(Preflight.of(war).toString());
      }
    }
  }
}
