package dev.holdfast.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The application as a directory that a container serves, with the jars of one contender. */
final class War {
  private War() {}

  /**
   * Makes the directory.
   *
   * @param built where the build has left the jars of each contender
   */
  static Path of(Contender contender, Path built, Path directory) throws IOException {
    Path libraries = Files.createDirectories(directory.resolve("WEB-INF").resolve("lib"));
    copyJars(built.resolve("application").resolve("lib"), libraries);
    for (String folder : contender.libraries()) {
      copyJars(built.resolve(folder).resolve("lib"), libraries);
    }
    Files.writeString(
        directory.resolve("WEB-INF").resolve("web.xml"),
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
          <servlet>
            <servlet-name>application</servlet-name>
            <servlet-class>%s</servlet-class>
            <init-param>
              <param-name>copy</param-name>
              <param-value>%s</param-value>
            </init-param>
            <async-supported>true</async-supported>
          </servlet>
          <servlet-mapping>
            <servlet-name>application</servlet-name>
            <url-pattern>/page</url-pattern>
          </servlet-mapping>
        </web-app>
        """
            .formatted(contender.servlet(), contender.copy()));
    return directory;
  }

  /** Tomcat's file for the context; names Redisson's manager where that is asked for. */
  static void context(Path war, Contender contender, int redisPort) throws IOException {
    Path metadata = Files.createDirectories(war.resolve("META-INF"));
    String manager = "";
    if (contender.serverLibraries().contains("redisson")) {
      Path settings = metadata.resolve("redisson.yaml");
      Files.writeString(
          settings,
          """
          singleServerConfig:
            address: "redis://127.0.0.1:%d"
          """
              .formatted(redisPort));
      manager =
          "<Manager className=\"org.redisson.tomcat.RedissonSessionManager\" configPath=\"%s\"/>"
              .formatted(settings);
    }
    Files.writeString(metadata.resolve("context.xml"), "<Context>" + manager + "</Context>\n");
  }

  private static void copyJars(Path from, Path to) throws IOException {
    try (Stream<Path> jars = Files.list(from)) {
      for (Path jar : jars.filter(file -> file.toString().endsWith(".jar")).toList()) {
        Files.copy(jar, to.resolve(jar.getFileName()));
      }
    }
  }
}
