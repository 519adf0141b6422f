package dev.holdfast.config;

import dev.holdfast.text.Printable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A source over a map; the kinds differ only in spelling and in which names belong to Holdfast. */
final class MapSource implements Source {

  static final String FILE = "holdfast.properties";

  private static final String PREFIX = "holdfast.";
  private static final String VARIABLE_PREFIX = "HOLDFAST_";

  /** How a name begins that is written for one application. */
  private static final Pattern SECTION = Pattern.compile("(?:holdfast\\.)?\\[(/[^\\]]*)\\]\\.");

  private final String name;
  private final Map<String, String> entries;
  private final Function<String, List<String>> spelling;

  private MapSource(
      String name,
      Map<String, String> entries,
      Predicate<String> ours,
      Function<String, List<String>> spelling) {
    this.name = name;
    this.entries = new TreeMap<>(entries);
    this.entries.keySet().removeIf(ours.negate());
    this.spelling = spelling;
  }

  static MapSource ownNames(String name, Map<String, String> entries) {
    return new MapSource(name, entries, key -> true, setting -> List.of(setting, PREFIX + setting));
  }

  static MapSource prefixed(String name, Map<String, String> entries) {
    return new MapSource(
        name, entries, MapSource::isPrefixed, setting -> List.of(PREFIX + setting));
  }

  private static boolean isPrefixed(String key) {
    return key.startsWith(PREFIX)
        && !key.startsWith(PREFIX + "test.")
        && !key.startsWith(PREFIX + "demo.");
  }

  @Override
  public Source forAll() {
    return new MapSource(name, entries, key -> !SECTION.matcher(key).lookingAt(), spelling);
  }

  @Override
  public Source forOne(String contextPath) {
    String path = contextPath.isEmpty() ? "/" : contextPath;
    String section = "[" + path + "].";
    return new MapSource(
        name + " for " + Printable.of(path),
        entries,
        key -> key.startsWith(section) || key.startsWith(PREFIX + section),
        setting -> spelling.apply(section + setting));
  }

  @Override
  public Set<String> contextPaths() {
    return entries.keySet().stream()
        .map(SECTION::matcher)
        .filter(Matcher::lookingAt)
        .map(section -> section.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  static MapSource variables(String name, Map<String, String> entries) {
    Predicate<String> ours =
        key ->
            key.startsWith(VARIABLE_PREFIX)
                && !key.startsWith(VARIABLE_PREFIX + "TEST_")
                && !key.startsWith(VARIABLE_PREFIX + "DEMO_");
    return new MapSource(name, entries, ours, setting -> List.of(Setting.environmentName(setting)));
  }

  static Map<String, String> strings(Properties properties) {
    Map<String, String> strings = new LinkedHashMap<>();
    for (String key : properties.stringPropertyNames()) {
      strings.put(key, properties.getProperty(key, ""));
    }
    return strings;
  }

  static Properties read(ClassLoader loader) {
    Properties properties = new Properties();
    URL url = loader.getResource(FILE);
    if (url == null) {
      return properties;
    }
    try {
      URLConnection connection = url.openConnection();
      // The JDK's cache of open jars would keep the application's jar open after it is undeployed.
      connection.setUseCaches(false);
      try (Reader reader =
          new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8)) {
        properties.load(reader);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigurationException(
          List.of(FILE + ": " + url + " cannot be read: " + e.getMessage()), e);
    }
    return properties;
  }

  static Properties read(Path path) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (NoSuchFileException e) {
      throw new ConfigurationException(List.of(path + ": there is no such file"), e);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigurationException(List.of(path + ": cannot be read: " + e.getMessage()), e);
    }
    return properties;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  @Override
  public @Nullable String value(String key) {
    return entries.get(key);
  }

  @Override
  public List<String> spellings(String setting) {
    return spelling.apply(setting);
  }
}
