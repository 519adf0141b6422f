package dev.holdfast.benchmark;

import java.util.List;

/**
 * One way to keep the sessions of the application.
 *
 * @param name of its context path and its folders
 * @param title for people
 * @param libraries folders of jars for WEB-INF/lib
 * @param serverLibraries folders of jars for the server's class path
 * @param servlet class that answers
 * @param copy init parameter of a servlet by hand, else empty
 * @param settings system properties, with {@code %d} for Redis's port
 */
record Contender(
    String name,
    String title,
    List<String> libraries,
    List<String> serverLibraries,
    String servlet,
    String copy,
    List<String> settings) {
  private static final String APPLICATION = "dev.holdfast.benchmark.app.SessionServlet";
  private static final String BY_HAND = "dev.holdfast.benchmark.byhand.ByHandServlet";
  private static final List<String> HOLDFAST =
      List.of(
          "holdfast.redis.uri=redis://127.0.0.1:%d",
          // More new sessions a second than any site has.
          "holdfast.sessions.create-rate=0");

  /** Any 32 bytes in base64: the sessions of a benchmark are no secret. */
  private static final String KEY = "YmVuY2htYXJrLWJlbmNobWFyay1iZW5jaG1hcmstMzI=";

  /** All, in the order of the report. */
  static List<Contender> all() {
    return List.of(
        new Contender(
            "container",
            "Tomcat's own, in memory",
            List.of(),
            List.of(),
            APPLICATION,
            "",
            List.of()),
        new Contender(
            "hand-checked",
            "by hand, checked copy",
            List.of("by-hand"),
            List.of(),
            BY_HAND,
            "checked",
            List.of()),
        new Contender(
            "hand-hgetall",
            "by hand, HGETALL",
            List.of("by-hand"),
            List.of(),
            BY_HAND,
            "none",
            List.of()),
        new Contender(
            "holdfast", "Holdfast", List.of("holdfast"), List.of(), APPLICATION, "", HOLDFAST),
        new Contender(
            "holdfast-key",
            "Holdfast, encrypted",
            List.of("holdfast"),
            List.of(),
            APPLICATION,
            "",
            List.of(HOLDFAST.get(0), HOLDFAST.get(1), "holdfast.encryption.keys=" + KEY)),
        new Contender(
            "spring-session",
            "Spring Session",
            List.of("spring-session"),
            List.of(),
            APPLICATION,
            "",
            List.of()),
        new Contender(
            "redisson",
            "Redisson's Tomcat manager",
            List.of(),
            List.of("redisson"),
            APPLICATION,
            "",
            List.of()));
  }
}
