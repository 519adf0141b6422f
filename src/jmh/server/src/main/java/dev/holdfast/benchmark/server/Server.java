package dev.holdfast.benchmark.server;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.ContextConfig;
import org.apache.catalina.startup.Tomcat;

/**
 * Tomcat with one web application, until its standard input ends. Prints one line when it serves:
 * the port of the application and the port that tells what the process has used so far, as {@code
 * <CPU nanoseconds> <bytes allocated>}.
 */
public final class Server {
  private Server() {}

  /** Serves the WAR in the directory {@code arguments[1]} as {@code /<arguments[0]>}. */
  public static void main(String[] arguments) throws IOException, LifecycleException {
    Tomcat tomcat = new Tomcat();
    Path base = Path.of(arguments[2]);
    tomcat.setBaseDir(base.toString());
    tomcat.getHost().setAppBase(base.toString());
    Connector connector = new Connector();
    connector.setProperty("address", "127.0.0.1");
    connector.setProperty("maxKeepAliveRequests", "-1");
    connector.setPort(0);
    tomcat.setConnector(connector);

    StandardContext context = new StandardContext();
    context.setName("/" + arguments[0]);
    context.setPath("/" + arguments[0]);
    context.setDocBase(arguments[1]);
    context.setConfigFile(Path.of(arguments[1], "META-INF", "context.xml").toUri().toURL());
    context.addLifecycleListener(new ContextConfig());
    context.setParentClassLoader(Server.class.getClassLoader());
    tomcat.getHost().addChild(context);
    tomcat.start();
    if (context.getState() != LifecycleState.STARTED) {
      throw new IllegalStateException(arguments[0] + " did not start: see the log above");
    }

    HttpServer usage =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    usage.createContext(
        "/",
        exchange -> {
          byte[] answer = usage().getBytes(StandardCharsets.US_ASCII);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    usage.start();
    System.out.println("ready " + connector.getLocalPort() + " " + usage.getAddress().getPort());
    while (System.in.read() >= 0) {
      // The runner holds the other end.
    }
    System.exit(0);
  }

  /** Of all threads that live: those that serve do so as long as the process. */
  private static String usage() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = 0;
    for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
      allocated += Math.max(0, bytes);
    }
    return system.getProcessCpuTime() + " " + allocated;
  }
}
