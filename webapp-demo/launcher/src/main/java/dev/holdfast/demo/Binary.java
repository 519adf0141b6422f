package dev.holdfast.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A redis-server to start: one from the PATH, or the one that comes with the launcher.
 *
 * @param origin for people
 */
record Binary(Path path, String origin) {
  private static final Pattern VERSION = Pattern.compile("v=(\\d+)\\.(\\d+)");

  /** Finds one; a bundled one is unpacked into {@code directory}. */
  static Binary find(Path directory) throws IOException, InterruptedException {
    Path installed = onPath();
    return installed != null
        ? new Binary(installed, "from the PATH")
        : new Binary(unpack(directory), "bundled");
  }

  /** A redis-server from the PATH that is new enough for Holdfast, which wants 6.2, or null. */
  private static @Nullable Path onPath() throws InterruptedException {
    String path = System.getenv("PATH");
    for (String directory : path == null ? new String[0] : path.split(":")) {
      Path binary = Path.of(directory.isEmpty() ? "." : directory, "redis-server");
      if (Files.isExecutable(binary) && isRecent(binary)) {
        return binary;
      }
    }
    return null;
  }

  private static boolean isRecent(Path binary) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(binary.toString(), "--version").redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      Matcher version = VERSION.matcher(said);
      if (!version.find()) {
        return false;
      }
      int major = Integer.parseInt(version.group(1));
      return major > 6 || (major == 6 && Integer.parseInt(version.group(2)) >= 2);
    } catch (IOException e) {
      return false;
    }
  }

  private static Path unpack(Path directory) throws IOException {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    boolean arm = machine.equals("aarch64") || machine.equals("arm64");
    String resource = null;
    if (system.contains("linux")) {
      resource =
          arm
              ? "redis-server-6.2.7-linux-arm64"
              : machine.endsWith("64")
                  ? "redis-server-6.2.6-v5-linux-amd64"
                  : "redis-server-6.2.7-linux-386";
    } else if (system.contains("mac")) {
      resource = arm ? "redis-server-6.2.6-v5-darwin-arm64" : "redis-server-6.2.6-v5-darwin-amd64";
    }
    InputStream stream = resource == null ? null : Binary.class.getResourceAsStream("/" + resource);
    if (stream == null) {
      throw new IOException(
          "No redis-server 6.2 or newer on the PATH, and none is bundled for %s on %s; name one with"
                  .formatted(system, machine)
              + " HOLDFAST_REDIS_URI=redis://host:port");
    }
    try (stream) {
      Path binary = directory.resolve("redis-server");
      Files.copy(stream, binary);
      if (!binary.toFile().setExecutable(true)) {
        throw new IOException("Cannot make " + binary + " executable");
      }
      return binary;
    }
  }
}
