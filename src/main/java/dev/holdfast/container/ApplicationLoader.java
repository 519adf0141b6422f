package dev.holdfast.container;

import jakarta.servlet.ServletContext;

/** Where a web application's classes come from. */
public final class ApplicationLoader {
  private ApplicationLoader() {}

  /**
   * The class loader of a web application. A context of an embedded Jetty need not have one; its
   * classes are then where this library is.
   */
  public static ClassLoader of(ServletContext context) {
    ClassLoader own = context.getClassLoader();
    return own != null ? own : ApplicationLoader.class.getClassLoader();
  }
}
