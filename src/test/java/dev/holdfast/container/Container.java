package dev.holdfast.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A container to test with. Its jars are put together by {@code src/test/containers}. */
public enum Container {
  TOMCAT_11("tomcat-11"),
  JETTY_12_1("jetty-12.1-ee11");

  private final String folder;

  Container(String folder) {
    this.folder = folder;
  }

  /** Whether it is a version of Jetty, where the two families differ by design. */
  public boolean isJetty() {
    return name().startsWith("JETTY");
  }

  /** The container's own jars and the driver. */
  List<Path> jars() {
    Path libraries =
        Path.of(System.getProperty("holdfast.containers", "target/containers"), folder, "lib")
            .toAbsolutePath();
    try (Stream<Path> files = Files.list(libraries)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(
          libraries + " is missing; \"mvn pre-integration-test\" makes it", e);
    }
  }
}
