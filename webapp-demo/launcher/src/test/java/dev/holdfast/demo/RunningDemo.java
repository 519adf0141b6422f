package dev.holdfast.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The packaged launcher as a process of its own, on free ports. */
final class RunningDemo implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  /** Of all demos of a run that is to be encrypted. */
  private static final String KEY = "uG7pXw2TjKc9Zr4LqVbN1sYdE8aHfM0oI3tRkWx5CvU=";

  private static final boolean ENCRYPTED = Boolean.getBoolean("holdfast.test.encryption");

  private final Process process;
  private final List<Integer> ports;
  private final StringBuffer output = new StringBuffer();
  private final Thread reader;
  private @Nullable RedisWithUsers redis;

  private RunningDemo(Process process, List<Integer> ports) {
    this.process = process;
    this.ports = ports;
    this.reader = new Thread(this::read, "demo-output");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts two nodes over a Redis of the demo's own, or over one with users of few rights when all
   * tests are to run as these, and waits until both serve.
   */
  static RunningDemo start() throws IOException, InterruptedException {
    if (!RedisWithUsers.isWanted()) {
      return start(Map.of());
    }
    RedisWithUsers redis = RedisWithUsers.start();
    RunningDemo demo = start(Map.of("HOLDFAST_REDIS_URI", redis.uri()));
    demo.redis = redis;
    return demo;
  }

  /** Starts two nodes with that environment and waits until both serve. */
  static RunningDemo start(Map<String, String> environment) throws IOException {
    RunningDemo demo = launch(environment, List.of());
    await()
        .atMost(START)
        .until(() -> demo.output().contains("Stop everything") || !demo.process.isAlive());
    assertThat(demo.process.isAlive()).as("the demo runs; it printed: %s", demo.output()).isTrue();
    assertThat(demo.output().contains("encryption: required")).isEqualTo(ENCRYPTED);
    return demo;
  }

  /** Starts it and waits for nothing. */
  static RunningDemo launch(Map<String, String> environment, List<String> jvmOptions)
      throws IOException {
    String wanted = System.getProperty("demo.ports");
    List<Integer> ports =
        wanted == null ? freePorts(2) : Stream.of(wanted.split(",")).map(Integer::valueOf).toList();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-jar", System.getProperty("demo.launcher")));
    command.addAll(List.of("--war", System.getProperty("demo.war")));
    command.addAll(List.of("--ports", ports.get(0) + "," + ports.get(1)));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("HOLDFAST_REDIS_URI");
    if (ENCRYPTED) {
      builder.environment().put("HOLDFAST_ENCRYPTION_KEYS", KEY);
    }
    builder.environment().putAll(environment);
    return new RunningDemo(builder.start(), ports);
  }

  static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      sockets.add(socket);
      ports.add(socket.getLocalPort());
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return ports;
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        output.append(line).append('\n');
      }
    } catch (IOException e) {
      output.append(e);
    }
  }

  /** Everything printed so far. */
  String output() {
    return output.toString();
  }

  /** The address of a node, counted from 1. */
  String node(int number) {
    return "http://localhost:" + ports.get(number - 1);
  }

  /** The token of the admin view, as the demo printed it. */
  String adminToken() {
    Matcher matcher = Pattern.compile("any name / (\\S+)").matcher(output);
    assertThat(matcher.find()).as("a token in: %s", output).isTrue();
    return matcher.group(1);
  }

  /** The process id that the demo printed for a node at its start. */
  long nodePid(int number) {
    return number("node-" + number + " +\\S+ +pid (\\d+)");
  }

  Path directory() {
    Matcher matcher = Pattern.compile("append-only file in (\\S+)").matcher(output);
    assertThat(matcher.find()).isTrue();
    return Path.of(matcher.group(1));
  }

  private long number(String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(output);
    assertThat(matcher.find()).as("%s in: %s", pattern, output).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  Process process() {
    return process;
  }

  /** All processes of the demo but the supervisor. */
  List<ProcessHandle> children() {
    try (Stream<ProcessHandle> descendants = process.descendants()) {
      return descendants.toList();
    }
  }

  /** Waits for its end and for everything it printed. */
  int awaitEnd() throws InterruptedException {
    assertThat(process.waitFor(START.toSeconds(), TimeUnit.SECONDS)).as("it ends").isTrue();
    reader.join();
    return process.exitValue();
  }

  /** Ends it as {@code kill} does. */
  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    if (redis != null) {
      redis.close();
    }
  }
}
