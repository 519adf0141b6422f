package dev.holdfast.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A container to test with. Its jars are put together by {@code src/test/containers}. */
public enum Container {
  TOMCAT_9("Tomcat 9", "tomcat-9"),
  TOMCAT_10_1("Tomcat 10.1", "tomcat-10.1"),
  TOMCAT_11("Tomcat 11", "tomcat-11"),
  JETTY_12_0("Jetty 12.0 ee10", "jetty-12.0-ee10"),
  JETTY_12_1("Jetty 12.1 ee11", "jetty-12.1-ee11"),
  JETTY_12_1_EE8("Jetty 12.1 ee8", "jetty-12.1-ee8");

  private final String title;
  private final String folder;

  Container(String title, String folder) {
    this.title = title;
    this.folder = folder;
  }

  /**
   * Those that this run is about: the newest of each family and one of {@code javax.servlet}, or
   * all with profile {@code full}. {@code -Dholdfast.container=TOMCAT_9} names the only one.
   */
  public static List<Container> underTest() {
    String one = System.getProperty("holdfast.container");
    if (one != null) {
      return List.of(valueOf(one));
    }
    return isFull() ? List.of(values()) : List.of(TOMCAT_9, TOMCAT_11, JETTY_12_1);
  }

  /**
   * Those for a test class that is no contract: those of javax only with profile {@code full}. How
   * they differ is a matter of the contract, which runs on {@link #underTest}.
   */
  static List<Container> ofEach() {
    return isFull() || System.getProperty("holdfast.container") != null ? underTest() : ofJakarta();
  }

  /** Those of this run that have {@code jakarta.servlet}. */
  static List<Container> ofJakarta() {
    return underTest().stream().filter(container -> !container.isJavax()).toList();
  }

  /** Whether this is a run of profile {@code full}. */
  static boolean isFull() {
    return Boolean.getBoolean("holdfast.full");
  }

  /** As people call it. */
  public String title() {
    return title;
  }

  /** Whether it is a version of Jetty, where the two families differ by design. */
  public boolean isJetty() {
    return name().startsWith("JETTY");
  }

  /** Whether its Servlet API is 4.0, in {@code javax.servlet}. */
  public boolean isJavax() {
    return this == TOMCAT_9 || this == JETTY_12_1_EE8;
  }

  /** A class of the Servlet API, such as {@code servlet.ServletException}, by its full name. */
  String ofItsApi(String className) {
    return (isJavax() ? "javax." : "jakarta.") + className;
  }

  /** Whether it has what Servlet 6.1 added; else it is a container of Servlet 6.0 or 4.0. */
  public boolean isServlet61() {
    return this == TOMCAT_11 || this == JETTY_12_1;
  }

  /** The container's own jars and the driver. */
  List<Path> jars() {
    Path libraries =
        Path.of(System.getProperty("holdfast.containers", "target/containers"), folder, "lib")
            .toAbsolutePath();
    try (Stream<Path> files = Files.list(libraries)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(
          libraries + " is missing; \"mvn pre-integration-test\" makes it", e);
    }
  }
}
