package dev.holdfast.cli;

import dev.holdfast.config.LoadedSettings;
import dev.holdfast.config.Settings;
import dev.holdfast.config.SettingsLoader;
import dev.holdfast.config.Source;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which application's sessions: its settings, from where the nodes have them. */
final class SettingsOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A holdfast.properties, such as the one in the WAR.")
  @Nullable Path config;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description =
          "A setting, as in an init-param. Everybody on this machine can read a command line: give"
              + " passwords and keys in the environment or in a file.")
  Map<String, String> set = new LinkedHashMap<>();

  @Option(names = "--redis-uri", paramLabel = "URI", description = "Short for --set redis.uri=URI.")
  @Nullable String redisUri;

  @Option(names = "--app", paramLabel = "NAME", description = "Short for --set app=NAME.")
  @Nullable String app;

  @Option(
      names = "--context-path",
      paramLabel = "PATH",
      description = "The application's context path, from which its name comes: /shop is shop.")
  @Nullable String contextPath;

  @Option(
      names = "--class-path",
      paramLabel = "JARS",
      description =
          "Jars, or directories of jars, with the driver of backup.database and the classes that"
              + " settings name; separated as in a Java class path.")
  @Nullable String classPath;

  /**
   * What an admin waits longer for than a request, unless it is set: a process that has just begun
   * takes a second to load what talks to a database.
   */
  private static final Map<String, String> PATIENCE =
      Map.of("redis.timeout", "5s", "redis.connect-timeout", "10s", "backup.timeout", "10s");

  /**
   * Reads them: the command line is the strongest source, then system properties, the environment,
   * and the file.
   *
   * @throws IllegalArgumentException when they are wrong; names all faults
   */
  Settings load() {
    List<Source> sources = new ArrayList<>();
    Map<String, String> options = new LinkedHashMap<>(set);
    put(options, "redis.uri", redisUri);
    put(options, "app", app);
    sources.add(Source.commandLine(options));
    List<Source> shared = new ArrayList<>();
    shared.add(Source.systemProperties(System.getProperties()));
    shared.add(Source.environment(System.getenv()));
    if (config != null) {
      shared.add(Source.file(config));
    }
    if (contextPath != null) {
      String path = contextPath.equals("/") ? "" : contextPath;
      shared.forEach(source -> sources.add(source.forOne(path)));
    }
    shared.forEach(source -> sources.add(source.forAll()));
    sources.add(Source.commandLine(PATIENCE));
    LoadedSettings loaded = SettingsLoader.load(sources, contextPath == null ? "" : contextPath);
    if (contextPath == null
        && loaded.report().stream().noneMatch(written -> written.name().equals("app"))) {
      throw new MissingApplicationException();
    }
    return loaded.settings();
  }

  private static void put(Map<String, String> options, String name, @Nullable String value) {
    if (value != null) {
      options.put(name, value);
    }
  }

  /**
   * The class loader of what the settings name. The caller closes it.
   *
   * @throws IllegalArgumentException when a jar is not there
   */
  URLClassLoader loader() {
    List<URL> urls = new ArrayList<>();
    if (classPath != null) {
      for (String element : classPath.split(File.pathSeparator, -1)) {
        add(urls, Path.of(element));
      }
    }
    return new URLClassLoader(urls.toArray(URL[]::new), SettingsOptions.class.getClassLoader());
  }

  private static void add(List<URL> urls, Path element) {
    try {
      if (Files.isDirectory(element)) {
        urls.add(element.toUri().toURL());
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(element, "*.jar")) {
          for (Path jar : jars) {
            urls.add(jar.toUri().toURL());
          }
        }
      } else if (Files.isReadable(element)) {
        urls.add(element.toUri().toURL());
      } else {
        throw new IllegalArgumentException("--class-path: " + element + " is not there");
      }
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("--class-path: " + element + " is no path", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("--class-path: " + element + " cannot be read", e);
    }
  }

  /** Nothing says which application: its name has no default here. */
  static final class MissingApplicationException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    MissingApplicationException() {
      super(
          "Which application? Give --app NAME, or --context-path PATH if its name is not set on the"
              + " nodes; their start-up report says it under \"keys\"");
    }
  }
}
