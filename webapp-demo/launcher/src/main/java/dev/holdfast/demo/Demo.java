package dev.holdfast.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The supervisor: Redis, the nodes and the control port, from start to end. */
final class Demo implements AutoCloseable {
  private final Options options;
  private final AdminAccess admin = AdminAccess.from(System.getenv());
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private boolean closed;
  private @Nullable Path directory;
  private @Nullable RedisServer redis;
  private @Nullable ControlServer control;

  Demo(Options options) {
    this.options = options;
    for (int port : options.ports()) {
      nodes.add(new NodeProcess(nodes.size() + 1, port));
    }
  }

  /** Starts everything and prints where it is. */
  void start() throws IOException, InterruptedException {
    RedisServer server;
    synchronized (this) {
      if (closed) {
        return;
      }
      Path created = TemporaryDirectory.create();
      directory = created;
      String uri = System.getenv("HOLDFAST_REDIS_URI");
      if (uri == null || uri.isBlank()) {
        uri = System.getProperty("holdfast.redis.uri", "");
      }
      server = uri.isBlank() ? RedisServer.start(created) : RedisServer.external(uri.strip());
      redis = server;
      control = new ControlServer(this);
      for (NodeProcess node : nodes) {
        launch(node);
      }
    }
    System.out.println("Starting " + nodes.size() + " nodes ...");
    for (NodeProcess node : nodes) {
      node.awaitReady();
    }
    System.out.print(banner(server));
    System.out.flush();
  }

  void awaitEnd() throws InterruptedException {
    end.await();
  }

  List<NodeProcess> nodes() {
    return nodes;
  }

  /** The node with that number, or null. */
  @Nullable NodeProcess node(int number) {
    return number >= 1 && number <= nodes.size() ? nodes.get(number - 1) : null;
  }

  /** Starts a node that is stopped and waits until it serves; does nothing to one that runs. */
  void startNode(NodeProcess node) throws IOException, InterruptedException {
    synchronized (this) {
      if (closed) {
        throw new IOException("The demo is being stopped");
      }
      if (node.state() == NodeProcess.State.STOPPED) {
        launch(node);
      }
    }
    node.awaitReady();
  }

  /**
   * Chooses who goes on when {@code node} stops, and marks it as stopping.
   *
   * @param answering the number of the node that answers the request to stop
   * @return null when no other node runs: the last one stays
   */
  synchronized @Nullable NodeProcess retire(NodeProcess node, int answering) {
    NodeProcess survivor = null;
    for (NodeProcess other : nodes) {
      boolean better = survivor == null || other.number() == answering;
      if (other != node && other.state() == NodeProcess.State.RUNNING && better) {
        survivor = other;
      }
    }
    if (survivor != null && node.state() != NodeProcess.State.STOPPED) {
      node.stopping();
    }
    return survivor;
  }

  private void launch(NodeProcess node) throws IOException {
    Path base = directory;
    RedisServer server = redis;
    ControlServer channel = control;
    if (base == null || server == null || channel == null) {
      throw new IllegalStateException("The demo was not started");
    }
    Properties settings = new Properties();
    settings.setProperty("number", String.valueOf(node.number()));
    settings.setProperty("port", String.valueOf(node.port()));
    settings.setProperty("bind", options.bind());
    settings.setProperty("war", options.war().toString());
    settings.setProperty("directory", base.toString());
    settings.setProperty("control.port", String.valueOf(channel.port()));
    settings.setProperty("control.token", channel.token());
    settings.setProperty(
        "nodes",
        nodes.stream().map(n -> n.name() + "=" + n.port()).collect(Collectors.joining(" ")));
    Files.createDirectories(base);
    settings.setProperty("admin", admin.path());
    node.start(settings, server.uri(), admin);
  }

  private String banner(RedisServer server) {
    StringBuilder text = new StringBuilder();
    String line = System.lineSeparator();
    boolean loopback = options.bind().equals("127.0.0.1") || options.bind().equals("::1");
    String host = loopback || options.bind().equals("0.0.0.0") ? "localhost" : options.bind();
    text.append(line).append("The Holdfast demo is running: one session, several servers.");
    text.append(line).append(line);
    for (NodeProcess node : nodes) {
      String url = "http://" + host + ":" + node.port() + "/";
      text.append("  %-7s %-30s pid %d".formatted(node.name(), url, node.pid())).append(line);
    }
    text.append("  redis   ").append(server.description()).append(line);
    text.append("  users   alice / wonderland, bob / builder").append(line);
    text.append(
            "  admin   %s/ below each of them, any name / %s"
                .formatted(admin.path(), admin.token()))
        .append(line)
        .append(line);
    text.append("  Log in, fill the cart, stop the node that served you (its button, or kill -9),")
        .append(line)
        .append("  and go on at another one.")
        .append(line);
    if (!loopback) {
      text.append("  Anybody who reaches ")
          .append(options.bind())
          .append(" can stop these nodes. Browsers return the session's cookie")
          .append(line)
          .append("  over plain HTTP only to localhost.")
          .append(line);
    }
    return text.append("  Stop everything: Ctrl-C").append(line).append(line).toString();
  }

  /** Kills the nodes, stops Redis, removes the files. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    nodes.forEach(NodeProcess::end);
    if (control != null) {
      control.close();
    }
    if (redis != null) {
      redis.close();
    }
    if (directory != null) {
      TemporaryDirectory.delete(directory);
    }
    end.countDown();
  }
}
