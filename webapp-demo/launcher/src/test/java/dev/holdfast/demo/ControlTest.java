package dev.holdfast.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node's line to a supervisor on a busy machine. */
class ControlTest {
  /** Longer than a node waits for an answer to anything else. */
  private static final long SLOW_MILLIS = 3_000;

  private final Set<String> asked = ConcurrentHashMap.newKeySet();

  @Test
  @Timeout(60)
  void waitsForASlowSupervisorWhenANodeStartsOrStops() throws Exception {
    HttpServer supervisor =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ExecutorService workers = Executors.newCachedThreadPool();
    supervisor.setExecutor(workers);
    supervisor.createContext("/", this::answerSlowly);
    supervisor.start();
    try {
      Control control = new Control(supervisor.getAddress().getPort(), "token", 1);
      Future<Control.Answer> started = workers.submit(() -> control.start(2));
      Future<Control.Answer> stopped = workers.submit(() -> control.stop(3));
      control.ready();
      assertThat(started.get().status()).isEqualTo(204);
      assertThat(stopped.get().status()).isEqualTo(204);
      assertThat(asked)
          .containsExactlyInAnyOrder("/nodes/1/ready", "/nodes/2/start", "/nodes/3/stop");
    } finally {
      supervisor.stop(0);
      workers.shutdownNow();
    }
  }

  private void answerSlowly(HttpExchange exchange) throws IOException {
    try (exchange) {
      asked.add(exchange.getRequestURI().getPath());
      TimeUnit.MILLISECONDS.sleep(SLOW_MILLIS);
      exchange.sendResponseHeaders(204, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
