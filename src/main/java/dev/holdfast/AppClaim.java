package dev.holdfast;

import dev.holdfast.config.Settings;
import dev.holdfast.text.Printable;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The name of an application in Redis. Only one web application of this JVM may have it: two under
 * one name would read each other's sessions. A web application is known by its context path and its
 * virtual server, so a new version beside the old one shares the name; the application at the same
 * path of another host, or of another engine of the same Tomcat, does not.
 *
 * <p>Each web application loads this class from its own jar. So the claims are kept in something
 * that all of them share: the system properties of the JVM. Nothing is checked across JVMs, where
 * another node of the same application and another application of the same name look alike. So do
 * two embedded servers in one JVM that both leave engine and host at their default names.
 *
 * @param property name of the system property
 * @param application virtual server and context path of the web application
 */
record AppClaim(String property, String application) implements AutoCloseable {

  /**
   * Claims the name that the settings give.
   *
   * @param virtualServer as {@code ServletContext.getVirtualServerName()} gives it
   * @throws IllegalArgumentException when another web application has it
   */
  static AppClaim take(Settings settings, @Nullable String virtualServer, String contextPath) {
    String name = settings.prefix() + ":" + settings.app();
    AppClaim claim =
        new AppClaim(
            "dev.holdfast.claim " + name + " " + settings.redis().keyspace(),
            shown(virtualServer, contextPath));
    String before = claim.change(1);
    if (before != null && !before.equals(claim.application)) {
      throw new IllegalArgumentException(
          "app: the application at "
              + before
              + " of this server has its sessions under "
              + name
              + " too, so the one at "
              + claim.application
              + " would read them: set another app for one of the two (holdfast.app in its web.xml)");
    }
    return claim;
  }

  /** Releases the name, so that others can claim it. */
  @Override
  public void close() {
    change(-1);
  }

  /**
   * Adds or removes one holder, unless another application has the name.
   *
   * @return the application that had it before, or null
   */
  private @Nullable String change(int by) {
    Properties shared = System.getProperties();
    AtomicReference<@Nullable String> before = new AtomicReference<>();
    shared.compute(
        property,
        (key, value) -> {
          String[] countAndHolder = value == null ? new String[0] : value.toString().split(" ", 2);
          if (countAndHolder.length < 2) {
            return by < 0 ? null : by + " " + application;
          }
          before.set(countAndHolder[1]);
          int count = Integer.parseInt(countAndHolder[0]) + by;
          if (!countAndHolder[1].equals(application)) {
            return value;
          }
          return count <= 0 ? null : count + " " + application;
        });
    return before.get();
  }

  private static String shown(@Nullable String virtualServer, String contextPath) {
    String path = Printable.of(contextPath.isEmpty() ? "/" : contextPath);
    return virtualServer == null ? path : path + " of " + Printable.of(virtualServer);
  }
}
