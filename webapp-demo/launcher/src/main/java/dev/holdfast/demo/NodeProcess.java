package dev.holdfast.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One server of the demo as its supervisor sees it: a JVM that can be killed and started again. */
final class NodeProcess {
  /** What a node is doing. STOPPING: it still answers the request that stops it. */
  enum State {
    STARTING,
    RUNNING,
    STOPPING,
    STOPPED
  }

  private static final long START_SECONDS = 60;

  /** Not for the nodes: they get the URI by their environment, where no other user sees it. */
  private static final Pattern OUR_OWN = Pattern.compile("holdfast\\.(redis\\.uri|demo\\..*)");

  private final int number;
  private final int port;
  private volatile State state = State.STOPPED;
  private volatile @Nullable Process process;
  private volatile boolean quiet;
  private CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();

  NodeProcess(int number, int port) {
    this.number = number;
    this.port = port;
  }

  int number() {
    return number;
  }

  String name() {
    return "node-" + number;
  }

  int port() {
    return port;
  }

  State state() {
    return state;
  }

  /** The process id, or 0 when there is no process. */
  long pid() {
    Process current = process;
    return current == null || state == State.STOPPED ? 0 : current.pid();
  }

  void stopping() {
    state = State.STOPPING;
  }

  /** Starts the process; {@link #awaitReady} waits for it. */
  synchronized void start(Properties settings, String redisUri, AdminAccess admin)
      throws IOException {
    ready = new CompletableFuture<>();
    state = State.STARTING;
    ProcessBuilder builder = new ProcessBuilder(command()).redirectErrorStream(true);
    builder.environment().put("HOLDFAST_REDIS_URI", redisUri);
    admin.putInto(builder.environment());
    Process started = builder.start();
    process = started;
    OutputStream input = started.getOutputStream();
    settings.store(input, null);
    input.write("\n\n".getBytes(StandardCharsets.ISO_8859_1));
    input.flush();
    Thread pump = new Thread(() -> copyOutput(started), name() + "-output");
    pump.setDaemon(true);
    pump.start();
    started.onExit().thenAccept(this::exited);
  }

  /** The node itself says that it serves. */
  void ready() {
    state = State.RUNNING;
    ready.complete(null);
  }

  /** Waits until the node serves, or says why it does not. */
  void awaitReady() throws IOException, InterruptedException {
    try {
      ready.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(name() + " did not start: its process ended, see what it printed", e);
    } catch (TimeoutException e) {
      throw new IOException(name() + " did not start within " + START_SECONDS + " s", e);
    }
  }

  /** Kills the process as {@code kill -9} does and waits until it is gone. */
  synchronized void kill() {
    Process current = process;
    if (current != null) {
      state = State.STOPPED;
      current.destroyForcibly().onExit().join();
    }
  }

  /** Kills the process for good, without a word about it. */
  void end() {
    quiet = true;
    kill();
  }

  private void exited(Process ended) {
    if (ended == process) {
      boolean asked = state == State.STOPPED || state == State.STOPPING;
      state = State.STOPPED;
      ready.completeExceptionally(new IllegalStateException("exit code " + ended.exitValue()));
      if (!quiet) {
        System.out.printf(
            "%s (pid %d) %s%n", name(), ended.pid(), asked ? "was killed, as asked" : "is gone");
      }
    }
  }

  private static List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    for (String name : new TreeSet<>(System.getProperties().stringPropertyNames())) {
      if (name.startsWith("holdfast.") && !OUR_OWN.matcher(name).matches()) {
        command.add("-D" + name + "=" + System.getProperty(name));
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Node.class.getName()));
    return command;
  }

  private void copyOutput(Process source) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(source.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        System.out.println("[" + name() + "] " + line);
      }
    } catch (IOException e) {
      // The process was killed in the middle of a line.
    }
  }
}
