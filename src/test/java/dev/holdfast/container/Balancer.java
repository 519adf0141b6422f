package dev.holdfast.container;

import static org.awaitility.Awaitility.await;

import dev.holdfast.redis.testing.FreePorts;
import dev.holdfast.testing.Executables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real balancer in front of two nodes, on a free port, with all its files below one directory. It
 * is configured as {@code balancers.md} says, but for addresses and for what makes it run here.
 */
abstract class Balancer implements Server, AutoCloseable {
  /** Which clients the first node gets. */
  enum Intake {
    /** Those that have its name, and new ones. */
    ALL,
    /** Those that have its name. */
    ITS_OWN,
    NOBODY
  }

  /** The balancers, and whether this machine has them. */
  enum Kind {
    HAPROXY("HAProxy", "haproxy"),
    NGINX("nginx", "nginx"),
    MOD_PROXY("Apache with mod_proxy_balancer", "apache2"),
    MOD_JK("Apache with mod_jk", "apache2");

    private final String heading;
    private final String program;

    Kind(String heading, String program) {
      this.heading = heading;
      this.program = program;
    }

    boolean isPossible() {
      return Executables.isThere(program)
          && (this != MOD_JK || Files.exists(Apache.MODULES.resolve("mod_jk.so")));
    }

    /** Whether it wants the name behind the session's id. */
    boolean wantsSuffix() {
      return this == MOD_PROXY || this == MOD_JK;
    }

    /** Starts it and waits until it listens. */
    Balancer start(Path directory, Upstream one, Upstream two) throws IOException {
      Balancer balancer =
          switch (this) {
            case HAPROXY -> new HaProxy(directory, one, two);
            case NGINX -> new Sticky(directory, one, two);
            case MOD_PROXY -> new ModProxy(directory, one, two);
            case MOD_JK -> new ModJk(directory, one, two);
          };
      balancer.start();
      return balancer;
    }

    /** The text of this balancer's configuration in the documentation. */
    private String documented(String language) throws IOException {
      String page = Files.readString(Path.of("src/site/markdown/balancers.md"));
      String section = page.substring(page.indexOf("\n## " + heading + "\n"));
      Matcher block =
          Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(section);
      if (!block.find()) {
        throw new IllegalStateException("balancers.md has no " + language + " for " + heading);
      }
      return block.group(1);
    }
  }

  /** A node, by its ports at 127.0.0.1. */
  record Upstream(int http, int ajp) {}

  private static final Duration START = Duration.ofSeconds(20);
  private static final HttpClient ADMIN = HttpClient.newHttpClient();

  final Path directory;
  final Upstream one;
  final Upstream two;
  final int port = FreePorts.one();
  private Process process;

  private Balancer(Path directory, Upstream one, Upstream two) {
    this.directory = directory;
    this.one = one;
    this.two = two;
  }

  /** What starts it in the foreground, once its files are written. */
  abstract List<String> command() throws IOException;

  /** Decides who gets to the first node. */
  abstract void intake(Intake intake) throws IOException;

  /** The documented text with the addresses of the nodes. */
  final String addressed(String text) {
    return text.replace("10.0.0.1:8080", "127.0.0.1:" + one.http)
        .replace("10.0.0.2:8080", "127.0.0.1:" + two.http);
  }

  /** Replaces what must be there. */
  static String with(String text, String what, String by) {
    if (!text.contains(what)) {
      throw new IllegalStateException("balancers.md has no \"" + what + "\" in\n" + text);
    }
    return text.replace(what, by);
  }

  private void start() throws IOException {
    process =
        new ProcessBuilder(command())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output.log").toFile())
            .start();
    await().atMost(START).until(() -> !process.isAlive() || listens());
    if (!process.isAlive()) {
      throw new IOException("it ended: " + log());
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public URI address() {
    return URI.create("http://127.0.0.1:" + port);
  }

  @Override
  public String log() {
    StringBuilder log = new StringBuilder();
    for (String file : List.of("output.log", "error.log")) {
      try {
        log.append(
            Files.exists(directory.resolve(file)) ? Files.readString(directory.resolve(file)) : "");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return log.toString();
  }

  /** Ends it with its workers. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A page of the balancer itself. */
  final String admin(HttpRequest.Builder request) throws IOException {
    try {
      HttpResponse<String> answer = ADMIN.send(request.build(), BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException(answer + "\n" + answer.body() + log());
      }
      return answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  /** Its admin's socket moves the node from one state to the next. */
  private static final class HaProxy extends Balancer {
    private final Path socket = directory.resolve("a");

    HaProxy(Path directory, Upstream one, Upstream two) {
      super(directory, one, two);
    }

    @Override
    List<String> command() throws IOException {
      String text = addressed(Kind.HAPROXY.documented("haproxy"));
      text = with(text, "bind :80\n", "bind 127.0.0.1:" + port + "\n");
      text = with(text, "/run/haproxy/admin.sock", socket.toString());
      Path file = Files.writeString(directory.resolve("haproxy.cfg"), text);
      return List.of("haproxy", "-db", "-f", file.toString());
    }

    @Override
    void intake(Intake intake) throws IOException {
      String state =
          switch (intake) {
            case ALL -> "ready";
            case ITS_OWN -> "drain";
            case NOBODY -> "maint";
          };
      try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        channel.connect(UnixDomainSocketAddress.of(socket));
        String line = "set server nodes/node-1 state " + state + "\n";
        channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
        ByteBuffer answer = ByteBuffer.allocate(1000);
        while (channel.read(answer) >= 0) {
          // Until it closes.
        }
        String said = new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
        if (!said.isBlank()) {
          throw new IOException(said);
        }
      }
    }
  }

  /** Its file is changed and read again. */
  private static final class Sticky extends Balancer {
    private final Path file = directory.resolve("nginx.conf");

    Sticky(Path directory, Upstream one, Upstream two) {
      super(directory, one, two);
    }

    private void write(Intake intake) throws IOException {
      String text = Kind.NGINX.documented("nginx");
      if (intake != Intake.ALL) {
        text =
            with(
                text,
                "upstream all {\n  server 10.0.0.1:8080;",
                "upstream all {\n  server 10.0.0.1:8080 down;");
      }
      if (intake == Intake.NOBODY) {
        text = with(text, "node-1  node_1;", "node-1 node_2;");
      }
      text = with(addressed(text), "listen 80;", "listen 127.0.0.1:" + port + ";");
      // Without the first line it changes to a user that may not write here, if it was root.
      Files.writeString(
          file,
          """
          %s
          daemon off;
          worker_processes 1;
          pid nginx.pid;
          events {}
          http {
            access_log off;
            client_body_temp_path tmp/body;
            proxy_temp_path tmp/proxy;
            fastcgi_temp_path tmp/fastcgi;
            uwsgi_temp_path tmp/uwsgi;
            scgi_temp_path tmp/scgi;
          %s
          }
          """
              .formatted(isRoot() ? "user root;" : "", text));
    }

    private List<String> nginx(String... more) {
      return Stream.concat(
              Stream.of(
                  "nginx", "-p", directory.toString(), "-c", file.toString(), "-e", "error.log"),
              Stream.of(more))
          .toList();
    }

    @Override
    List<String> command() throws IOException {
      Files.createDirectories(directory.resolve("tmp"));
      write(Intake.ALL);
      return nginx();
    }

    @Override
    void intake(Intake intake) throws IOException {
      write(intake);
      Process reload = new ProcessBuilder(nginx("-s", "reload")).inheritIO().start();
      try {
        if (reload.waitFor() != 0) {
          throw new IOException("no reload: " + log());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What both modules need of Debian's Apache to run here. */
  private abstract static class Apache extends Balancer {
    static final Path MODULES = Path.of("/usr/lib/apache2/modules");

    Apache(Path directory, Upstream one, Upstream two) {
      super(directory, one, two);
    }

    /** The application of the test whose session's cookie ends in the name. */
    static String ofSuffixed(String text) {
      return text.replace("shop", "desk");
    }

    final List<String> command(String modules, String text) throws IOException {
      StringBuilder conf = new StringBuilder();
      for (String module : ("mpm_event authz_core authz_host " + modules).split(" ")) {
        conf.append("LoadModule ")
            .append(module)
            .append("_module ")
            .append(MODULES.resolve("mod_" + module + ".so"))
            .append('\n');
      }
      conf.append(
          """
          ServerRoot %1$s
          ServerName 127.0.0.1
          DefaultRuntimeDir %1$s
          PidFile %1$s/pid
          ErrorLog %1$s/error.log
          Listen 127.0.0.1:%2$d
          StartServers 1
          ThreadsPerChild 25
          %3$s
          """
              .formatted(directory, port, isRoot() ? "User www-data\nGroup www-data" : ""));
      conf.append(text);
      Path file = Files.writeString(directory.resolve("apache.conf"), conf);
      return List.of("apache2", "-D", "FOREGROUND", "-f", file.toString());
    }
  }

  /** By its manager's page, whose forms carry a secret of this run. */
  private static final class ModProxy extends Apache {
    private static final Pattern NONCE = Pattern.compile("nonce=([0-9a-f-]+)");

    ModProxy(Path directory, Upstream one, Upstream two) {
      super(directory, one, two);
    }

    @Override
    List<String> command() throws IOException {
      return command(
          "proxy proxy_http slotmem_shm lbmethod_byrequests proxy_balancer",
          addressed(ofSuffixed(Kind.MOD_PROXY.documented("apache"))));
    }

    @Override
    void intake(Intake intake) throws IOException {
      URI manager = address().resolve("/balancer-manager");
      Matcher nonce = NONCE.matcher(admin(HttpRequest.newBuilder(manager)));
      if (!nonce.find()) {
        throw new IOException("the manager's page has no nonce");
      }
      String form =
          "b=nodes&w=http://127.0.0.1:"
              + one.http()
              + "&nonce="
              + nonce.group(1)
              + "&w_status_N="
              + (intake == Intake.ITS_OWN ? 1 : 0)
              + "&w_status_D="
              + (intake == Intake.NOBODY ? 1 : 0);
      admin(
          HttpRequest.newBuilder(manager)
              .header("Content-Type", "application/x-www-form-urlencoded")
              .header("Referer", manager.toString())
              .POST(HttpRequest.BodyPublishers.ofString(form)));
    }
  }

  /** By requests for its status. */
  private static final class ModJk extends Apache {
    ModJk(Path directory, Upstream one, Upstream two) {
      super(directory, one, two);
    }

    @Override
    List<String> command() throws IOException {
      String workers = ofSuffixed(Kind.MOD_JK.documented("properties"));
      workers = with(workers, "host=10.0.0.1\nworker.node-1.port=8009", port(1, one));
      workers = with(workers, "host=10.0.0.2\nworker.node-2.port=8009", port(2, two));
      Path file = Files.writeString(directory.resolve("workers.properties"), workers);
      return command(
          "jk",
          "JkWorkersFile "
              + file
              + "\nJkLogFile "
              + directory.resolve("jk.log")
              + "\nJkShmFile "
              + directory.resolve("jk.shm")
              + "\n"
              + ofSuffixed(Kind.MOD_JK.documented("apache")));
    }

    private static String port(int number, Upstream node) {
      return "host=127.0.0.1\nworker.node-" + number + ".port=" + node.ajp();
    }

    @Override
    void intake(Intake intake) throws IOException {
      String query = "cmd=update&from=list&w=nodes&sw=node-1&vwa=" + intake.ordinal();
      admin(HttpRequest.newBuilder(address().resolve("/jk-status?" + query)));
    }
  }
}
