package dev.holdfast.container;

import static org.awaitility.Awaitility.await;

import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.FreePorts;
import dev.holdfast.testing.Executables;
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
 * A server as it is downloaded or installed, with the library in its own {@code lib} as {@code
 * server-wide.md} says, and WARs that know nothing of it. Its script and its deployer are its own.
 */
final class StandaloneServer implements Server, AutoCloseable {
  /** Where it is from. */
  enum Kind {
    TOMCAT("tomcat-examples"),
    /** An instance of Debian's tomcat10, as a user without rights makes one. */
    DEBIAN("/usr/share/tomcat10"),
    JETTY("jetty-home");

    /** Of the package, or of what is downloaded. */
    private final String folder;

    Kind(String folder) {
      this.folder = folder;
    }

    boolean isPossible() {
      return this != DEBIAN || Executables.isThere(INSTANCE_CREATE);
    }

    boolean isTomcat() {
      return this != JETTY;
    }

    /** The folder in between names the version. */
    Path home() {
      if (this == DEBIAN) {
        return Path.of(folder);
      }
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

  /** Of Debian's package tomcat10-user. */
  private static final String INSTANCE_CREATE = "tomcat10-instance-create";

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
    Path library = kind.isTomcat() ? base.resolve("lib") : base.resolve("lib/holdfast");
    switch (kind) {
      case TOMCAT -> copy(kind.home().resolve("conf"), base.resolve("conf"));
      case DEBIAN -> server.createInstance();
      case JETTY -> {
        Path modules = Files.createDirectories(base.resolve("modules"));
        Files.writeString(modules.resolve("holdfast.mod"), documentedModule());
        Files.createDirectories(base.resolve("environments"));
      }
    }
    Files.createDirectories(library);
    Files.createDirectories(base.resolve("webapps"));
    Files.copy(jar, library.resolve(jar.getFileName()));
    Files.writeString(library.resolve("holdfast.properties"), settings);
    if (kind.isTomcat()) {
      Files.createDirectories(base.resolve("temp"));
      server
          .configure("server.xml", "port=\"\\d+\" shutdown", "port=\"-1\" shutdown")
          .configure(
              "server.xml",
              "(<Connector )port=\"\\d+\"",
              "$1address=\"127.0.0.1\" port=\"" + server.port + "\"")
          .configure(
              "server.xml", "defaultHost=\"localhost\">", "backgroundProcessorDelay=\"1\" $0");
    }
    return server;
  }

  private void createInstance() throws IOException {
    Process creating =
        new ProcessBuilder(
                INSTANCE_CREATE, "-p", "" + port, "-c", "" + FreePorts.one(), base.toString())
            .redirectErrorStream(true)
            .start();
    creating.getOutputStream().close();
    String told = new String(creating.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!told.contains("New Tomcat instance created")) {
      throw new IOException(INSTANCE_CREATE + ": " + told);
    }
  }

  /**
   * Changes one of the files in {@code conf}, where it first matches.
   *
   * @param by may refer to groups of the expression
   */
  StandaloneServer configure(String file, String expression, String by) throws IOException {
    Path path = base.resolve("conf").resolve(file);
    String text = Files.readString(path);
    String changed = Pattern.compile(expression).matcher(text).replaceFirst(by);
    if (changed.equals(text)) {
      throw new IllegalStateException(path + " has no " + expression);
    }
    Files.writeString(path, changed);
    return this;
  }

  /** Adds to a web.xml in {@code conf}, which need not be there. */
  StandaloneServer declare(String file, String elements) throws IOException {
    Path path = base.resolve("conf").resolve(file);
    if (!Files.exists(path)) {
      Files.createDirectories(path.getParent());
      Files.writeString(
          path,
          "<web-app xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"6.0\"></web-app>");
    }
    return configure(file, "</web-app>", Matcher.quoteReplacement(elements) + "$0");
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
    copy(war, base.resolve("webapps").resolve(name));
    return this;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }

  /** Starts it and waits until it serves these applications. */
  StandaloneServer start(String... contextPaths) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command())
            .directory(base.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("HOLDFAST_"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    if (TestSettings.ENCRYPTED) {
      builder.environment().put("HOLDFAST_ENCRYPTION_KEYS", TestSettings.KEY);
    }
    if (kind.isTomcat()) {
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
    if (kind.isTomcat()) {
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
        kind.isTomcat()
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
    remove(name);
    await().atMost(START).until(() -> browser("/" + name).get("/probe").status() == 404);
  }

  /** Takes an application out of the folder. */
  void remove(String name) throws IOException {
    Path folder = base.resolve("webapps").resolve(name);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** How many sessions of an application Tomcat's own manager has on disk. */
  long storedByTomcat(String name) throws IOException {
    Path work = base.resolve("work/Catalina/localhost").resolve(name);
    if (!Files.isDirectory(work)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(work)) {
      return files.filter(file -> file.toString().endsWith(".session")).count();
    }
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

  long pid() {
    return process.pid();
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
