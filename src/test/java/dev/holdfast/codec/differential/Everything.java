package dev.holdfast.codec.differential;

import dev.holdfast.codec.ClassAllowList;
import dev.holdfast.codec.ClassOrigins;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Lists of classes for the tests: all of them, or the default. */
final class Everything {
  private static final Set<String> NAMES = names();

  private record AllFrom(Origin origin) implements ClassOrigins {
    @Override
    public Origin of(String resource, URL location) {
      return origin;
    }

    @Override
    public boolean hasApplicationPackage(String path) {
      return origin == Origin.APPLICATION;
    }
  }

  private Everything() {}

  /** Allows every class there is. */
  static ClassAllowList allowed(ClassLoader loader) {
    return new ClassAllowList(loader, new AllFrom(ClassOrigins.Origin.APPLICATION), NAMES);
  }

  /** Allows what an application gets without a setting. */
  static ClassAllowList byDefault(ClassLoader loader) {
    return new ClassAllowList(loader, new AllFrom(ClassOrigins.Origin.APPLICATION), Set.of());
  }

  /** Allows what is allowed by default in the JDK, and of all else what is named. */
  static ClassAllowList listed(ClassLoader loader, Set<String> names) {
    return new ClassAllowList(loader, new AllFrom(ClassOrigins.Origin.ELSEWHERE), names);
  }

  /** The classes that Java's streams of some values name. */
  static Set<String> namedInStreams(TypeTable table, List<String> values) {
    Set<String> names = new HashSet<>();
    for (String value : values) {
      try {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ObjectOutputStream out =
            new ObjectOutputStream(bytes) {
              @Override
              protected void annotateClass(Class<?> type) {
                if (!type.isArray() && !type.isPrimitive() && !type.isHidden()) {
                  names.add(type.getName());
                }
              }
            };
        out.writeObject(table.make(value));
      } catch (IOException | RuntimeException e) {
        // Not Serializable: no list makes it so.
        continue;
      }
    }
    return names;
  }

  /** The class that Java serialization brings for a value. */
  static Set<String> reachedFrom(Object value, ClassLoader loader) {
    JavaSerialization.Outcome read = new JavaSerialization(loader).roundTrip(value);
    boolean named = read.value() != null && !read.value().getClass().isHidden();
    return named && !read.value().getClass().isArray()
        ? Set.of(read.value().getClass().getName())
        : Set.of();
  }

  /** Every class of the JDK, and those of libraries that no other rule allows. */
  private static Set<String> names() {
    Set<String> names = new HashSet<>();
    addClasses(names, FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules"), 2);
    for (String jar : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (jar.matches(".*/(groovy|commons-collections4|spring-aop|spring-beans)-[^/]*[.]jar")) {
        try (FileSystem files = FileSystems.newFileSystem(Path.of(jar))) {
          addClasses(names, files.getPath("/"), 0);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return names;
  }

  private static void addClasses(Set<String> names, Path root, int leadingNames) {
    try (Stream<Path> files = Files.walk(root)) {
      files
          .filter(file -> file.getNameCount() > leadingNames)
          .map(file -> file.subpath(leadingNames, file.getNameCount()).toString())
          .filter(file -> file.endsWith(".class") && !file.contains("-"))
          .forEach(file -> names.add(file.substring(0, file.length() - 6).replace('/', '.')));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
