package dev.holdfast.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;

/** A redis-server of the benchmark's own: that of the PATH, or the bundled one. */
final class Redis implements AutoCloseable {
  private final Process process;
  private final int port;

  private Redis(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts one on a free port of the loopback interface; it keeps everything in memory. */
  static Redis start(Path directory) throws IOException, InterruptedException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Process process =
        new ProcessBuilder(
                List.of(
                    binary().toString(),
                    "--port",
                    String.valueOf(port),
                    "--bind",
                    "127.0.0.1",
                    "--save",
                    "",
                    "--dir",
                    directory.toString()))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("redis.log").toFile())
            .start();
    Redis redis = new Redis(process, port);
    for (int i = 0; i < 100; i++) {
      try {
        if (redis.info().get("process_id").equals(String.valueOf(process.pid()))) {
          return redis;
        }
      } catch (IOException e) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
    process.destroy();
    throw new IOException("redis-server does not answer; see redis.log in " + directory);
  }

  private static Path binary() throws IOException {
    Stream<Path> onPath =
        Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, "redis-server"));
    Path installed = onPath.filter(Files::isExecutable).findFirst().orElse(null);
    if (installed != null) {
      return installed;
    }
    return ExecutableProvider.newJarResourceProvider().get().toPath();
  }

  int port() {
    return port;
  }

  /** What INFO says. */
  Map<String, String> info() throws IOException {
    Map<String, String> info = new HashMap<>();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write("INFO\r\nQUIT\r\n".getBytes(US_ASCII));
      for (String line :
          new String(socket.getInputStream().readAllBytes(), US_ASCII).split("\r\n")) {
        int colon = line.indexOf(':');
        if (colon > 0) {
          info.put(line.substring(0, colon), line.substring(colon + 1));
        }
      }
    }
    return info;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
