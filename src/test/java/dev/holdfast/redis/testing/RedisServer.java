package dev.holdfast.redis.testing;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/**
 * A real redis-server on a free port of the loopback interface, with a temporary directory of its
 * own. Persistence is off and DEBUG is on unless arguments say otherwise. It answers only for the
 * process it started: {@code INFO}'s process id is compared with the pid.
 *
 * <p>{@link #kill()}, {@link #stop()} and {@link #restart()} keep port and directory; {@link
 * #freeze()} and {@link #thaw()} send SIGSTOP and SIGCONT; {@link #close()} ends the process and
 * deletes the directory.
 */
public final class RedisServer extends RunningRedis {
  /** Which redis-server is started. */
  public enum Binary {
    /** The one on the PATH, or the bundled one when there is none of Redis 6.2 or newer. */
    PATH,
    /** The one in the embedded-redis jar: Redis 6.2 on Linux. */
    BUNDLED
  }

  private static final long PATIENCE_MILLIS = 10_000;
  private static @Nullable Path bundled;

  private final String executable;
  private final List<String> arguments;
  private final Map<String, String> environment;
  private final Path directory;
  private int port;
  private Process process;

  private final boolean asMinimalUser;
  private boolean frozen;

  private RedisServer(
      String executable,
      List<String> arguments,
      Map<String, String> environment,
      boolean users,
      boolean quiet)
      throws IOException {
    this.executable = executable;
    this.environment = environment;
    this.directory = Files.createTempDirectory("redis-test-");
    List<String> all = new ArrayList<>(arguments);
    if (users) {
      all.addAll(List.of("--aclfile", "" + MinimalUser.copyIn(directory)));
    }
    this.arguments = List.copyOf(all);
    this.asMinimalUser = users && quiet;
    this.port = FreePorts.one();
    this.process = launch();
  }

  /** Starts the default binary; {@code arguments} as on redis-server's command line. */
  public static RedisServer start(String... arguments) {
    return start(Binary.PATH, arguments);
  }

  /** Starts {@code binary}; {@code arguments} as on redis-server's command line. */
  public static RedisServer start(Binary binary, String... arguments) {
    boolean users = MinimalUser.isDefault() && !List.of(arguments).contains("--requirepass");
    return start(binary, List.of(arguments), Map.of(), users, true);
  }

  /** Starts the default binary under a clock of its own. */
  public static RedisServer start(FakeClock clock, String... arguments) {
    List<String> all = List.of(arguments);
    return start(Binary.PATH, all, clock.environment(), MinimalUser.isDefault(), true);
  }

  /** Starts the default binary with the users of {@code docker/users.acl}. */
  public static RedisServer startWithUsers(String... arguments) {
    return start(Binary.PATH, List.of(arguments), Map.of(), true, false);
  }

  private static RedisServer start(
      Binary binary,
      List<String> arguments,
      Map<String, String> environment,
      boolean users,
      boolean quiet) {
    try {
      RedisServer server =
          new RedisServer(executable(binary), arguments, environment, users, quiet);
      Runtime.getRuntime().addShutdownHook(new Thread(server::destroyProcess));
      server.awaitReady();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String host() {
    return "127.0.0.1";
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  @Nullable String credentials() {
    int at = arguments.indexOf("--requirepass");
    return at < 0 ? null : ":" + arguments.get(at + 1);
  }

  /** As the minimal user when all tests are run as that. */
  @Override
  public String uri() {
    return asMinimalUser ? uri("holdfast") : super.uri();
  }

  /** For {@code redis.uri}, as a user of {@code docker/users.acl}. */
  public String uri(String user) {
    return "redis://" + MinimalUser.login(user) + "@127.0.0.1:" + port;
  }

  /**
   * Waits until so many replicas have confirmed what is written by now. One that is said to be
   * online may still be loading, and confirms nothing until it has done.
   */
  public void awaitReplicas(int count) {
    long written = Math.max(1, Long.parseLong(info("replication", "master_repl_offset")));
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .until(
            () ->
                IntStream.range(0, count)
                    .mapToObj(i -> info("replication", "slave" + i))
                    .allMatch(replica -> confirmed(replica) >= written));
  }

  private static long confirmed(String replica) {
    return Long.parseLong(replica.replaceAll(".*offset=(\\d+).*", "$1"));
  }

  /** The directory that holds its log, RDB and AOF. */
  public Path directory() {
    return directory;
  }

  /** Whether the process is there; a frozen one is. */
  public boolean isRunning() {
    return process.isAlive();
  }

  /** Process id of the running server. */
  public long pid() {
    return process.pid();
  }

  /** Ends it with SIGKILL. */
  public void kill() {
    closeAdmin();
    process.destroyForcibly();
    awaitExit();
  }

  /** Ends it as an operator would: SIGTERM. */
  public void stop() {
    closeAdmin();
    process.destroy();
    awaitExit();
  }

  /** Starts it again on the same port and directory, after {@link #kill()} or {@link #stop()}. */
  public void restart() {
    try {
      process = launch();
      awaitReady();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGSTOP: connections stay open and nothing is answered. */
  public void freeze() {
    signal("STOP");
    frozen = true;
  }

  /** SIGCONT: what came in the meantime is executed now. */
  public void thaw() {
    signal("CONT");
    frozen = false;
  }

  @Override
  public void close() {
    // Redis may have ended the connection, as Sentinel has it do after a failover.
    closeAdmin();
    List<String> refusals =
        asMinimalUser && process.isAlive() && !frozen ? MinimalUser.refusals(this) : List.of();
    super.close();
    destroyProcess();
    delete();
    if (!refusals.isEmpty()) {
      throw new AssertionError("The user of docker/users.acl was refused: " + refusals);
    }
  }

  private void delete() {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process launch() throws IOException {
    List<String> command = new ArrayList<>(List.of(executable));
    command.addAll(List.of("--port", "" + port, "--bind", "127.0.0.1", "--dir", "" + directory));
    command.addAll(List.of("--save", "", "--appendonly", "no", "--daemonize", "no"));
    if (!version(executable).startsWith("6.")) {
      command.addAll(List.of("--enable-debug-command", "yes"));
    }
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return builder
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("redis.log").toFile()))
        .start();
  }

  /** Waits for a PONG of our own process; a port that somebody else took meanwhile is given up. */
  private void awaitReady() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    while (true) {
      try {
        if (!process.isAlive()) {
          port = FreePorts.one();
          process = launch();
        }
        command("PING");
        String answering = info("server", "process_id");
        if (!answering.equals("" + process.pid())) {
          throw new IOException("Process " + answering + " answers on port " + port);
        }
        return;
      } catch (IllegalStateException | IOException | UncheckedIOException e) {
        closeAdmin();
        if (System.nanoTime() - deadline > 0) {
          throw new IOException(
              "redis-server did not come up: "
                  + Files.readString(directory.resolve("redis.log")).strip(),
              e);
        }
        pause();
      }
    }
  }

  static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for redis-server", e);
    }
  }

  private void signal(String signal) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("kill -" + signal + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  private void destroyProcess() {
    process.destroyForcibly();
    awaitExit();
  }

  private void awaitExit() {
    try {
      if (!process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("redis-server " + process.pid() + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  static String executable(Binary binary) throws IOException {
    if (binary == Binary.PATH) {
      for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
        Path candidate = Path.of(folder, "redis-server");
        if (Files.isExecutable(candidate) && isSupported(version(candidate.toString()))) {
          return candidate.toString();
        }
      }
    }
    return extractBundled().toString();
  }

  private static boolean isSupported(String version) {
    String[] parts = version.split("\\.");
    int major = Integer.parseInt(parts[0]);
    return major > 6 || (major == 6 && Integer.parseInt(parts[1]) >= 2);
  }

  /** From "Redis server v=7.0.15 sha=...". */
  private static String version(String executable) throws IOException {
    Process process = new ProcessBuilder(executable, "--version").start();
    String line = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return line.replaceFirst("(?s).* v=([0-9.]+).*", "$1");
  }

  private static synchronized Path extractBundled() throws IOException {
    if (bundled == null) {
      File folder = Files.createTempDirectory("redis-binary-").toFile();
      File file = ExecutableProvider.newJarResourceProvider(folder).get();
      folder.deleteOnExit();
      Arrays.stream(requireNonNull(folder.listFiles())).forEach(File::deleteOnExit);
      bundled = file.toPath();
    }
    return bundled;
  }
}
