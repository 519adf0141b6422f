package dev.holdfast.container;

import dev.holdfast.container.app.ProbeServlet;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * Puts a WAR together. {@link #in} writes it out as a directory, {@link #packedIn} as a file; the
 * builder can be used again after either.
 */
public final class WarBuilder {

  private static final String WEB_XML_HEAD =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
      """;

  /** The probe's elements but for its listener. */
  public static final String SERVLET =
      """
      <servlet>
        <servlet-name>probe</servlet-name>
        <servlet-class>dev.holdfast.container.app.ProbeServlet</servlet-class>
        <async-supported>true</async-supported>
      </servlet>
      <servlet-mapping>
        <servlet-name>probe</servlet-name>
        <url-pattern>/probe</url-pattern>
      </servlet-mapping>
      <login-config>
        <auth-method>BASIC</auth-method>
        <realm-name>holdfast-test</realm-name>
      </login-config>
      <security-role><role-name>user</role-name></security-role>
      <security-role><role-name>admin</role-name></security-role>
      """;

  private static final String PROBE =
      """
      <listener>
        <listener-class>dev.holdfast.container.app.RecordingListener</listener-class>
      </listener>
      """
          + SERVLET;

  /** Writes one entry. */
  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private final Map<String, Content> entries = new TreeMap<>();

  private WarBuilder() {}

  /** Nothing in it yet, not even a web.xml. */
  public static WarBuilder empty() {
    return new WarBuilder();
  }

  /** The probe at {@code /probe}, its listeners and the roles of the driver's users. */
  public static WarBuilder probe() {
    return empty().packageOf(ProbeServlet.class).webXml(PROBE);
  }

  /** The same with more elements in its web.xml, before the probe's own. */
  public static WarBuilder probe(String moreElements) {
    return probe().webXml(moreElements + PROBE);
  }

  /** Everything that a directory holds, such as a WAR that another build left unpacked. */
  public static WarBuilder copyOf(Path war) {
    WarBuilder copy = empty();
    try (Stream<Path> files = Files.walk(war)) {
      files
          .filter(Files::isRegularFile)
          .forEach(file -> copy.file(war.relativize(file).toString(), file));
    } catch (IOException e) {
      throw new UncheckedIOException(war + " is missing; \"mvn pre-integration-test\" makes it", e);
    }
    return copy;
  }

  /** Adds a class and all that are nested in it. */
  public WarBuilder classes(Class<?>... classes) {
    for (Class<?> type : classes) {
      addClasses(type, type.getSimpleName());
    }
    return this;
  }

  /** Adds all classes of the package that this one is in, but not of packages below. */
  public WarBuilder packageOf(Class<?> type) {
    addClasses(type, "");
    return this;
  }

  private void addClasses(Class<?> type, String simpleName) {
    Path root = originOf(type);
    Path directory = root.resolve(type.getPackageName().replace('.', '/'));
    try (Stream<Path> files = Files.list(directory)) {
      files
          .filter(file -> isClassNamed(file.getFileName().toString(), simpleName))
          .forEach(file -> file("WEB-INF/classes/" + root.relativize(file), file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The jar or folder that a class of the tests comes from. */
  static Path originOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(type.getName(), e);
    }
  }

  private static boolean isClassNamed(String fileName, String simpleName) {
    return fileName.endsWith(".class")
        && (simpleName.isEmpty()
            || fileName.equals(simpleName + ".class")
            || fileName.startsWith(simpleName + "$"));
  }

  /** Adds jars to WEB-INF/lib. */
  public WarBuilder libraries(Path... jars) {
    for (Path jar : jars) {
      file("WEB-INF/lib/" + jar.getFileName(), jar);
    }
    return this;
  }

  /** Adds the library and, beside it, everything that it needs. */
  public WarBuilder holdfast() {
    libraries(jarNamedBy("holdfast.jar"));
    Path needed = librariesOfHoldfast();
    try (Stream<Path> jars = Files.list(needed)) {
      return libraries(jars.sorted().toArray(Path[]::new));
    } catch (IOException e) {
      throw new UncheckedIOException(
          needed + " is missing; \"mvn pre-integration-test\" makes it", e);
    }
  }

  /** What the jar without libraries needs beside it. */
  static Path librariesOfHoldfast() {
    return Path.of(System.getProperty("holdfast.libs", "target/libs"));
  }

  /** Adds the library's all-in-one jar. */
  public WarBuilder holdfastAll() {
    return libraries(jarNamedBy("holdfast.all.jar"));
  }

  static Path jarNamedBy(String property) {
    String jar = System.getProperty(property);
    if (jar == null || !Files.isRegularFile(Path.of(jar))) {
      throw new IllegalStateException(
          "the system property "
              + property
              + " names no jar: "
              + jar
              + "; \"mvn verify\" makes the jar and names it");
    }
    return Path.of(jar);
  }

  /** Writes web.xml from what stands between {@code <web-app>} and {@code </web-app>}. */
  public WarBuilder webXml(String elements) {
    return resource("WEB-INF/web.xml", WEB_XML_HEAD + elements + "</web-app>\n");
  }

  /** Adds a text file in UTF-8, such as {@code WEB-INF/classes/holdfast.properties}. */
  public WarBuilder resource(String path, String text) {
    entries.put(path, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    return this;
  }

  /** Adds a file of these bytes. */
  public WarBuilder bytes(String path, byte[] bytes) {
    entries.put(path, out -> out.write(bytes));
    return this;
  }

  private void file(String path, Path file) {
    entries.put(path, out -> Files.copy(file, out));
  }

  /** Writes the WAR as a new directory in this one. */
  public Path in(Path directory) {
    try {
      return writeTo(Files.createTempDirectory(directory, "war"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the WAR in place of the one in this directory. */
  public void over(Path war) {
    clear(war);
    writeTo(war);
  }

  /** Deletes all that is in a directory. */
  static void clear(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .sorted(Comparator.reverseOrder())
          .filter(file -> !file.equals(directory))
          .forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path writeTo(Path war) {
    try {
      for (Map.Entry<String, Content> entry : entries.entrySet()) {
        Path file = war.resolve(entry.getKey());
        Files.createDirectories(file.getParent());
        try (OutputStream out = Files.newOutputStream(file)) {
          entry.getValue().writeTo(out);
        }
      }
      return war;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the WAR as a new file in this directory. */
  public Path packedIn(Path directory) {
    try {
      Path war = Files.createTempFile(directory, "app", ".war");
      try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(war))) {
        for (Map.Entry<String, Content> entry : entries.entrySet()) {
          out.putNextEntry(new ZipEntry(entry.getKey()));
          entry.getValue().writeTo(out);
          out.closeEntry();
        }
      }
      return war;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
