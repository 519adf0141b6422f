package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.redis.testing.RunningRedis;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An application that starts its server itself and lies on the class path, without WEB-INF. Which
 * classes are its own is told from how the JVM was started. In the clear: with a key all are.
 */
class EmbeddedServersIT {
  private static final RunningRedis REDIS = RunningRedis.shared();
  private static final Path CONTAINERS = Path.of(System.getProperty("holdfast.containers"));
  private static final Path LIBRARIES = Path.of(System.getProperty("holdfast.libs"));
  private static final Path JAR = Path.of(System.getProperty("holdfast.jar"));

  private static final String VALUE =
      """
      package %s;
      public class %s implements java.io.Serializable {}
      """;

  /** Stores a value of each class and says which of them are in the store. */
  private static final String SHOP =
      """
      package com.acme.shop;
      import jakarta.servlet.http.*;
      public class Shop extends HttpServlet {
        protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws java.io.IOException {
          HttpSession session = request.getSession();
          session.setAttribute("own", new Cart());
          session.setAttribute("beside", new com.acme.shared.User());
          session.setAttribute("foreign", new org.other.Thing());
          response.getWriter().print("served");
        }
      }
      """;

  private static final String TOMCAT =
      """
      package com.acme.shop;
      import org.apache.catalina.*;
      import org.apache.catalina.startup.Tomcat;
      import org.apache.tomcat.util.descriptor.web.*;
      public class TomcatMain {
        public static void main(String[] arguments) throws Exception {
          Tomcat tomcat = new Tomcat();
          tomcat.setBaseDir(arguments[0]);
          tomcat.setPort(0);
          tomcat.getConnector();
          Context context = tomcat.addContext("/shop", new java.io.File(arguments[0]).getAbsolutePath());
          Tomcat.addServlet(context, "shop", new Shop());
          context.addServletMappingDecoded("/cart", "shop");
          FilterDef definition = new FilterDef();
          definition.setFilterName("holdfast");
          definition.setFilter(new dev.holdfast.HoldfastFilter());
          definition.setAsyncSupported("true");
          context.addFilterDef(definition);
          FilterMap map = new FilterMap();
          map.setFilterName("holdfast");
          map.addURLPattern("/*");
          context.addFilterMap(map);
          tomcat.start();
          System.out.println("LISTENS " + tomcat.getConnector().getLocalPort());
        }
      }
      """;

  private static final String JETTY =
      """
      package com.acme.shop;
      import jakarta.servlet.DispatcherType;
      import java.util.EnumSet;
      import org.eclipse.jetty.ee11.servlet.*;
      import org.eclipse.jetty.server.*;
      public class JettyMain {
        public static void main(String[] arguments) throws Exception {
          Server server = new Server(0);
          ServletContextHandler context = new ServletContextHandler("/shop", ServletContextHandler.SESSIONS);
          context.addServlet(new Shop(), "/cart");
          FilterHolder filter = new FilterHolder(new dev.holdfast.HoldfastFilter());
          filter.setAsyncSupported(true);
          context.addFilter(filter, "/*", EnumSet.allOf(DispatcherType.class));
          server.setHandler(context);
          server.start();
          System.out.println("LISTENS " + ((ServerConnector) server.getConnectors()[0]).getLocalPort());
        }
      }
      """;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "tomcat-11, TomcatMain, directory",
    "tomcat-11, TomcatMain, jar",
    "tomcat-11, TomcatMain, executable jar",
    "tomcat-11, TomcatMain, bundle",
    "jetty-12.1-ee11, JettyMain, directory",
    "jetty-12.1-ee11, JettyMain, jar"
  })
  void theApplicationOnTheClassPathMayStoreItsClassesAndThoseBeside(
      String container, String main, String layout) throws Exception {
    List<Path> server = jars(CONTAINERS.resolve(container).resolve("lib"));
    server.removeIf(jar -> jar.getFileName().toString().startsWith(container));
    server.addAll(jars(LIBRARIES));
    server.add(JAR);
    Path shared = directory.resolve("shared");
    compile(shared, List.of(), VALUE.formatted("com.acme.shared", "User"));
    Path other = directory.resolve("other");
    compile(other, List.of(), VALUE.formatted("org.other", "Thing"));
    Path shop = directory.resolve("shop");
    List<Path> needed = new ArrayList<>(server);
    needed.addAll(List.of(shared, other));
    String source = main.equals("JettyMain") ? JETTY : TOMCAT;
    compile(shop, needed, source, SHOP, VALUE.formatted("com.acme.shop", "Cart"));

    List<Path> libraries = new ArrayList<>(server);
    libraries.add(jar("shared.jar", null, List.of(shared)));
    libraries.add(jar("other.jar", null, List.of(other)));
    String mainClass = "com.acme.shop." + main;
    List<String> command =
        switch (layout) {
          case "directory" -> classPath(shop, libraries, mainClass);
          case "jar" -> classPath(jar("shop.jar", null, List.of(shop)), libraries, mainClass);
          case "executable jar" ->
              List.of(
                  "-jar",
                  jar("shop.jar", manifest(mainClass, libraries), List.of(shop)).toString());
          default -> {
            List<Path> all = new ArrayList<>(List.of(shop));
            all.addAll(libraries);
            yield List.of("-jar", jar("all.jar", manifest(mainClass, List.of()), all).toString());
          }
        };
    assertStoresOwnClassesOnly(command);
  }

  private void assertStoresOwnClassesOnly(List<String> command) throws Exception {
    Path base = Files.createDirectories(directory.resolve("base"));
    List<String> all = new ArrayList<>(List.of(java(), "-XX:TieredStopAtLevel=1", "-Xmx256m"));
    all.addAll(command);
    all.add(base.toString());
    String app = "embedded" + System.nanoTime();
    ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
    builder.environment().put("HOLDFAST_REDIS_URI", REDIS.uri());
    builder.environment().put("HOLDFAST_APP", app);
    Process process = builder.start();
    StringBuilder log = new StringBuilder();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      String line;
      while ((line = out.readLine()) != null && !line.startsWith("LISTENS ")) {
        log.append(line).append('\n');
      }
      assertThat(line).as(log.toString()).isNotNull();
      try (InputStream page =
          java.net
              .URI
              .create("http://127.0.0.1:" + line.substring(8) + "/shop/cart")
              .toURL()
              .openStream()) {
        assertThat(new String(page.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("served");
      }
      String key =
          REDIS.keys().stream()
              .filter(name -> name.startsWith("holdfast:" + app + ":{"))
              .findFirst()
              .orElseThrow();
      assertThat(REDIS.hash(key).keySet())
          .as(log.toString())
          .contains("a:own", "a:beside")
          .doesNotContain("a:foreign");
      assertThat(log).contains("directories of the class path");
    } finally {
      process.destroyForcibly();
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static List<String> classPath(Path application, List<Path> libraries, String main) {
    List<String> entries = new ArrayList<>(List.of(application.toString()));
    libraries.forEach(library -> entries.add(library.toString()));
    return List.of("-cp", String.join(File.pathSeparator, entries), main);
  }

  private static String manifest(String main, List<Path> libraries) {
    StringBuilder manifest = new StringBuilder("Manifest-Version: 1.0\nMain-Class: " + main + "\n");
    if (!libraries.isEmpty()) {
      manifest.append("Class-Path:");
      libraries.forEach(library -> manifest.append(" \n  ").append(library.toUri()));
      manifest.append('\n');
    }
    return manifest.toString();
  }

  private static List<Path> jars(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return new ArrayList<>(files.filter(file -> file.toString().endsWith(".jar")).toList());
    }
  }

  private void compile(Path into, List<Path> classPath, String... sources) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", into.toString()));
    arguments.add("-cp");
    arguments.add(String.join(File.pathSeparator, classPath.stream().map(Path::toString).toList()));
    Path folder = Files.createTempDirectory(directory, "source");
    for (String source : sources) {
      String name = source.replaceAll("(?s).*?public class (\\w+).*", "$1");
      arguments.add(Files.writeString(folder.resolve(name + ".java"), source).toString());
    }
    Files.createDirectories(into);
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, arguments.toArray(String[]::new)))
        .isZero();
  }

  /** Of directories and jars, without entries for directories, as many a tool makes it. */
  private Path jar(String name, String manifest, List<Path> parts) throws IOException {
    Path jar = directory.resolve(name);
    Set<String> written = new HashSet<>();
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.setLevel(Deflater.BEST_SPEED);
      if (manifest != null) {
        put(out, written, "META-INF/MANIFEST.MF", manifest.getBytes(StandardCharsets.UTF_8));
      }
      for (Path part : parts) {
        if (Files.isDirectory(part)) {
          try (Stream<Path> files = Files.walk(part)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
              String entry = part.relativize(file).toString().replace(File.separatorChar, '/');
              put(out, written, entry, Files.readAllBytes(file));
            }
          }
          continue;
        }
        try (JarFile from = new JarFile(part.toFile())) {
          for (JarEntry entry : from.stream().toList()) {
            boolean signed = entry.getName().matches("META-INF/(MANIFEST.MF|.*[.](SF|RSA|DSA))");
            if (!entry.isDirectory() && !signed && !entry.getName().endsWith("module-info.class")) {
              put(out, written, entry.getName(), from.getInputStream(entry).readAllBytes());
            }
          }
        }
      }
    }
    return jar;
  }

  private static void put(JarOutputStream out, Set<String> written, String name, byte[] content)
      throws IOException {
    if (written.add(name)) {
      out.putNextEntry(new JarEntry(name));
      out.write(content);
      out.closeEntry();
    }
  }
}
