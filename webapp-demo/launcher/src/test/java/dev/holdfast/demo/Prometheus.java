package dev.holdfast.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A Prometheus of the test's own that scrapes a demo, with the configuration of {@code docker}. */
final class Prometheus implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final int port = RunningDemo.freePorts(1).get(0);
  private final Process process;

  /**
   * Starts it, and waits until it has asked both nodes.
   *
   * @param program its executable
   * @param directory for its configuration and data
   */
  Prometheus(Path program, RunningDemo demo, Path directory) throws IOException {
    String config = Files.readString(Path.of("../../docker/prometheus.yml"));
    String targets = demo.node(1).substring(7) + ", " + demo.node(2).substring(7);
    String ours =
        config
            .replace("node-1:8080, node-2:8080", targets)
            .replace("scrape_interval: 5s", "scrape_interval: 1s");
    assertThat(ours).contains(targets).contains("interval: 1s");
    Path file = Files.writeString(directory.resolve("prometheus.yml"), ours);
    process =
        new ProcessBuilder(
                program.toString(),
                "--config.file=" + file,
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                "--log.level=warn")
            .inheritIO()
            .start();
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(() -> query("sum(up)").contains("\"2\""));
  }

  String address() {
    return "http://localhost:" + port;
  }

  /** What it answers to an expression: JSON. */
  String query(String expression) {
    URI uri =
        URI.create(
            address()
                + "/api/v1/query?query="
                + URLEncoder.encode(expression, StandardCharsets.UTF_8));
    try {
      return client
          .send(
              HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new IllegalStateException(uri.toString(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(uri.toString(), e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    process.waitFor();
  }
}
