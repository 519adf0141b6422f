package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.redis.testing.RunningRedis;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our request and response beside those of the same container, in one server. */
@EachContainer
class BoundaryIT {

  private static final String MORE =
      """
      <filter>
        <filter-name>writing</filter-name>
        <filter-class>dev.holdfast.container.app.WritingFilter</filter-class>
        <async-supported>true</async-supported>
      </filter>
      <filter-mapping>
        <filter-name>writing</filter-name><url-pattern>/page.txt</url-pattern>
        <dispatcher>FORWARD</dispatcher><dispatcher>INCLUDE</dispatcher>
      </filter-mapping>
      <servlet-mapping><servlet-name>probe</servlet-name><url-pattern>/private</url-pattern>
      </servlet-mapping>
      <security-constraint>
        <web-resource-collection>
          <web-resource-name>private</web-resource-name><url-pattern>/private</url-pattern>
        </web-resource-collection>
        <auth-constraint><role-name>admin</role-name></auth-constraint>
      </security-constraint>
      <session-config><cookie-config><max-age>3600</max-age></cookie-config></session-config>
      """;

  private static final String VALID =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee"
        xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
        xsi:schemaLocation="https://jakarta.ee/xml/ns/jakartaee https://jakarta.ee/xml/ns/jakartaee/web-app_6_0.xsd"
        version="6.0">
      """
          + WarBuilder.SERVLET
          + "</web-app>";

  private static final String NO_REDIS =
      """
      <context-param><param-name>holdfast.redis.uri</param-name>
        <param-value>redis://127.0.0.1:1</param-value></context-param>
      """;

  private static final String SMALL =
      """
      <context-param><param-name>holdfast.session.max-size</param-name>
        <param-value>500</param-value></context-param>
      """;

  /** Has Tomcat look at the header Authorization of open pages, too. Jetty does when asked. */
  private static final String PREEMPTIVE = "<Context preemptiveAuthentication=\"true\"/>";

  private static final String ROOT = "Basic cm9vdDp0b29y";
  private static final AtomicInteger NAMES = new AtomicInteger();

  @TempDir static Path directory;
  private static ContainerNode node;

  private final Container container;
  private final Browser ours = node.browser("/ours");
  private final Browser theirs = node.browser("/theirs");

  BoundaryIT(Container container) {
    this.container = container;
  }

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    Path war =
        paged(WarBuilder.probe(MORE))
            .holdfast()
            .resource("META-INF/context.xml", PREEMPTIVE)
            .in(directory);
    node =
        ContainerNode.on(container)
            .deploy("/ours", war)
            .deploy("/other", war)
            .deploy("/theirs", paged(WarBuilder.probe(MORE)).in(directory))
            .deploy("/small", WarBuilder.probe(SMALL).holdfast().in(directory))
            .deploy("/none", WarBuilder.probe(NO_REDIS).holdfast().in(directory))
            .environment("HOLDFAST_REDIS_URI", RunningRedis.shared().uri())
            .start();
  }

  private static WarBuilder paged(WarBuilder war) {
    return war.resource("page.txt", "a page\n".repeat(20));
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    node.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "print-all",
        "print x;println y;println z",
        "locale fr;format-default %,.2f",
        "locale fr;format null %,.2f",
        "locale fr;format de %,.2f",
        "format en %,.2f;format-default %,.2f",
        "format de %q",
        "print-null;append-null",
        "write-null",
        "check-error;print x;check-error",
        "close-writer;print x;check-error",
        "stream-bytes 10;print x",
        "print x;stream-bytes 10",
        "print x;reset;stream-bytes 10",
        "print-umlauts 20000",
      })
  void theWriterDoesWhatTheContainersDoes(String steps) {
    String[] all = ("create;" + steps).split(";");

    assertThat(answer(ours.run(all))).isEqualTo(answer(theirs.run(all)));
  }

  /** An error page names the application. */
  private static String answer(Reply reply) {
    return reply.status()
        + (reply.status() < 300 ? reply.text().replaceFirst("create -> .*\n", "") : "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"get color", "create"})
  void aWriterWhoseClientHasGoneSaysSo(String first) throws IOException {
    String name = "gone-" + NAMES.incrementAndGet();
    String steps = Browser.query("as " + name, first, "until-error 20000");
    try (Socket socket = new Socket("127.0.0.1", node.port())) {
      socket
          .getOutputStream()
          .write(
              ("GET /ours/probe?" + steps + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().readNBytes(2_000)).hasSize(2_000);
      socket.setSoLinger(true, 0);
    }

    await()
        .until(
            () ->
                ours.run("recall " + name)
                    .of("recall " + name)
                    .matches("(?s).*until-error 20000 -> \\d{1,4}\\D.*"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create;print-chars 9000;header Cache-Control public",
        "create;print-chars 3000;header Cache-Control public;print x",
        "header Cache-Control public, max-age=60;create",
        "create;buffer-size 20000;print-chars 9000;add-header Cache-Control max-age=9",
        "create;header Cache-Control private=\"no-store\"",
        "create;header CDN-Cache-Control max-age=60;header Surrogate-Control max-age=9",
        "create;print x;reset;header Cache-Control public;print y",
        "create;invalidate;header Cache-Control public",
        "create;header Cache-Control public;error 404",
        "create;error 404;header CDN-Cache-Control max-age=60",
        "create;error 507 oh;add-header Surrogate-Control max-age=9",
        "create;header Cache-Control public;redirect /x",
        "create;forward /probe?step=quiet;check-error;async later;set n 1;"
            + "header Cache-Control public;print x;flush",
      })
  void aResponseWithOurCookieIsNeverStorable(String steps) {
    Reply reply = ours.run(("quiet;" + steps).split(";"));

    assertThat(reply.setCookies()).as(reply.toString()).hasSize(1);
    assertThat(reply.headers("Cache-Control"))
        .anyMatch(value -> List.of(value.split("\\s*,\\s*")).contains("no-store"));
    for (String name : List.of("CDN-Cache-Control", "Surrogate-Control")) {
      assertThat(reply.headers(name)).allMatch("no-store"::equals);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create;error 500;strict;throw runtime boom",
        "create;error 404;strict;throw servlet boom",
        "create;error 404",
        "create;error 404;status 200;print x",
        "create;redirect /x;error 500;strict;throw io boom",
        "create;status 201;strict;throw runtime boom",
        "async;create;error 404",
        "create;async later;reset;status 201;length 5;print hello",
        "create;error 404;async later;reset;print x;flush",
        "create;async;strict;throw runtime boom",
      })
  void aRefusalStandsWhateverTheApplicationAnswers(String steps) {
    int before = node.log().length();

    Reply reply = node.browser("/none").run(("quiet;" + steps).split(";"));

    assertThat(reply.status()).as(reply.toString()).isEqualTo(503);
    assertThat(reply.header("Retry-After")).isPresent();
    assertThat(reply.setCookies()).isEmpty();
    assertThat(node.log().substring(before)).doesNotContain("already on its way");
  }

  /** Both requests share a connection, so the container has one response object for them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "print late",
        "stream-bytes 10",
        "header X-Late late",
        "cookie late 1",
        "reset",
        "status 500",
        "error 500",
        "redirect /late",
        "length 3",
        "flush",
        "close-writer",
      })
  void whatAThreadDoesAfterItsRequestIsNotInTheNextAnswer(String late) {
    String gate = "late-" + NAMES.incrementAndGet();
    ours.run("create", "afterwards " + gate + " " + late);

    Reply reply = ours.run("header X-Next yes", "open " + gate, "sleep 100", "recall " + gate);

    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    assertThat(reply.header("X-Next")).contains("yes");
    assertThat(reply.header("X-Late")).isEmpty();
    assertThat(reply.setCookies()).isEmpty();
    assertThat(reply.text()).startsWith("header X-Next yes -> done\nopen");
    assertThat(reply.of("recall " + gate)).matches("done|!.*: the request has ended.*");
  }

  /** The steps come after a change in place that makes the session too large. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "get n",
        "print x;flush",
        "print-chars 20000",
        "stream-bytes 20000",
        "close-writer",
        "print x;error 404",
        "redirect /x",
        "forward /probe?step=print+secret",
        "include /probe?step=print+secret",
        "strict;throw runtime boom",
        "async;print x",
        "async wrapped;print x;flush",
        "async;dispatch /probe?step=print+secret",
      })
  void aSessionThatHasGrownTooLargeIsAnErrorWithoutPageAndCookie(String steps) {
    for (boolean returning : new boolean[] {false, true}) {
      Browser small = node.browser("/small");
      List<String> all = new ArrayList<>(List.of("set-list items a"));
      if (returning) {
        small.run(all.remove(0));
      }
      all.addAll(List.of("print secret", "add items " + "x".repeat(600)));
      all.addAll(List.of(steps.split(";")));

      Reply reply = small.run(all.toArray(String[]::new));

      assertThat(reply.status()).as(reply.toString()).isEqualTo(500);
      assertThat(reply.setCookies()).isEmpty();
      assertThat(reply.text()).doesNotContain("secret\n", "-> done");
      if (returning) {
        assertThat(small.run("get items").of("get items")).isEqualTo("[a]");
      }
    }
  }

  /** Jetty has another writer for each part of a forward. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "print x;forward /page.txt",
        "create;print x;forward /page.txt",
        "create;println x;reset;forward /page.txt",
        "create;stream-bytes 10;forward /page.txt",
        "create;print x;include /page.txt;print y",
        "create;print x;unwrap;forward /page.txt",
      })
  void aForwardToAFileThroughAFilterThatWritesAnswersAsTheContainerDoes(String steps) {
    String[] all = ("quiet;" + steps).split(";");

    assertThat(answer(ours.run(all))).isEqualTo(answer(theirs.run(all)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "forward /probe?step=quiet&step=print+x;strict;throw runtime boom",
        "forward /probe?step=quiet&step=print-chars+9000;strict;throw runtime boom",
        "forward /probe?step=quiet&step=print+x;print y;async later;print z",
        "create;forward /probe?step=quiet&step=print+x;error 404",
        "async later;print x;forward /probe?step=quiet&step=print+y;print z",
        "unwrap;forward /probe?step=quiet&step=print+x;rewrap;print y;async later;print z",
      })
  void whatFollowsAForwardIsWhatTheContainerMakesOfIt(String steps) {
    String[] all = ("quiet;" + steps).split(";");

    assertThat(answer(ours.run(all))).isEqualTo(answer(theirs.run(all)));
  }

  /**
   * The application asks for its session too late to be told a new id; but the page is under a
   * constraint, so the session was asked for before.
   */
  @Test
  void aUserWhomTheContainerNamesGetsANewIdThoughTheApplicationFlushesFirst() {
    ours.run("set color red");
    String planted = ours.cookies().entrySet().iterator().next().toString();
    String path = Browser.probe("flush", "session", "user");

    Reply reply =
        ours.send("GET", path.replace("/probe", "/private"), null, Map.of("Authorization", ROOT));

    assertThat(reply.of("user")).isEqualTo("root true");
    assertThat(reply.of("session")).isNotEqualTo("none");
    assertThat(reply.setCookies()).hasSize(1);
    assertThat(ours.runWithCookies(planted, "session").of("session")).isEqualTo("none");
    assertThat(ours.run("get color").of("get color")).isEqualTo("red");
  }

  /** On an open page nobody has asked for session or user before the application does. */
  @Test
  void aUserWhomTheContainerNamesTooLateForANewIdEndsTheSession() {
    ours.run("set color red");
    String planted = ours.cookies().entrySet().iterator().next().toString();
    String path = Browser.probe("flush", "session", "user");

    Reply reply = ours.send("GET", path, null, Map.of("Authorization", ROOT));

    assertThat(reply.of("user")).isEqualTo("root true");
    assertThat(reply.of("session")).isEqualTo("none");
    assertThat(reply.setCookies()).isEmpty();
    assertThat(ours.runWithCookies(planted, "session").of("session")).isEqualTo("none");
  }

  @Test
  void anIdInTheUrlThatDoesNotCountIsToldAllTheSame() {
    String query =
        "?" + Browser.query("requested-id", "from-url", "from-cookie", "requested-valid");
    for (String id : List.of("", ";jsessionid=abc", ";jsessionid=", ";other=abc")) {
      assertThat(ours.get("/probe" + id + query).text())
          .as(id)
          .isEqualTo(theirs.get("/probe" + id + query).text());
    }
  }

  @Test
  void aCookieThatLastsSaysUntilWhen() {
    String header = ours.run("create").header("Set-Cookie").orElseThrow();

    assertThat(header).contains("Max-Age=3600;").matches(".*; Expires=\\w{3}, [^;]+ GMT;.*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ours /other", "/other /ours"})
  void aSessionMadeByAnIncludedApplicationKeepsItsCookie(String pair) {
    Browser outer = node.browser(pair.split(" ")[0]);
    String include = "include-of " + pair.split(" ")[1] + " ";

    Reply reply = outer.run("quiet", "set color red", include + Browser.probe("set color blue"));

    assertThat(reply.headers("Set-Cookie")).hasSize(2);
    assertThat(outer.run("quiet", include + Browser.probe("get color")).of("get color"))
        .isEqualTo("blue");
  }

  @Test
  void aStrictTomcatDeploysTheJar() {
    if (container.isJetty()) {
      assertThat(node.log()).doesNotContain("NODE FAILED");
      return;
    }
    try (ContainerNode strict =
        ContainerNode.on(container)
            .deploy(
                "/strict",
                WarBuilder.probe().holdfast().resource("WEB-INF/web.xml", VALID).in(directory))
            .environment("HOLDFAST_REDIS_URI", RunningRedis.shared().uri())
            .systemProperty("org.apache.catalina.STRICT_SERVLET_COMPLIANCE", "true")
            .start()) {
      assertThat(strict.browser("/strict").run("set color red", "get color").of("get color"))
          .isEqualTo("red");
    }
  }
}
