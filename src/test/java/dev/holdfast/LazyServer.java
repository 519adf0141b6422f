package dev.holdfast;

import dev.holdfast.api.Sessions;
import io.undertow.Undertow;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.api.ServletSessionConfig;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * An Undertow with one application, in a JVM of its own: settings are among the system properties
 * and variables, which the tests' own JVM has others of. Deploys, does as it is told and prints
 * what it sees.
 *
 * <p>Arguments: the deployment's features, separated by commas, then steps: {@code look}, {@code
 * get}, {@code undeploy}.
 */
final class LazyServer {
  private final DeploymentManager manager;
  private final HttpClient client = HttpClient.newHttpClient();
  private String cookie = "";

  private LazyServer(DeploymentManager manager) {
    this.manager = manager;
  }

  /** Counts in the session. */
  public static final class Counter extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      HttpSession session = request.getSession();
      int count = session.getAttribute("count") instanceof Integer before ? before + 1 : 1;
      session.setAttribute("count", count);
      response.getWriter().print("served " + count);
    }
  }

  /** Says of the cookie what no browser takes. */
  public static final class Spoiler implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
      event.getServletContext().getSessionCookieConfig().setAttribute("SameSite", "None");
    }
  }

  /** Shows that something of the application has run. */
  public static final class Witness implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
      System.out.println("THE APPLICATION RUNS");
    }
  }

  /** Ends this JVM when anything goes wrong: Undertow's threads would keep it alive. */
  public static void main(String[] arguments) {
    try {
      run(arguments);
    } catch (Throwable e) {
      e.printStackTrace(System.out);
      System.exit(1);
    }
  }

  private static void run(String[] arguments) throws Exception {
    DeploymentManager manager =
        Servlets.newContainer().addDeployment(shop(Set.of(arguments[0].split(","))));
    try {
      manager.deploy();
    } catch (RuntimeException e) {
      e.printStackTrace(System.out);
      System.out.println("NOT DEPLOYED " + traces());
      return;
    }
    LazyServer server = new LazyServer(manager);
    Undertow undertow =
        Undertow.builder().addHttpListener(0, "127.0.0.1").setHandler(manager.start()).build();
    undertow.start();
    System.out.println("LISTENING");
    for (String step : List.of(arguments).subList(1, arguments.length)) {
      switch (step) {
        case "look" -> server.look();
        case "get" -> server.get(undertow);
        default -> server.undeploy();
      }
    }
    undertow.stop();
  }

  private static DeploymentInfo shop(Set<String> features) {
    DeploymentInfo shop =
        Servlets.deployment()
            .setClassLoader(LazyServer.class.getClassLoader())
            .setContextPath("/shop")
            .setDeploymentName("shop")
            .addServletContainerInitializer(
                new ServletContainerInitializerInfo(HoldfastInitializer.class, Set.of()))
            .addListener(Servlets.listener(Witness.class))
            .addServlet(Servlets.servlet("counter", Counter.class).addMapping("/count"));
    if (features.contains("declared")) {
      addFilter(shop, "sessions");
    }
    if (features.contains("again")) {
      addFilter(shop, "more-sessions");
    }
    if (features.contains("spoiled")) {
      shop.addListener(Servlets.listener(Spoiler.class));
    }
    if (features.contains("named")) {
      shop.setServletSessionConfig(new ServletSessionConfig().setName("SHOP"));
    }
    return shop;
  }

  /** As web.xml does it. */
  private static void addFilter(DeploymentInfo shop, String name) {
    shop.addFilter(
            Servlets.filter(name, HoldfastFilter.class)
                .addInitParam("prefix", "declared")
                .setAsyncSupported(true))
        .addFilterUrlMapping(name, "/*", DispatcherType.REQUEST);
  }

  private void look() {
    ServletContext context = manager.getDeployment().getServletContext();
    System.out.println(
        "LOOK "
            + traces()
            + " sessions: "
            + (Sessions.of(context) != null)
            + ", the container's cookie: "
            + context.getSessionCookieConfig().getName());
  }

  /** Threads of the library, and claims on names. */
  private static Set<String> traces() {
    Set<String> traces = new TreeSet<>();
    Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("holdfast-"))
        .forEach(traces::add);
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.startsWith("dev.holdfast.claim "))
        .map(name -> name.split(" ")[1])
        .forEach(claim -> traces.add("claims " + claim));
    return traces;
  }

  private void get(Undertow undertow) throws Exception {
    int port = ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/count"));
    if (!cookie.isEmpty()) {
      request.header("Cookie", cookie);
    }
    HttpResponse<String> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    response
        .headers()
        .firstValue("Set-Cookie")
        .ifPresent(set -> cookie = set.substring(0, set.indexOf(';')));
    System.out.println(
        "GET "
            + response.statusCode()
            + " "
            + cookie.replaceAll("=.*", "")
            + " "
            + response.body().lines().findFirst().orElse(""));
  }

  private void undeploy() throws Exception {
    manager.stop();
    manager.undeploy();
    // A thread that was told to end may take a moment.
    long deadline = System.nanoTime() + 5_000_000_000L;
    while (!traces().isEmpty() && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    System.out.println("UNDEPLOYED " + traces());
  }
}
