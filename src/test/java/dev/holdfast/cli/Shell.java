package dev.holdfast.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs {@code java -jar holdfast-all.jar} as a process of its own, with settings of its own. */
final class Shell {
  private static final Path JAR = Path.of(requireNonNull(System.getProperty("holdfast.all.jar")));
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final long PATIENCE_SECONDS = 120;

  private final Map<String, String> environment = new LinkedHashMap<>();

  /** What a process has answered. */
  record Answer(int exit, String out, String err) {
    /** Each line of the output. */
    List<JsonNode> json() {
      return out.lines().map(Answer::parsed).toList();
    }

    private static JsonNode parsed(String line) {
      try {
        return MAPPER.readTree(line);
      } catch (JsonProcessingException e) {
        throw new AssertionError("not JSON: " + line, e);
      }
    }

    Answer exits(int expected) {
      assertThat(exit).as("exit code, after:%n%s%s", out, err).isEqualTo(expected);
      return this;
    }
  }

  /** A process that runs. */
  record Running(Process process, Path out, Path err) {
    Answer await() {
      try {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError("does not end: " + err());
        }
        return new Answer(process.exitValue(), read(out), read(err));
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      } finally {
        delete(out);
        delete(err);
      }
    }

    String errSoFar() {
      return read(err);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sets a variable of the environment, {@code HOLDFAST_} and the rest of the name. */
  Shell with(String name, String value) {
    environment.put("HOLDFAST_" + name, value);
    return this;
  }

  Running start(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dfile.encoding=UTF-8",
                "-jar",
                JAR.toString()));
    command.addAll(List.of(arguments));
    try {
      Path out = Files.createTempFile("holdfast", ".out");
      Path err = Files.createTempFile("holdfast", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("HOLDFAST_"));
      builder.environment().putAll(environment);
      return new Running(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Answer run(String... arguments) {
    return start(arguments).await();
  }
}
