package dev.holdfast;

import dev.holdfast.codec.ClassOrigins;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.util.Collections;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * The classes of an application that starts its server itself and lies on the JVM's class path.
 *
 * <p>The application is what lies in directories and in the jar of the main class; all other jars
 * are its libraries. A jar that contains this library as well is a bundle of the application and
 * all its libraries: in it, the application is what shares its first two package segments with the
 * main class.
 */
final class LaunchedClasses implements ClassOrigins {
  private static final String JAR = "jar:";
  private static final String CLASS = ".class";

  private final ClassLoader loader;

  /** The jar of the main class, as a URL; null when that class lies in a directory. */
  private final @Nullable String mainJar;

  /** The package of the main class as {@code com/acme/}; null when the whole jar counts. */
  private final @Nullable String mainPackage;

  private LaunchedClasses(
      ClassLoader loader, @Nullable String mainJar, @Nullable String mainPackage) {
    this.loader = loader;
    this.mainJar = mainJar;
    this.mainPackage = mainPackage;
  }

  /**
   * The classes that this JVM was started with; null when this library is not among them: it then
   * came with a web application, and the class path is the server's.
   */
  static @Nullable LaunchedClasses ofThisJvm() {
    ClassLoader loader = ClassLoader.getSystemClassLoader();
    if (LaunchedClasses.class.getClassLoader() != loader) {
      return null;
    }
    String main = mainClass();
    URL mainFile = main == null ? null : loader.getResource(resource(main));
    String mainJar = mainFile == null ? null : jar(mainFile);
    if (main == null || mainJar == null) {
      return new LaunchedClasses(loader, null, null);
    }
    URL own = loader.getResource(resource(LaunchedClasses.class.getName()));
    boolean isBundle = own != null && mainJar.equals(jar(own));
    return new LaunchedClasses(loader, mainJar, isBundle ? firstSegments(resource(main)) : null);
  }

  private static String resource(String className) {
    return className.replace('.', '/') + CLASS;
  }

  /** The main class; null when the JVM does not say. */
  private static @Nullable String mainClass() {
    String command = System.getProperty("sun.java.command", "");
    String classPath = System.getProperty("java.class.path", "");
    boolean isJar = !classPath.isEmpty() && (command + " ").startsWith(classPath + " ");
    if (isJar && new File(classPath).isFile()) {
      try (JarFile jar = new JarFile(classPath)) {
        Manifest manifest = jar.getManifest();
        return manifest == null
            ? null
            : manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
      } catch (IOException e) {
        return null;
      }
    }
    String name = command.split(" ", 2)[0];
    return name.isEmpty() ? null : name.substring(name.indexOf('/') + 1);
  }

  /** Two segments of the package, or all if it has fewer, with a slash at the end. */
  private static String firstSegments(String resource) {
    int second = resource.indexOf('/', resource.indexOf('/') + 1);
    return resource.substring(0, (second < 0 ? resource.lastIndexOf('/') : second) + 1);
  }

  @Override
  public Origin of(String resource, URL location) {
    if (location.getProtocol().equals("file")) {
      return Origin.APPLICATION;
    }
    String jar = jar(location);
    if (jar == null) {
      return Origin.ELSEWHERE;
    }
    boolean isMain = jar.equals(mainJar) && (mainPackage == null || isInMainPackage(resource));
    return isMain ? Origin.APPLICATION : Origin.LIBRARY;
  }

  private boolean isInMainPackage(String resource) {
    String path = String.valueOf(mainPackage);
    return path.isEmpty() ? resource.indexOf('/') < 0 : resource.startsWith(path);
  }

  /** The jar that contains a class file, as a URL; null for a file outside of jars. */
  private static @Nullable String jar(URL file) {
    String text = file.toString();
    int end = text.indexOf("!/");
    return text.startsWith(JAR + "file:") && end > 0 ? text.substring(JAR.length(), end) : null;
  }

  @Override
  public boolean hasApplicationPackage(String path) {
    if (path.equals(mainPackage)) {
      return true;
    }
    try {
      boolean inDirectory =
          Collections.list(loader.getResources(path)).stream()
              .anyMatch(url -> url.getProtocol().equals("file"));
      return inDirectory || (mainJar != null && mainPackage == null && isInMainJar(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads the jar itself, because many jars have no entries for their directories. */
  private boolean isInMainJar(String path) throws IOException {
    try (JarFile jar = new JarFile(new File(URI.create(String.valueOf(mainJar))))) {
      return jar.stream().anyMatch(entry -> entry.getName().startsWith(path));
    }
  }

  @Override
  public String describe() {
    String main = mainJar == null ? "" : " and " + mainJar.substring(mainJar.lastIndexOf('/') + 1);
    String part = mainPackage == null ? "" : " below " + mainPackage.replace('/', '.') + "*";
    return "those in directories of the class path"
        + main
        + part
        + ", what is in other jars of the class path beside these";
  }
}
