package dev.holdfast.container;

import jakarta.servlet.ServletContext;
import org.jspecify.annotations.Nullable;

/** Which of the versions that Tomcat can have of an application at one path, side by side. */
public final class ContextVersion {
  private ContextVersion() {}

  /** What stands behind {@code ##} in the name of a WAR on Tomcat; null for an only version. */
  public static @Nullable String of(ServletContext context) {
    try {
      Object standard = Reflection.tomcatContext(context);
      return Reflection.call(standard, "getWebappVersion") instanceof String version
              && !version.isEmpty()
          ? version
          : null;
    } catch (ReflectiveOperationException | RuntimeException e) {
      // Another container.
      return null;
    }
  }
}
