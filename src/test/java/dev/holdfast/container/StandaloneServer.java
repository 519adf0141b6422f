package dev.holdfast.container;

import static org.awaitility.Awaitility.await;

import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A server as it is downloaded, with the library in its own {@code lib} as {@code server-wide.md}
 * says, and WARs that know nothing of it. Its script and its deployer are its own.
 */
final class StandaloneServer implements Server, AutoCloseable {
  /** What is downloaded. */
  enum Kind {
    TOMCAT("tomcat-examples"),
    JETTY("jetty-home");

    private final String folder;

    Kind(String folder) {
      this.folder = folder;
    }

    /** The folder in between names the version. */
    Path home() {
      Path distribution =
          Path.of(System.getProperty("holdfast.containers", "target/containers"), folder, "dist");
      try (Stream<Path> versions = Files.list(distribution)) {
        return versions.findFirst().orElseThrow().toAbsolutePath();
      } catch (IOException e) {
        throw new UncheckedIOException(
            distribution + " is missing; \"mvn pre-integration-test\" makes it", e);
      }
    }
  }

  private static final Duration START = Duration.ofMinutes(3);
  private static final Pattern LOADER =
      Pattern.compile(
          " +\\d+: +(\\d+) +\\d+ +org\\.(?:apache|eclipse)\\.[\\w.]*\\.(?:Parallel)?Web[Aa]ppClassLoader\\b.*");

  private static final String SERVER_XML =
      """
      <Server port="-1">
        <Service name="Catalina">
          <Connector port="%d" address="127.0.0.1"/>
          <Engine name="Catalina" defaultHost="localhost" backgroundProcessorDelay="1">
            <Host name="localhost" appBase="webapps" autoDeploy="true" unpackWARs="true"/>
          </Engine>
        </Service>
      </Server>
      """;

  private final Kind kind;
  private final Path base;
  private final Path log;
  private final int port = FreePorts.one();
  private Process process;

  private StandaloneServer(Kind kind, Path base) {
    this.kind = kind;
    this.base = base;
    this.log = base.resolve("output.log");
  }

  /**
   * Sets up a base directory, which has no application yet.
   *
   * @param settings the server's {@code holdfast.properties}
   */
  static StandaloneServer in(Path base, Kind kind, String settings) throws IOException {
    StandaloneServer server = new StandaloneServer(kind, base);
    Path jar = Path.of(System.getProperty("holdfast.all.jar")).toAbsolutePath();
    Path library = kind == Kind.TOMCAT ? base.resolve("lib") : base.resolve("lib/holdfast");
    Files.createDirectories(library);
    Files.createDirectories(base.resolve("webapps"));
    Files.copy(jar, library.resolve(jar.getFileName()));
    Files.writeString(library.resolve("holdfast.properties"), settings);
    if (kind == Kind.TOMCAT) {
      Files.createDirectories(base.resolve("temp"));
      Path conf = Files.createDirectories(base.resolve("conf"));
      for (String file : List.of("web.xml", "catalina.properties", "context.xml")) {
        Files.copy(kind.home().resolve("conf").resolve(file), conf.resolve(file));
      }
      Files.writeString(conf.resolve("server.xml"), SERVER_XML.formatted(server.port));
    } else {
      Path modules = Files.createDirectories(base.resolve("modules"));
      Files.writeString(modules.resolve("holdfast.mod"), documentedModule());
      Files.createDirectories(base.resolve("environments"));
    }
    return server;
  }

  private static String documentedModule() throws IOException {
    String page = Files.readString(Path.of("src/site/markdown/server-wide.md"));
    Matcher block = Pattern.compile("```ini\n(.*?)```", Pattern.DOTALL).matcher(page);
    if (!block.find()) {
      throw new IllegalStateException("server-wide.md has no module for Jetty");
    }
    return block.group(1);
  }

  /** Puts an application into the folder that the server watches. */
  StandaloneServer deploy(String name, Path war) throws IOException {
    try (Stream<Path> files = Files.walk(war)) {
      Path target = base.resolve("webapps").resolve(name);
      for (Path file : (Iterable<Path>) files::iterator) {
        Path copy = target.resolve(war.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
    return this;
  }

  /** Starts it and waits until it serves these applications. */
  StandaloneServer start(String... contextPaths) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command())
            .directory(base.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("HOLDFAST_"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    if (TestSettings.ENCRYPTED) {
      builder.environment().put("HOLDFAST_ENCRYPTION_KEYS", TestSettings.KEY);
    }
    if (kind == Kind.TOMCAT) {
      builder.environment().put("CATALINA_BASE", base.toString());
      builder.environment().put("CATALINA_HOME", kind.home().toString());
      builder.environment().put("CATALINA_OPTS", String.join(" ", jvm()));
    }
    process = builder.start();
    try {
      await()
          .atMost(START)
          .until(
              () ->
                  !process.isAlive()
                      || Arrays.stream(contextPaths).allMatch(path -> serves(path, "/probe")));
    } catch (ConditionTimeoutException e) {
      close();
      throw new IOException("it has not started: " + log(), e);
    }
    if (!process.isAlive()) {
      throw new IOException("it has not started: " + log());
    }
    return this;
  }

  private static List<String> jvm() {
    return List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m");
  }

  private List<String> command() {
    if (kind == Kind.TOMCAT) {
      return List.of("sh", kind.home().resolve("bin/catalina.sh").toString(), "run");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm());
    command.addAll(
        List.of(
            "-jar",
            kind.home().resolve("start.jar").toString(),
            "jetty.home=" + kind.home(),
            "jetty.base=" + base,
            // Before the modules: Jetty takes what stands behind one of ee11 for ee11 alone.
            "jetty.http.host=127.0.0.1",
            "jetty.http.port=" + port,
            "jetty.deploy.scanInterval=1",
            "--modules=http,ee11-deploy,holdfast"));
    return command;
  }

  /** Whether an application answers. */
  boolean serves(String contextPath, String path) {
    try {
      return browser(contextPath).get(path).status() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** Has the server's own deployer reload an application, whose descriptor has changed. */
  void redeploy(String name) throws IOException {
    Path changed =
        kind == Kind.TOMCAT
            ? base.resolve("webapps").resolve(name).resolve("WEB-INF/web.xml")
            : base.resolve("webapps").resolve(name);
    long before = deployments(name);
    // A second apart from the last time, which is as fine as some of them look.
    Files.setLastModifiedTime(changed, FileTime.from(Instant.now().plusSeconds(2)));
    await().atMost(START).until(() -> deployments(name) > before);
  }

  /** How often an application has begun, by our start-up report. */
  long deployments(String name) {
    return Pattern.compile("keeps the sessions of /" + name + " ").matcher(log()).results().count();
  }

  /** Takes an application out of the folder, and waits until the server has noticed. */
  void undeploy(String name) throws IOException {
    Path folder = base.resolve("webapps").resolve(name);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    await().atMost(START).until(() -> browser("/" + name).get("/probe").status() == 404);
  }

  /** Live class loaders of web applications, after a full collection. */
  long loaders() throws IOException {
    return jcmd("GC.class_histogram")
        .lines()
        .map(LOADER::matcher)
        .filter(Matcher::matches)
        .mapToLong(line -> Long.parseLong(line.group(1)))
        .sum();
  }

  /** Names of the threads that the library started for an application. */
  List<String> threads(String app) throws IOException {
    return Pattern.compile("^\"(" + app + "-[^\"]*)\"", Pattern.MULTILINE)
        .matcher(jcmd("Thread.print"))
        .results()
        .map(thread -> thread.group(1))
        .toList();
  }

  private String jcmd(String command) throws IOException {
    String tool = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process asking =
        new ProcessBuilder(tool, "" + process.pid(), command).redirectErrorStream(true).start();
    return new String(asking.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
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

  /** Stops it in order, as the signal of an init system does. */
  @Override
  public void close() {
    if (process == null) {
      return;
    }
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
