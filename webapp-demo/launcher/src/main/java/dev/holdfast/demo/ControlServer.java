package dev.holdfast.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The supervisor's ear for its nodes: a loopback port that answers whoever knows the token. */
final class ControlServer implements AutoCloseable {
  /** A node that was told to stop and does not report that it has answered is killed after this. */
  private static final long PATIENCE_MILLIS = 2_000;

  private final Demo demo;
  private final HttpServer server;
  private final CookieLog cookies = new CookieLog();
  private final String token;
  private final ExecutorService workers;
  private final ScheduledExecutorService timer;

  ControlServer(Demo demo) throws IOException {
    this.demo = demo;
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    workers = Executors.newCachedThreadPool(task -> daemon(task, "control"));
    timer = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "control-timer"));
    server.setExecutor(workers);
    server.createContext("/", this::handle);
    server.start();
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  int port() {
    return server.getAddress().getPort();
  }

  String token() {
    return token;
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdownNow();
    timer.shutdownNow();
  }

  /** What the control port says: a status, and a text that the node knows how to read. */
  private record Reply(int status, String text) {}

  private void handle(HttpExchange exchange) throws IOException {
    Reply reply;
    try (exchange) {
      String given = exchange.getRequestHeaders().getFirst("Authorization");
      if (given == null || !same(given, "Bearer " + token)) {
        reply = new Reply(403, "");
      } else {
        String[] path = exchange.getRequestURI().getPath().substring(1).split("/");
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        reply = answer(exchange.getRequestMethod() + " " + path[0], path, body);
      }
      byte[] text = reply.text().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(reply.status(), text.length == 0 ? -1 : text.length);
      if (text.length > 0) {
        exchange.getResponseBody().write(text);
      }
    }
  }

  private static boolean same(String left, String right) {
    return MessageDigest.isEqual(
        left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
  }

  private Reply answer(String what, String[] path, String body) {
    switch (what) {
      case "GET nodes" -> {
        return new Reply(200, nodes());
      }
      case "GET cookies" -> {
        return new Reply(200, String.join("\n", cookies.of(path[1])));
      }
      case "POST cookies" -> {
        cookies.add(path[1], body);
        return new Reply(204, "");
      }
      case "POST nodes" -> {
        NodeProcess node = path.length == 3 ? node(path[1]) : null;
        return node == null ? new Reply(404, "There is no such node.") : act(node, path[2], body);
      }
      default -> {
        return new Reply(404, "");
      }
    }
  }

  private @Nullable NodeProcess node(String number) {
    return number.matches("\\d{1,3}") ? demo.node(Integer.parseInt(number)) : null;
  }

  private String nodes() {
    return demo.nodes().stream()
        .map(node -> NodeStatus.of(node).toLine())
        .collect(Collectors.joining("\n"));
  }

  /** {@code body} is the number of the node that asks. */
  private Reply act(NodeProcess node, String verb, String body) {
    switch (verb) {
      case "ready" -> {
        node.ready();
        return new Reply(204, "");
      }
      case "answered" -> {
        node.kill();
        return new Reply(204, "");
      }
      case "stop" -> {
        return stop(node, Integer.parseInt(body));
      }
      case "start" -> {
        try {
          demo.startNode(node);
          return new Reply(204, "");
        } catch (IOException e) {
          return new Reply(500, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return new Reply(500, "The demo is being stopped");
        }
      }
      default -> {
        return new Reply(404, "");
      }
    }
  }

  private Reply stop(NodeProcess node, int asking) {
    NodeProcess survivor = demo.retire(node, asking);
    if (survivor == null) {
      return new Reply(
          409, node.name() + " is the only one that runs. Ctrl-C stops the whole demo.");
    }
    if (node.number() == asking) {
      long pid = node.pid();
      timer.schedule(
          () -> {
            if (node.pid() == pid) {
              node.kill();
            }
          },
          PATIENCE_MILLIS,
          TimeUnit.MILLISECONDS);
    } else {
      node.kill();
    }
    return new Reply(200, String.valueOf(survivor.port()));
  }
}
