package dev.holdfast;

import dev.holdfast.config.Settings;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The name of an application in Redis, which only one web application of this JVM may have: two
 * under one name would read each other's sessions (security checklist, "Cross-app leakage"). Two of
 * one context path may: a new version beside the old one, or one application on two hosts.
 *
 * <p>Each web application has this class from its own jar, so what they share is with the JVM: a
 * system property. Between JVMs nothing is checked, because nodes of one application cannot be told
 * from another application of the same name.
 *
 * @param property name of the system property
 * @param contextPath of the web application
 */
record AppClaim(String property, String contextPath) implements AutoCloseable {

  /**
   * Takes the name that the settings say.
   *
   * @throws IllegalArgumentException when a web application with another context path has it
   */
  static AppClaim take(Settings settings, String contextPath) {
    String uri = settings.redis().uri();
    String name = settings.prefix() + ":" + settings.app();
    AppClaim claim =
        new AppClaim(
            "dev.holdfast.claim " + name + " " + uri.substring(uri.lastIndexOf('@') + 1),
            contextPath);
    String before = claim.change(1);
    if (before != null && !before.equals(contextPath)) {
      throw new IllegalArgumentException(
          "app: the application at "
              + shown(before)
              + " of this server has its sessions under "
              + name
              + " too, so the one at "
              + shown(contextPath)
              + " would read them: set another app for one of the two (holdfast.app in its web.xml)");
    }
    return claim;
  }

  /** Lets others take the name. */
  @Override
  public void close() {
    change(-1);
  }

  /**
   * Counts one holder more or less, unless another context path has the name.
   *
   * @return the context path that had it before, or null
   */
  private @Nullable String change(int by) {
    Properties shared = System.getProperties();
    AtomicReference<@Nullable String> before = new AtomicReference<>();
    shared.compute(
        property,
        (key, value) -> {
          String[] countAndPath = value == null ? new String[0] : value.toString().split(" ", 2);
          if (countAndPath.length < 2) {
            return by < 0 ? null : by + " " + contextPath;
          }
          before.set(countAndPath[1]);
          int count = Integer.parseInt(countAndPath[0]) + by;
          if (!countAndPath[1].equals(contextPath)) {
            return value;
          }
          return count <= 0 ? null : count + " " + contextPath;
        });
    return before.get();
  }

  private static String shown(String contextPath) {
    return contextPath.isEmpty() ? "/" : contextPath;
  }
}
