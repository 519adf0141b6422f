package dev.holdfast.codec;

import java.net.URL;

/** Tells which part of a deployment a class comes from, by its class file, before it is loaded. */
public interface ClassOrigins {

  /** The parts of a deployment, as far as trust in their classes goes. */
  enum Origin {
    /** The application's own classes: WEB-INF/classes. */
    APPLICATION,
    /** A library that the application brings along: WEB-INF/lib. */
    LIBRARY,
    /** The container, the platform, anything else. */
    ELSEWHERE
  }

  /**
   * Where a class file lies.
   *
   * @param resource as {@code com/acme/Cart.class}
   * @param location where the application's class loader finds it
   */
  Origin of(String resource, URL location);

  /**
   * Whether the application's own classes (not its libraries) have anything under a package.
   *
   * @param path the package as {@code com/acme/}, with the slash at its end
   */
  boolean hasApplicationPackage(String path);

  /**
   * What counts as the application and what as its libraries, in a few words for the start-up
   * report.
   */
  default String describe() {
    return "WEB-INF/classes, what is in WEB-INF/lib beside these";
  }
}
