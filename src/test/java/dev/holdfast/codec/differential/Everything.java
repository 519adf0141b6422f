package dev.holdfast.codec.differential;

import dev.holdfast.security.ClassAllowList;
import dev.holdfast.security.ClassOrigins;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/** Lists of classes for the tests: all of them, or the default. */
final class Everything {
  private static final Set<String> JDK = jdk();

  /** All that is no part of the JDK is the application's. */
  private static final ClassOrigins APPLICATION =
      new ClassOrigins() {
        @Override
        public Origin of(String resource, URL location) {
          return Origin.APPLICATION;
        }

        @Override
        public boolean hasApplicationPackage(String path) {
          return true;
        }
      };

  private Everything() {}

  /**
   * Allows every class there is.
   *
   * @param packages denied as a whole otherwise, and allowed here, as {@code org.acme.*}
   */
  static ClassAllowList allowed(ClassLoader loader) {
    return new ClassAllowList(loader, APPLICATION, JDK);
  }

  /** Allows what an application gets without a setting. */
  static ClassAllowList byDefault(ClassLoader loader) {
    return new ClassAllowList(loader, APPLICATION, Set.of());
  }

  private static Set<String> jdk() {
    Set<String> names = new HashSet<>();
    Path modules = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules");
    try (Stream<Path> files = Files.walk(modules)) {
      files
          .map(Path::toString)
          .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
          .map(file -> file.substring(file.indexOf('/', "/modules/".length()) + 1))
          .forEach(file -> names.add(file.substring(0, file.length() - 6).replace('/', '.')));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return names;
  }
}
