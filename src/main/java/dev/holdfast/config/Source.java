package dev.holdfast.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One place where settings are written, in its own spelling. Holds a copy: what changes later is
 * not seen.
 */
public interface Source {

  /** As reports and faults name it, for example {@code system property}. */
  String name();

  /** The names written there that are meant for Holdfast, known or not. */
  Set<String> names();

  /**
   * What is written under a name.
   *
   * @param name in this source's spelling
   * @return the text as written, or null if it is not there
   */
  @Nullable String value(String name);

  /**
   * How this source spells a setting.
   *
   * @param setting the setting's name, for example {@code redis.connect-timeout}
   * @return at least one; the one to recommend comes first
   */
  List<String> spellings(String setting);

  /** This place without what is written there for one application of several. */
  Source forAll();

  /**
   * What is written in this place for one application: its names stand behind the context path in
   * brackets, as in {@code [/shop].app}, {@code [/]} for the root.
   *
   * @param contextPath as {@code ServletContext.getContextPath()} gives it
   */
  Source forOne(String contextPath);

  /** The context paths for which something is written in this place, in order. */
  Set<String> contextPaths();

  /**
   * The filter's init-params: the setting's name, with or without {@code holdfast.} in front. All
   * names are ours.
   */
  static Source initParams(Map<String, String> params) {
    return MapSource.ownNames("init-param", params);
  }

  /**
   * Init-params of a filter that the server declares for all of its applications. All names are
   * ours.
   */
  static Source initParamsOfServer(Map<String, String> params) {
    return MapSource.ownNames("init-param of the server", params);
  }

  /**
   * The web application's context-params whose names start with {@code holdfast.}; others are
   * ignored.
   */
  static Source contextParams(Map<String, String> params) {
    return MapSource.prefixed("context-param", params);
  }

  /**
   * System properties whose names start with {@code holdfast.}, but {@code holdfast.test.} and
   * {@code .demo.}.
   */
  static Source systemProperties(Properties properties) {
    return MapSource.prefixed("system property", MapSource.strings(properties));
  }

  /**
   * Variables whose names start with {@code HOLDFAST_}; in the rest, dots and dashes are written as
   * underscores. {@code HOLDFAST_TEST_} and {@code HOLDFAST_DEMO_} are ignored.
   */
  static Source environment(Map<String, String> variables) {
    return MapSource.variables("environment", variables);
  }

  /**
   * What a command line says: the setting's name, with or without {@code holdfast.} in front. All
   * names are ours.
   */
  static Source commandLine(Map<String, String> options) {
    return MapSource.ownNames("command line", options);
  }

  /**
   * A file of properties in UTF-8, in the spelling of {@link #classPathFile}.
   *
   * @throws ConfigurationException if the file is not there or cannot be read
   */
  static Source file(Path path) {
    return MapSource.ownNames(path.toString(), MapSource.strings(MapSource.read(path)));
  }

  /**
   * The file {@code holdfast.properties} in UTF-8, first one on the class path: the setting's name,
   * with or without {@code holdfast.} in front. All names are ours. No file is an empty source.
   *
   * @throws ConfigurationException if the file cannot be read
   */
  static Source classPathFile(ClassLoader loader) {
    return MapSource.ownNames(MapSource.FILE, MapSource.strings(MapSource.read(loader)));
  }
}
