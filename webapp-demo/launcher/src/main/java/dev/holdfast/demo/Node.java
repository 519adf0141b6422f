package dev.holdfast.demo;

import jakarta.servlet.ServletException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.logging.LogManager;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * One server of the demo, started by the supervisor as a process of its own. Its settings come on
 * standard input up to an empty line; the end of the input ends the process.
 */
public final class Node {
  private static final int THREADS = 40;

  private Node() {}

  public static void main(String[] args) throws Exception {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.ISO_8859_1));
    Properties settings = readSettings(input);
    Path base = Path.of(settings.getProperty("directory"));
    Thread watch = new Thread(() -> dieWithTheSupervisor(input, base), "supervisor-watch");
    watch.setDaemon(true);
    watch.start();
    try (InputStream logging = Node.class.getResourceAsStream("logging.properties")) {
      LogManager.getLogManager().readConfiguration(logging);
    }
    try {
      serve(settings, base);
    } catch (ServletException | IOException e) {
      System.out.println("Not started. " + e.getMessage());
      Runtime.getRuntime().halt(1);
    } catch (Exception e) {
      e.printStackTrace(System.out);
      Runtime.getRuntime().halt(1);
    }
  }

  private static Properties readSettings(BufferedReader input) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line = input.readLine(); line != null && !line.isEmpty(); line = input.readLine()) {
      text.append(line).append('\n');
    }
    Properties settings = new Properties();
    settings.load(new StringReader(text.toString()));
    return settings;
  }

  private static void dieWithTheSupervisor(BufferedReader input, Path base) {
    try {
      while (input.readLine() != null) {
        // Nothing is said after the settings; only the end matters.
      }
    } catch (IOException e) {
      // As good as the end.
    }
    TemporaryDirectory.delete(base);
    Runtime.getRuntime().halt(0);
  }

  private static void serve(Properties settings, Path base) throws Exception {
    int number = Integer.parseInt(settings.getProperty("number"));
    String name = "node-" + number;
    Control control =
        new Control(
            Integer.parseInt(settings.getProperty("control.port")),
            settings.getProperty("control.token"),
            number);
    SessionReader reader = new SessionReader(System.getenv("HOLDFAST_REDIS_URI"));

    QueuedThreadPool threads = new QueuedThreadPool(THREADS);
    threads.setName(name);
    Server server = new Server(threads);
    ServerConnector connector = new ServerConnector(server, 1, 1);
    connector.setHost(settings.getProperty("bind"));
    connector.setPort(Integer.parseInt(settings.getProperty("port")));
    server.addConnector(connector);

    Path unpacked = base.resolve(name + "-" + ProcessHandle.current().pid());
    Files.createDirectories(unpacked);
    WebAppContext webapp = new WebAppContext();
    webapp.setContextPath("/");
    webapp.setWar(settings.getProperty("war"));
    webapp.setTempDirectory(unpacked.toFile());
    webapp.setThrowUnavailableOnStartupException(true);
    webapp.setInitParameter("demo.node", name);
    webapp.setInitParameter("demo.nodes", settings.getProperty("nodes"));
    webapp.setInitParameter("demo.admin", settings.getProperty("admin") + "/");
    webapp.setInitParameter("demo.panel", "/inspector/");
    webapp.setInitParameter("org.eclipse.jetty.servlet.Default.dirAllowed", "false");

    Handler contexts =
        new ContextHandlerCollection(
            context("/inspector", new Inspector(number, control, reader)),
            context("/admin", new NodeButtons(number, control)),
            webapp);
    server.setHandler(new CookieWatch(name, control, contexts));
    server.start();
    control.ready();
    server.join();
  }

  private static ContextHandler context(String path, Handler handler) {
    ContextHandler context = new ContextHandler(handler, path);
    context.setAllowNullPathInContext(true);
    return context;
  }
}
