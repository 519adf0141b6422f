package dev.holdfast.container;

import static java.util.Objects.requireNonNull;

import dev.holdfast.config.testing.TestSettings;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One server process: a container with its WARs, on a free port of the loopback interface.
 *
 * <p>Its class path holds the container's jars and the driver, nothing else, so that whatever a WAR
 * needs has to be in the WAR. Variables {@code HOLDFAST_*} of this process are not handed down. The
 * process ends when the JVM of the test ends, however that happens.
 */
public final class ContainerNode implements Server, AutoCloseable {

  private static final long START_SECONDS = 180;
  private static final long SECONDS_PER_WAR = 20;
  private static final long STOP_SECONDS = 30;

  private final Process process;
  private final Path directory;
  private final Path log;
  private final Thread pump;
  private final CompletableFuture<String> started = new CompletableFuture<>();
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  private final long startSeconds;

  /** By context path, what is deployed in place of WARs that name jakarta.servlet. */
  private final Map<String, JavaxWar> javaxWars = new HashMap<>();

  private ContainerNode(Builder builder) throws IOException {
    startSeconds = START_SECONDS + SECONDS_PER_WAR * builder.wars.size();
    directory = Files.createTempDirectory("container-");
    log = directory.resolve("log.txt");
    process = builder.launch(directory, javaxWars);
    pump = new Thread(this::pump, "log-of-" + process.pid());
    pump.setDaemon(true);
    pump.start();
  }

  /** Waits until all is deployed. */
  private void awaitStart() throws IOException {
    try {
      String line = started.get(startSeconds, TimeUnit.SECONDS);
      if (!line.startsWith("NODE LISTENS ")) {
        throw new DeploymentFailedException(line, log());
      }
    } catch (TimeoutException e) {
      throw new DeploymentFailedException("not up after " + startSeconds + " s", log());
    } catch (ExecutionException e) {
      throw new IOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      if (!isUp()) {
        process.destroyForcibly();
        deleteDirectory();
      }
    }
  }

  /** A container with nothing deployed; goes on with {@link Builder#deploy}. */
  public static Builder on(Container container) {
    return new Builder(container);
  }

  private boolean isUp() {
    return started.isDone()
        && !started.isCompletedExceptionally()
        && started.join().startsWith("NODE LISTENS ");
  }

  private void pump() {
    try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8);
        BufferedWriter out = Files.newBufferedWriter(log)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.write(line);
        out.newLine();
        if (!in.ready()) {
          out.flush();
        }
        if (line.startsWith("NODE LISTENS ") || line.startsWith("NODE FAILED ")) {
          out.flush();
          started.complete(line);
        }
        if (line.startsWith("NODE ANSWERS ")) {
          answers.add(line.substring("NODE ANSWERS ".length()));
        }
      }
      out.flush();
      started.complete("the process ended");
    } catch (IOException e) {
      started.completeExceptionally(e);
    }
  }

  /** The port, at 127.0.0.1; waits for the start if need be. */
  public int port() {
    try {
      awaitStart();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Integer.parseInt(started.join().substring("NODE LISTENS ".length()));
  }

  @Override
  public URI address() {
    return URI.create("http://127.0.0.1:" + port());
  }

  /** Process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether the process is there. */
  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public String log() {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * As {@link #log}, but nothing that was logged before this call is still on its way: the process
   * answers through the same pipe.
   */
  public String logUpToNow() {
    ask("ping");
    return log();
  }

  /**
   * Undeploys an application and deploys the same WAR anew, in this process.
   *
   * @throws IllegalStateException if it is not up again after a minute
   */
  public void redeploy(String contextPath) {
    again("redeploy", contextPath);
  }

  /**
   * Stops an application and starts it again from the same directory, which may have changed, in
   * this process. The container keeps its sessions where it is told to.
   *
   * @throws IllegalStateException if it is not up again after a minute
   */
  public void reload(String contextPath) {
    again("reload", contextPath);
  }

  private void again(String verb, String contextPath) {
    JavaxWar war = javaxWars.get(contextPath);
    if (war != null) {
      war.renew();
    }
    String answer = ask(verb + " " + contextPath);
    if (!answer.equals("ok")) {
      throw new IllegalStateException(verb + " " + contextPath + ": " + answer + tail(log()));
    }
  }

  /** Context paths of applications whose classes the container still finds after they went. */
  public List<String> leaks() {
    return Stream.of(ask("leaks").split(",")).filter(path -> !path.isEmpty()).toList();
  }

  private synchronized String ask(String command) {
    try {
      OutputStream commands = process.getOutputStream();
      commands.write((command + "\n").getBytes(StandardCharsets.UTF_8));
      commands.flush();
      String answer = answers.poll(START_SECONDS, TimeUnit.SECONDS);
      return answer == null ? "no answer" : answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /**
   * Stops it in order: requests end, applications are undeployed, listeners and filters destroyed.
   *
   * @throws IllegalStateException if it does not end by itself; it is killed then
   */
  public void stop() {
    try {
      OutputStream commands = process.getOutputStream();
      commands.write("stop\n".getBytes(StandardCharsets.UTF_8));
      commands.flush();
    } catch (IOException e) {
      // It is gone already, or going.
    }
    if (!endsWithin(STOP_SECONDS)) {
      kill();
      throw new IllegalStateException("did not stop within " + STOP_SECONDS + " s: " + tail(log()));
    }
  }

  /** Ends it at once, as {@code kill -9} does. */
  public void kill() {
    process.destroyForcibly();
    if (!endsWithin(STOP_SECONDS)) {
      throw new IllegalStateException("process " + process.pid() + " survived SIGKILL");
    }
  }

  /**
   * Sends it a signal.
   *
   * @param name without {@code SIG}
   */
  public void signal(String name) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("kill -" + name + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
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
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Stops it in order, if it runs, and forgets its log. */
  @Override
  public void close() {
    try {
      if (process.isAlive() && isUp()) {
        stop();
      } else if (process.isAlive()) {
        kill();
      }
    } finally {
      deleteDirectory();
    }
  }

  private void deleteDirectory() {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      // The operating system empties its own temporary directory.
    }
  }

  private static String tail(String log) {
    List<String> lines = log.lines().toList();
    return lines.stream()
        .skip(Math.max(0, lines.size() - 200))
        .collect(Collectors.joining("\n", "\n", "\n"));
  }

  /** The container refused a WAR, or did not come up. */
  public static final class DeploymentFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private DeploymentFailedException(String reason, String log) {
      super(reason + tail(log));
    }
  }

  /** What the process is started with. */
  public static final class Builder {

    private final Container container;
    private final Map<String, Path> wars = new LinkedHashMap<>();
    private final Map<String, String> variables = new LinkedHashMap<>();
    private final Map<String, String> properties = new LinkedHashMap<>();
    private final List<String> jvmArguments = new ArrayList<>();
    private String levels = "INFO";
    private final List<String> wrapper = new ArrayList<>();
    private @Nullable Path classPath;
    private boolean encrypted = TestSettings.ENCRYPTED;

    private Builder(Container container) {
      this.container = container;
    }

    /**
     * Deploys a WAR.
     *
     * @param contextPath such as {@code /shop}; empty for the root
     * @param war file or directory
     */
    public Builder deploy(String contextPath, Path war) {
      wars.put(contextPath, war);
      return this;
    }

    /** Sets a variable of the environment. */
    public Builder environment(String name, String value) {
      variables.put(name, value);
      return this;
    }

    /** Leaves the key out that all tests may have been given; the test says why. */
    public Builder inTheClear() {
      encrypted = false;
      return this;
    }

    /** Sets a system property. */
    public Builder systemProperty(String name, String value) {
      properties.put(name, value);
      return this;
    }

    /** Adds arguments for the JVM. */
    public Builder jvm(String... arguments) {
      jvmArguments.addAll(List.of(arguments));
      return this;
    }

    /** Starts it by this command, such as {@code faketime -f +10m}. */
    public Builder under(String... command) {
      wrapper.addAll(List.of(command));
      return this;
    }

    /** Puts a directory or jar on the container's own class path. */
    public Builder containerClassPath(Path entry) {
      classPath = entry;
      return this;
    }

    /**
     * Logs everything that these loggers and those below them have to say, instead of INFO and
     * worse. An empty name is the root of all loggers; beware that a container at that level logs
     * the headers of every request.
     */
    public Builder logEverythingOf(String... loggers) {
      for (String logger : loggers) {
        levels =
            logger.isEmpty() ? levels.replaceFirst("\\w+", "ALL") : levels + "," + logger + "=ALL";
      }
      return this;
    }

    /**
     * Starts it and waits until all is deployed.
     *
     * @throws DeploymentFailedException with the container's own messages
     */
    public ContainerNode start() {
      ContainerNode node = begin();
      node.port();
      return node;
    }

    /**
     * Starts it and lets whoever first needs it wait, so that the next one can start meanwhile. A
     * failed deployment is told then.
     */
    public ContainerNode begin() {
      try {
        return new ContainerNode(this);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private Process launch(Path directory, Map<String, JavaxWar> javaxWars) throws IOException {
      List<String> command = new ArrayList<>(wrapper);
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      // A short life on few cores: the quick compiler and the simple collector start sooner.
      command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
      command.addAll(jvmArguments);
      properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
      List<Path> jars = new ArrayList<>(container.jars());
      if (classPath != null) {
        jars.add(requireNonNull(classPath));
      }
      command.add("-cp");
      command.add(
          jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
      command.add("dev.holdfast.container.driver.Node");
      command.add(Files.createDirectory(directory.resolve("container")).toString());
      command.add(levels);
      for (Map.Entry<String, Path> war : wars.entrySet()) {
        command.add(war.getKey());
        Path deployed = war.getValue();
        if (container.isJavax()) {
          // What the tests compile names jakarta.servlet.
          JavaxWar javax = new JavaxWar(deployed, directory.resolve("javax-" + command.size()));
          javaxWars.put(war.getKey(), javax);
          deployed = javax.directory();
        }
        command.add(deployed.toAbsolutePath().toString());
      }
      ProcessBuilder builder =
          new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
      builder.environment().keySet().removeIf(name -> name.startsWith("HOLDFAST_"));
      if (encrypted) {
        builder.environment().put("HOLDFAST_ENCRYPTION_KEYS", TestSettings.KEY);
      }
      builder.environment().putAll(variables);
      return builder.start();
    }
  }
}
