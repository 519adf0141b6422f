package dev.holdfast.codec.differential;

import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A JDK of another version, if this machine has one: 25 beside 17, 17 beside any other.
 *
 * @param home its directory
 * @param version its feature version
 */
record OtherJdk(Path home, int version) {
  private static final int TIMEOUT_SECONDS = 120;

  /** Looked for in JAVA17_HOME or JAVA25_HOME, then where systems and tools put JDKs. */
  static Optional<OtherJdk> find() {
    int wanted = Runtime.version().feature() == 17 ? 25 : 17;
    List<Path> homes = new ArrayList<>();
    String named = System.getenv("JAVA" + wanted + "_HOME");
    if (named != null) {
      homes.add(Path.of(named));
    }
    homes.addAll(below(Path.of("/usr/lib/jvm")));
    homes.addAll(below(Path.of("/opt/java")));
    homes.addAll(below(Path.of(System.getProperty("user.home"), ".sdkman", "candidates", "java")));
    homes.addAll(below(Path.of(System.getProperty("user.home"), ".jdks")));
    for (Path home : homes) {
      if (Files.isExecutable(home.resolve("bin/java")) && version(home) == wanted) {
        return Optional.of(new OtherJdk(home, wanted));
      }
    }
    return Optional.empty();
  }

  private static List<Path> below(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the JDK's own file says, 0 without one. */
  private static int version(Path home) {
    Properties release = new Properties();
    try (InputStream in = Files.newInputStream(home.resolve("release"))) {
      release.load(in);
    } catch (IOException e) {
      return 0;
    }
    String version = release.getProperty("JAVA_VERSION", "0").replace("\"", "");
    return Integer.parseInt(version.split("[.+-]")[0]);
  }

  /** Lets the other JVM read {@code ours} and write {@code theirs}; returns its verdicts. */
  Tally exchange(Path ours, Path theirs, Path scratch) throws IOException, InterruptedException {
    Path verdicts = scratch.resolve("verdicts");
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Djava.awt.headless=true");
    if (version >= 23) {
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            Exchange.class.getName(),
            ours.toString(),
            verdicts.toString(),
            theirs.toString()));
    File output = scratch.resolve("output").toFile();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
    try {
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException(
            "JDK " + version + " failed or was too slow:\n" + Files.readString(output.toPath()));
      }
    } finally {
      process.destroyForcibly();
    }
    Tally tally = new Tally();
    try (DataInputStream in = new DataInputStream(Files.newInputStream(verdicts))) {
      while (in.available() > 0) {
        tally.add(in.readUTF(), new Verdict(Verdict.Kind.valueOf(in.readUTF()), in.readUTF()));
      }
    }
    return tally;
  }
}
