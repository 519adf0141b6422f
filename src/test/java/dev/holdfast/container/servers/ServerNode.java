package dev.holdfast.container.servers;

import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.container.Server;
import dev.holdfast.redis.testing.FreePorts;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** One node of a {@link Distribution} with one WAR, on a free port of the loopback interface. */
final class ServerNode implements Server, AutoCloseable {
  private static final long START_SECONDS = 240;
  private static final long STOP_SECONDS = 90;
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

  private final Distribution distribution;
  private final int port = FreePorts.one();
  private final Path directory;
  private final Path log;
  private final Process process;
  private final Thread pump;
  private final CompletableFuture<Boolean> deployed = new CompletableFuture<>();
  private final CompletableFuture<Boolean> undeployed = new CompletableFuture<>();

  private ServerNode(Distribution distribution, Path war, Map<String, String> variables)
      throws IOException {
    this.distribution = distribution;
    this.directory = Files.createTempDirectory("server-");
    this.log = directory.resolve("log.txt");
    this.process = launch(distribution.prepare(directory, war, port), variables);
    this.pump = new Thread(this::pump, "log-of-" + process.pid());
    pump.setDaemon(true);
    pump.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  private Process launch(Distribution.Launch launch, Map<String, String> variables)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx768m"));
    command.addAll(launch.arguments());
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("HOLDFAST_"));
    if (TestSettings.ENCRYPTED) {
      builder.environment().put("HOLDFAST_ENCRYPTION_KEYS", TestSettings.KEY);
    }
    builder.environment().putAll(launch.variables());
    builder.environment().putAll(variables);
    return builder.start();
  }

  /**
   * Starts it and waits until the WAR is served.
   *
   * @throws IllegalStateException with the server's messages if it is not
   */
  static ServerNode start(Distribution distribution, Path war, Map<String, String> variables) {
    ServerNode node = begin(distribution, war, variables);
    if (!node.isServed()) {
      String messages = node.log();
      node.close();
      throw new IllegalStateException(distribution.title() + " has not deployed it:\n" + messages);
    }
    return node;
  }

  /** Starts it; {@link #isServed} waits. */
  static ServerNode begin(Distribution distribution, Path war, Map<String, String> variables) {
    try {
      return new ServerNode(distribution, war, variables);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void pump() {
    try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8);
        BufferedWriter out = Files.newBufferedWriter(log)) {
      for (String read = in.readLine(); read != null; read = in.readLine()) {
        String line = COLOUR.matcher(read).replaceAll("");
        out.write(line);
        out.newLine();
        if (!in.ready()) {
          out.flush();
        }
        notice(line, out);
      }
    } catch (IOException e) {
      // The process has been killed.
    } finally {
      deployed.complete(false);
      undeployed.complete(false);
    }
  }

  private void notice(String line, BufferedWriter out) throws IOException {
    if (distribution.hasFailed(line)) {
      out.flush();
      deployed.complete(false);
    } else if (distribution.isUp(line)) {
      out.flush();
      deployed.complete(true);
    }
    if (distribution.isUndeployed(line)) {
      out.flush();
      undeployed.complete(true);
    }
  }

  /** Waits until the server has deployed the WAR and listens, or says that it has not. */
  boolean isServed() {
    boolean served = await(deployed, START_SECONDS);
    if (served) {
      Awaitility.await().atMost(Duration.ofSeconds(STOP_SECONDS)).until(this::listens);
    }
    return served;
  }

  private boolean listens() {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private boolean await(CompletableFuture<Boolean> event, long seconds) {
    try {
      return event.get(seconds, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new IllegalStateException("nothing for " + seconds + " s:\n" + log(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Has the WAR undeployed while the server goes on; false where a file cannot ask for that. */
  boolean undeploy() {
    try {
      return distribution.undeploy(directory) && await(undeployed, STOP_SECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public URI address() {
    return URI.create("http://127.0.0.1:" + port);
  }

  @Override
  public String log() {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of ours at WARNING or worse. */
  List<String> complaints() {
    return log().lines().filter(distribution::complains).toList();
  }

  /** Stops it in order, as SIGTERM does. */
  void stop() {
    process.destroy();
    if (!endsWithin(STOP_SECONDS)) {
      kill();
      throw new IllegalStateException("did not stop within " + STOP_SECONDS + " s:\n" + log());
    }
  }

  /** Ends it at once, as {@code kill -9} does. */
  void kill() {
    process.destroyForcibly();
    if (!endsWithin(STOP_SECONDS)) {
      throw new IllegalStateException("process " + process.pid() + " survived SIGKILL");
    }
  }

  private boolean endsWithin(long seconds) {
    try {
      boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
      if (ended) {
        pump.join(TimeUnit.SECONDS.toMillis(seconds));
      }
      return ended;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      throw new IllegalStateException(e);
    }
  }

  /** Kills it, if it runs, and forgets its files. */
  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      // The operating system empties its own temporary directory.
    }
  }
}
