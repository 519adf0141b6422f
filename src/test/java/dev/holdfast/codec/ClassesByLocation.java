package dev.holdfast.codec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.function.Predicate;

/**
 * Tells the parts of a deployment by their URLs, where there is no container to ask.
 *
 * @param loader finds packages
 * @param application accepts URLs of the application's own classes
 * @param library accepts URLs of its libraries'
 */
public record ClassesByLocation(
    ClassLoader loader, Predicate<URL> application, Predicate<URL> library)
    implements ClassOrigins {

  /** The parts of an unpacked WAR. */
  public static ClassOrigins ofWar(ClassLoader loader) {
    return new ClassesByLocation(loader, part("/WEB-INF/classes/"), part("/WEB-INF/lib/"));
  }

  /** The tests are the application, and it has no libraries. */
  public static ClassOrigins ofTests(ClassLoader loader) {
    return new ClassesByLocation(loader, part("/test-classes/"), url -> false);
  }

  private static Predicate<URL> part(String path) {
    return url -> url.toString().contains(path);
  }

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
      throw new UncheckedIOException(e);
    }
  }
}
