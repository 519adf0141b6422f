package dev.holdfast.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the measurements were made on. */
final class Machine {
  private Machine() {}

  /** One line of text. */
  static String describe(String redisVersion) {
    return "%d cores%s, %s %s, Java %s, Tomcat 10.1, Redis %s, all on this machine;"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            model(),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("java.version"),
            redisVersion);
  }

  private static String model() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> " (" + line.replaceFirst(".*:\\s*", "") + ")")
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }
}
