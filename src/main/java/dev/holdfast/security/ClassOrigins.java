package dev.holdfast.security;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.function.Predicate;

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
   * Judges by the location alone. A package is known when the loader finds its directory, which
   * holds for directories and for archives that have entries for them.
   */
  static ClassOrigins byLocation(
      ClassLoader loader, Predicate<URL> application, Predicate<URL> library) {
    return new ClassOrigins() {
      @Override
      public Origin of(String resource, URL location) {
        if (application.test(location)) {
          return Origin.APPLICATION;
        }
        return library.test(location) ? Origin.LIBRARY : Origin.ELSEWHERE;
      }

      @Override
      public boolean hasApplicationPackage(String path) {
        try {
          return Collections.list(loader.getResources(path)).stream().anyMatch(application);
        } catch (IOException e) {
          return false;
        }
      }
    };
  }

  /**
   * Judges by the path inside a WAR, as Tomcat ({@code file:} and {@code war:}/{@code jar:}) and
   * Jetty ({@code file:} and {@code jar:file:...war!/WEB-INF/classes}) spell it. A deployment that
   * mounts its classes from elsewhere needs {@link #byLocation} or an implementation that asks the
   * ServletContext.
   */
  static ClassOrigins webApplication(ClassLoader loader) {
    return byLocation(
        loader,
        url -> url.toString().contains("/WEB-INF/classes/"),
        url -> url.toString().contains("/WEB-INF/lib/"));
  }
}
