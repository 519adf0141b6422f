package dev.holdfast.container;

import static org.awaitility.Awaitility.await;

import dev.holdfast.redis.testing.Certificates;
import dev.holdfast.redis.testing.FreePorts;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A real nginx that ends TLS in front of nodes, on free ports, with all its files below one
 * directory.
 */
final class Nginx implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(20);

  private final Process process;
  private final Path directory;
  private final int port;
  private final int cachingPort;

  private Nginx(Path directory, Path certificate, ContainerNode... nodes) throws IOException {
    this.directory = directory;
    port = FreePorts.one();
    cachingPort = FreePorts.one();
    Files.createDirectories(directory.resolve("tmp"));
    Path conf = Files.writeString(directory.resolve("nginx.conf"), conf(certificate, nodes));
    process =
        new ProcessBuilder(
                "nginx", "-p", directory.toString(), "-c", conf.toString(), "-e", "error.log")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output.log").toFile())
            .start();
  }

  /** Whether there is one on the PATH. */
  static boolean isPossible() {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "nginx")));
  }

  /** Starts it and waits until it listens. */
  static Nginx start(Path directory, Certificates certificates, ContainerNode... nodes) {
    Path certificate = certificates.signed("proxy", "ip:127.0.0.1");
    Nginx nginx = null;
    try {
      nginx = new Nginx(directory, certificate, nodes);
      nginx.awaitStart();
      return nginx;
    } catch (IOException e) {
      if (nginx != null) {
        nginx.close();
      }
      throw new UncheckedIOException(e);
    }
  }

  /** Requests go to the nodes in turn, and what the client says of its protocol goes through. */
  private String conf(Path certificate, ContainerNode... nodes) {
    String servers =
        Arrays.stream(nodes)
            .map(node -> "server 127.0.0.1:" + node.port() + ";")
            .collect(Collectors.joining(" "));
    // Without the first line it changes to a user that may not write here, if it was root.
    return """
        %s
        daemon off;
        worker_processes 1;
        pid nginx.pid;
        events {}
        http {
          access_log off;
          client_body_temp_path tmp/body;
          proxy_temp_path tmp/proxy;
          fastcgi_temp_path tmp/fastcgi;
          uwsgi_temp_path tmp/uwsgi;
          scgi_temp_path tmp/scgi;
          proxy_cache_path tmp/cache keys_zone=pages:1m;
          upstream nodes { %s }
          ssl_certificate %s;
          ssl_certificate_key %s;
          proxy_set_header Host $http_host;
          server {
            listen 127.0.0.1:%d ssl;
            location / { proxy_pass http://nodes; }
          }
          server {
            listen 127.0.0.1:%d ssl;
            location / {
              proxy_pass http://nodes;
              proxy_cache pages;
              proxy_cache_valid 200 10m;
              # By itself nginx keeps no page that sets a cookie; other caches do.
              proxy_ignore_headers Set-Cookie;
              add_header X-Cache $upstream_cache_status always;
            }
          }
        }
        """
        .formatted(
            System.getProperty("user.name").equals("root") ? "user root;" : "",
            servers,
            certificate,
            certificate,
            port,
            cachingPort);
  }

  private void awaitStart() throws IOException {
    await().atMost(START).until(() -> !process.isAlive() || listens());
    if (!process.isAlive()) {
      throw new IOException(
          "nginx ended: "
              + Files.readString(directory.resolve("output.log"))
              + Files.readString(directory.resolve("error.log")));
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), cachingPort)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Such as {@code https://127.0.0.1:12345}. */
  String address() {
    return "https://127.0.0.1:" + port;
  }

  /** The same with a cache. */
  String cachingAddress() {
    return "https://127.0.0.1:" + cachingPort;
  }

  /** Ends it with its workers. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
