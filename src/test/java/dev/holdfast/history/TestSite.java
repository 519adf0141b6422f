package dev.holdfast.history;

import dev.holdfast.container.Container;
import dev.holdfast.container.ContainerNode;
import dev.holdfast.container.WarBuilder;
import dev.holdfast.history.app.WorkloadServlet;
import dev.holdfast.testing.Executables;
import java.nio.file.Path;
import java.util.List;

/** What the checker deploys, and what it has clients do. */
final class TestSite {
  private static final int SWEEPS_MILLIS = 500;

  /** Shorter than the longest time for which {@link Nemesis#FREEZE_NODE} stops a server. */
  private static final int LOCK_LEASE_MILLIS = 1_000;

  /** The path on which requests of a session take turns. */
  static final String LOCKED = "/locked";

  private static final String WEB_XML =
      """
      <listener><listener-class>dev.holdfast.history.app.Witness</listener-class></listener>
      <servlet>
        <servlet-name>workload</servlet-name>
        <servlet-class>dev.holdfast.history.app.WorkloadServlet</servlet-class>
      </servlet>
      <servlet-mapping>
        <servlet-name>workload</servlet-name>
        <url-pattern>/w</url-pattern>
        <url-pattern>/locked</url-pattern>
      </servlet-mapping>
      <session-config><cookie-config><name>WORK</name></cookie-config></session-config>
      <login-config>
        <auth-method>BASIC</auth-method>
        <realm-name>holdfast-test</realm-name>
      </login-config>
      <security-role><role-name>admin</role-name></security-role>
      """;

  private TestSite() {}

  static WarBuilder war() {
    return WarBuilder.empty().packageOf(WorkloadServlet.class).webXml(WEB_XML).holdfast();
  }

  static ContainerNode.Builder node(Container container, Path war, String redisUri) {
    return ContainerNode.on(container)
        .deploy(Site.PATH, war)
        .environment("HOLDFAST_REDIS_URI", redisUri)
        .environment("HOLDFAST_EXPIRY_INTERVAL", SWEEPS_MILLIS + "ms")
        .environment("HOLDFAST_LOCK_PATHS", LOCKED)
        .environment("HOLDFAST_LOCK_LEASE", LOCK_LEASE_MILLIS + "ms")
        .environment("HOLDFAST_TOUCH_INTERVAL", SetDisjoint.ACCESS_LAG_MILLIS + "ms");
  }

  /** Gives the server another clock than the rest, if there is a program that can. */
  static ContainerNode.Builder tenMinutesAhead(ContainerNode.Builder node) {
    return Executables.isThere("faketime")
        ? node.under("faketime", "-f", "+10m")
            .environment("DONT_FAKE_MONOTONIC", "1")
            .environment("FAKETIME_FORCE_MONOTONIC_FIX", "0")
        : node;
  }

  /** An application that brings its own settings. */
  static WarBuilder war(String app, String redisUri, String moreSettings) {
    return war()
        .resource(
            "WEB-INF/classes/holdfast.properties",
            "app=%s\nredis.uri=%s\ntouch.interval=%dms\nexpiry.interval=%dms\nlock.paths=%s\nlock.lease=%dms\n%s\n"
                .formatted(
                    app,
                    redisUri,
                    SetDisjoint.ACCESS_LAG_MILLIS,
                    SWEEPS_MILLIS,
                    LOCKED,
                    LOCK_LEASE_MILLIS,
                    moreSettings));
  }

  /** All of them, anew. */
  static List<Workload> workloads() {
    return List.of(
        new SetDisjoint(2, 3),
        new SharedRegister(2, 3),
        new LoginStorm(2),
        new LogoutRace(2),
        new ExpiryRace(2),
        new Mutate(2, 2),
        new Additions(2, 4),
        new AnonymousFlood(1),
        new OneUser());
  }
}
