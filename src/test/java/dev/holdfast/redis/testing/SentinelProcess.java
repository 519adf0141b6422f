package dev.holdfast.redis.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One Sentinel on a free port, which rewrites its configuration as it pleases. */
final class SentinelProcess extends RunningRedis {
  private static final long PATIENCE_SECONDS = 10;

  private final int port = FreePorts.one();
  private final Path directory;
  private Process process;

  /** Starts with these lines of configuration. */
  SentinelProcess(String configuration) {
    try {
      directory = Files.createTempDirectory("sentinel-test-");
      Files.writeString(
          directory.resolve("sentinel.conf"),
          "port " + port + "\nbind 127.0.0.1\ndir " + directory + "\n" + configuration);
      process = launch();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      awaitReady();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process launch() throws IOException {
    return new ProcessBuilder(
            RedisServer.executable(RedisServer.Binary.PATH),
            directory.resolve("sentinel.conf").toString(),
            "--sentinel")
        .redirectErrorStream(true)
        .redirectOutput(
            ProcessBuilder.Redirect.appendTo(directory.resolve("sentinel.log").toFile()))
        .start();
  }

  private void awaitReady() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      try {
        String answering = info("server", "process_id");
        if (!answering.equals("" + process.pid())) {
          throw new IOException("Process " + answering + " answers on port " + port);
        }
        return;
      } catch (IllegalStateException | IOException | UncheckedIOException e) {
        if (!process.isAlive() || System.nanoTime() - deadline > 0) {
          throw new IOException(
              "Sentinel did not come up: "
                  + Files.readString(directory.resolve("sentinel.log")).strip(),
              e);
        }
        RedisServer.pause();
      }
    }
  }

  @Override
  public String host() {
    return "127.0.0.1";
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  @Nullable String credentials() {
    return null;
  }

  @Override
  public void close() {
    super.close();
    process.destroyForcibly();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("Sentinel " + process.pid() + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
