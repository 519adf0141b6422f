package dev.holdfast.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kept input again, and Jazzer over them for a while: 10 s, or 10 min with {@code
 * holdfast.full}. What it finds is printed in full, as base64; it goes into the corpus under a name
 * that says what it was.
 */
class FuzzTest {
  /** In full: ten minutes that are new each time; else as many inputs, and the same ones. */
  private static final boolean FULL = Boolean.getBoolean("holdfast.full");

  /**
   * Detectors that start slowly and look for what none of the targets does, or (paths of files)
   * what settings may do. Left are those for deserialization, reflection and regular expressions.
   */
  private static final String IRRELEVANT =
      Stream.of(
              "BigDecimal",
              "ClojureLangHooks",
              "ExpressionLanguageInjection",
              "FilePathTraversal",
              "LdapInjection",
              "NamingContextLookup",
              "OsCommandInjection",
              "RegexRoadblocks",
              "ScriptEngineInjection",
              "ServerSideRequestForgery",
              "SqlInjection",
              "TemplateInjection",
              "UnsafeSanitizer",
              "XPathInjection",
              "XmlParserSsrfGuidance")
          .map("com.code_intelligence.jazzer.sanitizers."::concat)
          .collect(Collectors.joining(File.pathSeparator));

  @TempDir Path directory;

  static Stream<Path> corpus() throws IOException, URISyntaxException {
    List<Path> files;
    try (Stream<Path> kept = Files.list(directoryOfCorpus())) {
      files = kept.sorted().toList();
    }
    return files.stream();
  }

  private static Path directoryOfCorpus() throws URISyntaxException {
    return Path.of(FuzzTest.class.getResource("corpus").toURI());
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void anInputThatWasKeptIsReadOrRefused(Path input) throws IOException {
    byte[] bytes = Files.readAllBytes(input);
    assertThatNoException().isThrownBy(() -> FuzzTargets.fuzzerTestOneInput(bytes));
  }

  @Test
  void nothingThatJazzerMakesUpIsMoreThanRefused() throws Exception {
    Process jazzer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-Djdk.attach.allowAttachSelf=true",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + FuzzTargets.class.getName(),
                "--instrumentation_includes=dev.holdfast.**",
                "--custom_hook_includes=dev.holdfast.**",
                "--disabled_hooks=" + IRRELEVANT,
                "--reproducer_path=" + directory,
                "-artifact_prefix=" + directory + "/",
                FULL ? "-max_total_time=600" : "-runs=600",
                FULL ? "-seed=0" : "-seed=1",
                "-max_len=4096",
                "-timeout=120",
                // -Xmx limits it. What libFuzzer limits, Linux counts from before exec on: it may
                // be
                // the memory of this JVM.
                "-rss_limit_mb=0",
                "-print_final_stats=1",
                Files.createDirectory(directory.resolve("found")).toString(),
                directoryOfCorpus().toString())
            .redirectErrorStream(true)
            .start();
    String output;
    try (InputStream out = jazzer.getInputStream()) {
      output = new String(out.readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      jazzer.destroyForcibly();
    }
    assertThat(jazzer.waitFor()).as(output).isZero();
    assertThat(output).contains("stat::number_of_executed_units");
  }
}
