package dev.holdfast.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The Redis behind the nodes: somebody's own, or one that lives as long as the demo.
 *
 * <p>A Redis of ours runs under a shell that waits for the end of its standard input, whose other
 * end only the supervisor holds. When the supervisor closes it, or dies by whatever signal, the
 * shell stops Redis and removes the directory. So not even SIGKILL leaves a Redis behind.
 */
final class RedisServer implements AutoCloseable {
  private static final String GUARD =
      """
      dir=$1; shift
      "$@" </dev/null >"$dir/redis.out" 2>&1 & redis=$!
      trap "" INT HUP TERM
      echo $redis
      while read -r line; do :; done
      kill $redis 2>/dev/null; wait $redis; PATH=$PATH:/usr/bin:/bin rm -rf -- "$dir"
      """;

  private static final int ATTEMPTS = 3;
  private static final long START_SECONDS = 10;
  private static final int TIMEOUT_MILLIS = 500;

  private final String uri;
  private final String description;
  private final @Nullable Process guard;

  private RedisServer(String uri, String description, @Nullable Process guard) {
    this.uri = uri;
    this.description = description;
    this.guard = guard;
  }

  /** Somebody's own Redis. Whether it answers is not asked: the demo starts without it. */
  static RedisServer external(String uri) {
    return new RedisServer(uri, withoutCredentials(uri) + "  (HOLDFAST_REDIS_URI)", null);
  }

  /**
   * Starts a Redis on a free port of the loopback interface, every write in its append-only file.
   *
   * @param directory empty and for this Redis alone; removed when it stops
   */
  static RedisServer start(Path directory) throws IOException, InterruptedException {
    Binary binary = Binary.find(directory);
    for (int attempt = 1; ; attempt++) {
      try {
        return start(binary, directory, freePort());
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** The same on a port of the caller's choice. */
  static RedisServer start(Path directory, int port) throws IOException, InterruptedException {
    return start(Binary.find(directory), directory, port);
  }

  private static RedisServer start(Binary binary, Path directory, int port)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("/bin/sh", "-c", GUARD, "holdfast-demo-redis", directory.toString()));
    command.addAll(List.of(binary.path().toString(), "--port", String.valueOf(port)));
    command.addAll(List.of("--bind", "127.0.0.1", "--dir", directory.toString()));
    command.addAll(List.of("--appendonly", "yes", "--appendfsync", "everysec", "--save", ""));
    Process guard =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader said =
        new BufferedReader(new InputStreamReader(guard.getInputStream(), StandardCharsets.UTF_8));
    String pid = String.valueOf(said.readLine());
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (System.nanoTime() < deadline && isAlive(pid)) {
      String info = info(port);
      if (info.contains("process_id:" + pid + "\r\n")) {
        String version = info.replaceAll("(?s).*redis_version:([^\r\n]*).*", "$1");
        String description =
            "redis://127.0.0.1:%d  pid %s, redis-server %s %s, append-only file in %s"
                .formatted(port, pid, version, binary.origin(), directory);
        return new RedisServer("redis://127.0.0.1:" + port, description, guard);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    Path output = directory.resolve("redis.out");
    String log = Files.exists(output) ? Files.readString(output).strip() : "";
    guard.destroyForcibly().waitFor();
    ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
    throw new IOException(
        "%s did not start on port %d within %d s. It said: %s. Another Redis: HOLDFAST_REDIS_URI"
            .formatted(binary.path(), port, START_SECONDS, log.isEmpty() ? "nothing" : log));
  }

  String uri() {
    return uri;
  }

  /** For people; without credentials. */
  String description() {
    return description;
  }

  /** Stops a Redis of ours and waits until its process and its directory are gone. */
  @Override
  public void close() {
    if (guard == null) {
      return;
    }
    try {
      guard.getOutputStream().close();
      if (!guard.waitFor(10, TimeUnit.SECONDS)) {
        guard.descendants().forEach(ProcessHandle::destroyForcibly);
        guard.destroyForcibly();
      }
    } catch (IOException e) {
      guard.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static String withoutCredentials(String uri) {
    return uri.replaceAll("//[^/@]*@", "//***@");
  }

  private static boolean isAlive(String pid) {
    return pid.matches("\\d+")
        && ProcessHandle.of(Long.parseLong(pid)).map(ProcessHandle::isAlive).orElse(false);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** What INFO says, or nothing when nobody answers. */
  private static String info(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write("INFO server\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
