package dev.holdfast.container.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A kind of server: how a node of it is set up and started. Its user is {@code alice} with the
 * password {@code wonder} in the role {@code user}.
 */
interface Distribution {
  /** As people call it. */
  String title();

  /**
   * Sets up a node with one WAR at {@code /app} and tells how to start it.
   *
   * @param directory empty, the node's own
   */
  Launch prepare(Path directory, Path war, int port) throws IOException;

  /** Whether a line of the log says that the WAR is deployed and served. */
  boolean isUp(String line);

  /** Whether a line of the log says that the WAR is not deployed. */
  boolean hasFailed(String line);

  /** Has the server undeploy the WAR, if it can do that by a file. */
  default boolean undeploy(Path directory) throws IOException {
    return false;
  }

  /** Whether a line of the log says that the WAR is gone. */
  default boolean isUndeployed(String line) {
    return false;
  }

  /** Whether a line of the log is ours and asks for attention. */
  boolean complains(String line);

  /**
   * How to start a node.
   *
   * @param arguments of java
   * @param variables of the environment
   */
  record Launch(List<String> arguments, Map<String, String> variables) {
    public Launch {
      arguments = List.copyOf(arguments);
      variables = Map.copyOf(variables);
    }

    Launch(List<String> arguments) {
      this(arguments, Map.of());
    }
  }

  /** Where {@code src/test/containers} has unpacked a server. */
  static Path home(String folder) {
    Path home =
        Path.of(System.getProperty("holdfast.containers", "target/containers"), folder)
            .toAbsolutePath();
    if (!Files.isDirectory(home)) {
      throw new IllegalStateException(
          home + " is missing; \"mvn -Pfull pre-integration-test\" makes it");
    }
    return home;
  }

  /** Copies a directory and all below it. */
  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      files.forEach(
          file -> {
            try {
              Path target = to.resolve(from.relativize(file).toString());
              if (Files.isDirectory(file)) {
                Files.createDirectories(target);
              } else {
                Files.copy(file, target);
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }
}
