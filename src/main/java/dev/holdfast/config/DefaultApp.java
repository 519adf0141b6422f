package dev.holdfast.config;

import java.net.IDN;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The default of {@code app}: the context path, with the virtual host in front of it if the
 * application has one of its own. All nodes of an application must arrive at the same name, so the
 * name that a container gives to an unnamed host is left out.
 *
 * <p>Tomcat answers with engine and host, {@code Catalina/localhost}; the engine only tells the
 * services of one Tomcat apart, which {@code AppClaim} does too. Jetty answers with the first
 * virtual host of the context, or null without one; Undertow with {@code localhost}; WildFly {@code
 * default-host}; Open Liberty {@code default_host}; GlassFish and Payara {@code server}.
 *
 * @param virtualServer as {@code ServletContext.getVirtualServerName()} gives it
 * @param contextPath as {@code ServletContext.getContextPath()} gives it
 */
record DefaultApp(@Nullable String virtualServer, String contextPath) {
  private static final Set<String> UNNAMED =
      Set.of("", "localhost", "default-host", "default_host", "server");

  /** The name, which need not be a valid one. */
  String name() {
    String path = contextPath.startsWith("/") ? contextPath.substring(1) : contextPath;
    String application = path.isEmpty() ? "root" : path.replace('/', '-');
    String host = host();
    // No host name has an underscore, so the first one ends the host.
    return UNNAMED.contains(host)
        ? application
        : host.replaceAll("[^a-z0-9.-]", "-") + "_" + application;
  }

  private String host() {
    String server = virtualServer == null ? "" : virtualServer;
    String host = server.substring(server.lastIndexOf('/') + 1);
    try {
      return IDN.toASCII(host).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return host.toLowerCase(Locale.ROOT);
    }
  }
}
