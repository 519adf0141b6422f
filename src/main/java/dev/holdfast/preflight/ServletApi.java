package dev.holdfast.preflight;

import java.util.Locale;

/**
 * The two names of the Servlet API, each with a jar of ours. The build of the javax jar renames
 * what a class file calls {@code jakarta.servlet}, in strings too, so that these names are put
 * together when they are needed.
 */
enum ServletApi {
  /** Up to Servlet 4.0. */
  JAVAX("holdfast-<version>-all-javax.jar", "Tomcat 9, Jetty 12 with ee8, or Jetty 10"),
  /** From Servlet 5.0 on. */
  JAKARTA("holdfast-<version>-all.jar", "Tomcat 10.1 or newer, Jetty 12, or another of Servlet 6");

  private final String jar;
  private final String servers;

  ServletApi(String jar, String servers) {
    this.jar = jar;
    this.servers = servers;
  }

  /** Of its packages, with dots. */
  String title() {
    return family() + ".servlet";
  }

  /** What the names of its classes begin with, with slashes. */
  String path() {
    return family() + "/servlet/";
  }

  private String family() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The all-in-one jar for applications of this API. */
  String jar() {
    return jar;
  }

  /** Where these applications run. */
  String servers() {
    return servers;
  }

  ServletApi other() {
    return this == JAVAX ? JAKARTA : JAVAX;
  }
}
