package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The microbenchmarks name package-private parts of the library, and only their profile runs them.
 */
class MicrobenchmarksTest {
  private static final Path SOURCES = Path.of("src/jmh/runner/src/main/java/dev/holdfast");

  @Test
  void theyCompileAgainstTheLibraryAsItIs(@TempDir Path classes) throws IOException {
    List<Path> sources;
    try (Stream<Path> files = Files.walk(SOURCES)) {
      sources =
          files
              .filter(file -> file.toString().endsWith("Benchmark.java"))
              .filter(file -> !file.startsWith(SOURCES.resolve("benchmark")))
              .toList();
    }
    assertThat(sources).hasSizeGreaterThan(4);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> faults = new DiagnosticCollector<>();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(faults, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  null,
                  manager,
                  faults,
                  List.of(
                      "-proc:none",
                      "-cp",
                      System.getProperty("java.class.path"),
                      "-d",
                      classes.toString()),
                  null,
                  manager.getJavaFileObjectsFromPaths(sources))
              .call();
      assertThat(compiled).as("%s", faults.getDiagnostics()).isTrue();
    }
  }
}
