package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Cites;
import dev.holdfast.container.app.listening.Curious;
import dev.holdfast.container.app.listening.CurrentRequest;
import dev.holdfast.container.app.listening.Early;
import dev.holdfast.container.app.listening.Named;
import dev.holdfast.container.app.listening.Successor;
import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/**
 * Session listeners of applications: who is called, when, in which order, and what they see. {@code
 * /bare} is the same application as {@code /curious} on the container's own sessions.
 */
@EachContainer
class ListenersIT {
  private static final String VALUE = Curious.Value.class.getName();

  private static final String CURIOUS =
      listener(Curious.class)
          + listener(Early.class)
          + """
          <filter>
            <filter-name>current</filter-name>
            <filter-class>dev.holdfast.container.app.listening.CurrentRequest</filter-class>
            <async-supported>true</async-supported>
          </filter>
          <filter-mapping>
            <filter-name>current</filter-name>
            <url-pattern>/*</url-pattern>
          </filter-mapping>
          """;

  @TempDir static Path directory;
  private static RedisServer redis;
  private static ContainerNode one;
  private static ContainerNode two;

  private final Container container;
  private final Browser curious = one.browser("/curious");
  private final Browser bare = one.browser("/bare");
  private final Browser named = one.browser("/named");

  ListenersIT(Container container) {
    this.container = container;
  }

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    redis = RedisServer.start();
    ContainerNode.Builder builder =
        ContainerNode.on(container)
            .deploy("/curious", curious().holdfast().in(directory))
            .deploy(
                "/named",
                probe(
                        listener(Named.Failing.class)
                            + listener(Named.Declared.class)
                            + listener(Named.OfContextToo.class))
                    .classes(Named.class)
                    .holdfast()
                    .in(directory))
            .deploy("/recorded", WarBuilder.probe().holdfast().in(directory))
            .deploy(
                "/obeyed",
                probe(CURIOUS.replace(Curious.class.getName(), Successor.class.getName()))
                    .classes(Successor.class, CurrentRequest.class, Early.class)
                    .holdfast()
                    .in(directory))
            .environment("HOLDFAST_REDIS_URI", redis.uri())
            // Here requests find what has expired; the sweeper has ExpiryIT.
            .environment("HOLDFAST_EXPIRY_INTERVAL", "2m");
    two = builder.begin();
    one = builder.deploy("/bare", curious().in(directory)).start();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    one.close();
    two.close();
    redis.close();
  }

  private static WarBuilder curious() {
    return probe(CURIOUS).classes(Curious.class, CurrentRequest.class, Early.class);
  }

  /** The probe without its recording listener. */
  private static WarBuilder probe(String elements) {
    return WarBuilder.probe().webXml(elements + WarBuilder.SERVLET);
  }

  private static String listener(Class<?> type) {
    return "<listener><listener-class>" + type.getName() + "</listener-class></listener>\n";
  }

  @BeforeEach
  void forgetEvents() {
    for (Browser browser : List.of(curious, curious.at(two), named)) {
      browser.run("events");
    }
    bare.run("events");
  }

  private static List<String> events(Browser browser, String... steps) {
    String[] all = Arrays.copyOf(steps, steps.length + 1);
    all[steps.length] = "events";
    Reply reply = browser.run(all);
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    return list(reply);
  }

  private static List<String> list(Reply reply) {
    String events = reply.of("events");
    String inside = events.substring(1, events.length() - 1);
    return inside.isEmpty() ? List.of() : List.of(inside.split(", (?=[a-zA-Z]+:? )"));
  }

  // What and in which order

  @Test
  @Cites("defect 9: listeners of web.xml are never called, and some kinds do not exist")
  void everyKindOfEventComesInTomcatsOrderAndWithTheSpecifiedValue() {
    String[] steps = {
      "create",
      "set-new a " + VALUE + " one",
      "set-new a " + VALUE + " two",
      "set b text",
      "set b other",
      "remove b",
      "remove b",
      "set-new c " + VALUE + " three",
      "set-null c",
      "rotate",
      "invalidate"
    };
    List<String> expected =
        List.of(
            "created new=true",
            "bound a=one seen=null",
            "added a=one seen=one",
            "bound a=two seen=one",
            "unbound a=one seen=two",
            // Tomcat's own has the new value here (its getValue(), against Servlet 6.1,
            // HttpSessionBindingEvent).
            "replaced a=one seen=two",
            "added b=text seen=text",
            "replaced b=text seen=other",
            "removed b=other seen=null",
            "bound c=three seen=null",
            "added c=three seen=three",
            "unbound c=three seen=null",
            "removed c=three seen=null",
            "id changed=true",
            "destroyed [a] a=two created=true request=null again=ISE",
            "unbound a=two seen=ISE",
            "removed a=two seen=ISE");

    assertThat(events(curious, steps)).isEqualTo(expected);
    if (!container.isJetty()) {
      assertThat(events(bare, steps))
          .as("Tomcat's own sessions")
          .usingElementComparator(
              (ours, theirs) ->
                  ours.startsWith("replaced a=") || ours.startsWith("destroyed")
                      ? ours.substring(0, 8).compareTo(theirs.substring(0, 8))
                      : ours.compareTo(theirs))
          .isEqualTo(expected);
    }
  }

  @Test
  void theSameValueAgainIsReplacedButNotBoundAgain() {
    curious.run("set-new a " + VALUE + " one", "events");

    assertThat(events(curious, "get a", "set-again a")).containsExactly("replaced a=one seen=one");
  }

  @Test
  void aValueThatFailsWhenBoundIsBoundAndOneThatFailsWhenRemovedIsRemoved() {
    Reply reply =
        curious.run(
            "set-new a " + VALUE + " failing", "get a", "remove a", "get a", "get b", "events");

    assertThat(reply.of("set-new a " + VALUE + " failing")).isEqualTo("done");
    assertThat(reply.of("remove a"))
        .isEqualTo("!java.lang.IllegalArgumentException: as was asked for");
    assertThat(reply.of("get a")).isEqualTo("null");
    assertThat(curious.run("get a").of("get a")).isEqualTo("null");
  }

  @Test
  void aListenerThatFailsStopsNeitherTheNextNorTheEndOfTheSession() {
    assertThat(events(named, "set a one"))
        .startsWith("created: failing", "created: declared")
        .contains("added: failing", "added: declared");
    String cookie = named.history().get(0).name() + "=" + named.history().get(0).value();
    assertThat(events(named, "invalidate")).contains("destroyed: declared", "destroyed: failing");

    assertThat(named.runWithCookies(cookie, "session").of("session")).isEqualTo("none");
    assertThat(one.log()).contains(Named.Failing.class.getName() + " failed in sessionDestroyed");
  }

  // Who

  @Test
  void listenersAreCalledInTheOrderOfTheirDeclarationAndAtTheEndInReverse() {
    assertThat(events(named, "create", "rotate", "invalidate"))
        .containsExactly(
            "created: failing",
            "created: declared",
            "created: of context, too, started=true",
            "created: annotated",
            "created: added",
            "id: failing",
            "id: declared",
            "id: of context, too",
            "id: annotated",
            "id: added",
            "destroyed: added",
            "destroyed: annotated",
            "destroyed: of context, too",
            "destroyed: declared",
            "destroyed: failing");
  }

  @Test
  @Cites("trap 11: detected at start, named in the start-up report")
  void theStartUpReportNamesThemAndWhereTheyAreFrom() {
    String report =
        one.log()
            .lines()
            .filter(line -> line.contains("listeners: " + Named.Failing.class.getName()))
            .findFirst()
            .orElseThrow();

    assertThat(report)
        .contains(
            Named.Failing.class.getName() + ", " + Named.Declared.class.getName(),
            Named.OfContextToo.class.getName(),
            Named.Annotated.class.getName(),
            Named.Added.class.getName(),
            "(the instances of " + (container.isJetty() ? "Jetty" : "Tomcat") + ")");
    assertThat(one.log().lines())
        .anyMatch(
            line ->
                line.contains("note: " + Early.class.getName() + " is a ServletRequestListener"));
  }

  @Test
  void aValueIsPassivatedWhenItIsStoredAndActivatedWhenItIsLoadedAndAReadWritesNothing() {
    Browser user = one.browser("/recorded");
    user.run("set-bound b one");
    assertThat(user.run("events").of("events"))
        .containsSubsequence(
            "valueBound b one", "sessionWillPassivate one", "sessionDidActivate one");
    user.at(two).run("events");

    assertThat(user.at(two).run("get b", "events").of("events"))
        .isEqualTo("[sessionDidActivate one]");
    assertThat(user.at(two).run("get b", "events").of("events")).isEqualTo("[]");
    assertThat(user.at(two).run("events").of("events")).as("no save").isEqualTo("[]");
  }

  @Test
  void aLoginChangesTheIdAndIsToldAsThat() {
    curious.run("create", "events");

    assertThat(events(curious, "login alice wonderland")).containsExactly("id changed=true");
  }

  @Test
  void aListenerThatEndsTheSessionOrMakesTheNextOneIsObeyed() {
    Browser user = one.browser("/obeyed");
    user.run("create");
    String first = user.history().get(0).value();

    Reply ended = user.run("invalidate", "id");
    assertThat(ended.of("id")).isNotEqualTo("none");
    assertThat(ended.setCookies()).hasSize(1);
    assertThat(ended.setCookies().get(0).value()).isNotEmpty().isNotEqualTo(first);
    assertThat(user.run("get made-at-the-end-of-another").of("get made-at-the-end-of-another"))
        .isEqualTo("true");
  }

  @Test
  void aThreadOfAnyKindCallsThemWithTheApplicationsClassLoader() {
    curious.run("set a one", "events");

    assertThat(events(curious, "async foreign", "invalidate"))
        .startsWith("destroyed [a] a=one created=true request=none again=ISE");
  }

  // Two nodes

  @Test
  @Cites("defect 9: sessionDestroyed on every node")
  void aSessionThatOneNodeEndsIsToldByThatNodeAlone() {
    curious.run("set-new a " + VALUE + " one");
    curious.at(two).run("get a");
    curious.run("events");
    curious.at(two).run("events");

    List<String> there = events(curious.at(two), "invalidate");
    assertThat(events(curious, "session")).isEmpty();
    assertThat(there)
        .containsExactly(
            "destroyed [a] a=one created=true request=null again=ISE",
            "unbound a=one seen=ISE",
            "removed a=one seen=ISE");
  }

  @Test
  @Cites("defect 9: valueUnbound is not fired on a time-out")
  void aSessionFoundExpiredIsToldOnceInTheRequestThatFindsIt() {
    curious.run("set-new a " + VALUE + " one", "max-inactive 1");
    curious.run("events");
    String cookie = curious.history().get(0).name() + "=" + curious.history().get(0).value();
    long end = System.nanoTime() + Duration.ofMillis(1300).toNanos();
    Awaitility.await().until(() -> System.nanoTime() - end > 0);

    Reply found = curious.at(two).runWithCookies(cookie, "session", "events");
    assertThat(found.of("session")).isEqualTo("none");
    assertThat(list(found))
        .containsExactly(
            "destroyed [a] a=one created=true request=null again=ISE",
            "unbound a=one seen=ISE",
            "removed a=one seen=ISE");
    Reply late = curious.runWithCookies(cookie, "session", "events");
    assertThat(late.of("session")).isEqualTo("none");
    assertThat(list(late)).isEmpty();
  }

  // The container's own sessions

  @Test
  @Cites("trap 12: who creates a session of the container is logged once")
  void aSessionThatTheContainerMakesIsReportedOnceWithItsCause() {
    String report = "created a session of its own in /curious";
    assertThat(one.log()).doesNotContain(report);
    curious.get(Browser.probe("print container-session"));
    one.browser("/curious").get(Browser.probe("print container-session"));
    curious.run("print after");
    Awaitility.await().until(() -> one.log().contains(report));

    assertThat(one.log().lines().filter(line -> line.contains(report)))
        .singleElement()
        .asString()
        .contains(Early.class.getName() + ".requestInitialized");
  }
}
