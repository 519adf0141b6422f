package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/** The harness itself, on the container's own sessions. */
@AnyContainer(Container.JETTY_12_1)
class ContainerNodeIT {

  @TempDir static Path directory;
  private static ContainerNode node;

  private final Container container;

  ContainerNodeIT(Container container) {
    this.container = container;
  }

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    node =
        ContainerNode.on(container)
            .deploy("", WarBuilder.probe().in(directory))
            .deploy("/packed", WarBuilder.probe().packedIn(directory))
            .environment("HOLDFAST_TEST_GREETING", "hello")
            .systemProperty("greeting", "hello")
            .start();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    node.close();
  }

  @Test
  void aSessionLastsFromOneRequestToTheNext() {
    Browser user = node.browser("");

    Reply first = user.run("set color red", "is-new");
    Reply second = user.run("get color", "is-new");

    assertThat(first.of("is-new")).isEqualTo("true");
    assertThat(first.setCookies()).extracting(SetCookie::name).containsExactly("JSESSIONID");
    assertThat(first.setCookies().get(0).path()).isEqualTo("/");
    assertThat(second.of("get color")).isEqualTo("red");
    assertThat(second.of("is-new")).isEqualTo("false");
    assertThat(second.setCookies()).isEmpty();
  }

  @Test
  void twoBrowsersAreTwoUsersAndTwoApplicationsAreTwoSessions() {
    Browser user = node.browser("");
    user.run("set color red");

    assertThat(node.browser("").run("session").of("session")).isEqualTo("none");
    assertThat(user.at("/packed").run("set color blue").status()).isEqualTo(200);
    assertThat(user.run("get color").of("get color")).isEqualTo("red");
    assertThat(user.at("/packed").run("get color").of("get color")).isEqualTo("blue");
  }

  @Test
  void cookiesCanBeForgottenSentRawAndDeletedByTheServer() {
    Browser user = node.browser("");
    user.run("set color red");
    String cookie = "JSESSIONID=" + user.cookie("JSESSIONID").orElseThrow();

    assertThat(user.runWithCookies("", "session").of("session")).isEqualTo("none");
    assertThat(node.browser("").runWithCookies(cookie, "get color").of("get color"))
        .isEqualTo("red");
    user.forgetCookies();
    assertThat(user.cookies()).isEmpty();
    user.setCookie("a", "b");
    assertThat(user.run("header Set-Cookie a=;Max-Age=0;Path=/").setCookies()).hasSize(1);
    assertThat(user.cookies()).isEmpty();
    assertThat(user.history()).hasSize(2 + 1);
  }

  @Test
  void whatNoClientWouldSendReachesTheContainer() {
    String answer =
        node.browser("")
            .raw(
                "GET /probe?step=session HTTP/1.1\r\nHost: x\r\nCookie: JSESSIONID=\u00e4,\"\r\n"
                    + "Connection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 200").contains("session -> none");
  }

  @Test
  void aStepThatThrowsIsAResultUnlessStrict() {
    Browser user = node.browser("");

    assertThat(user.run("throw runtime no luck").of("throw runtime no luck"))
        .isEqualTo("!java.lang.IllegalArgumentException: no luck");
    assertThat(user.run("rotate").of("rotate")).startsWith("!java.lang.IllegalStateException");
    assertThat(user.run("strict", "throw runtime no luck").status()).isEqualTo(500);
  }

  @Test
  void aForwardAnIncludeAndARedirectTakeTheirOwnSteps() {
    Browser user = node.browser("");

    Reply included =
        user.run("set color red", "include " + Browser.probe("get color"), "get color");
    assertThat(included.text().lines().filter("get color -> red"::equals)).hasSize(2);
    assertThat(user.run("forward " + Browser.probe("get color")).of("get color")).isEqualTo("red");
    Reply redirect = user.run("redirect " + Browser.probe("get color"));
    assertThat(redirect.status()).isEqualTo(302);
    assertThat(user.follow(redirect).of("get color")).isEqualTo("red");
  }

  @Test
  void resultsThatTheResponseCannotCarryAreRecalled() {
    Browser user = node.browser("");

    Reply error = user.run("as lost", "create", "error 418", "committed");

    assertThat(error.status()).isEqualTo(418);
    assertThat(user.run("recall lost").of("recall lost"))
        .contains("error 418 -> done\\ncommitted -> true");
  }

  @Test
  void asynchronousRequestsCompleteAndDispatch() {
    Browser user = node.browser("");

    assertThat(user.run("set color red", "async wrapped", "get color").of("get color"))
        .isEqualTo("red");
    assertThat(user.run("async container", "get color").of("get color")).isEqualTo("red");
    assertThat(
            user.run("async", "dispatch " + Browser.probe("get color", "sleep 1")).of("get color"))
        .isEqualTo("red");
  }

  @Test
  void oneRequestWaitsForAnother() {
    Browser user = node.browser("");
    user.run("create");
    String gate = "slow-" + container;

    CompletableFuture<Reply> slow = user.start("gate " + gate, "get color");
    user.run("reached " + gate, "set color red", "open " + gate);

    assertThat(slow.join().of("get color")).isEqualTo("red");
  }

  @Test
  void usersCanLogInWithTheirRoles() {
    Reply reply =
        node.browser("")
            .run("login alice wonderland", "user", "in-role user", "in-role admin", "auth-type");

    assertThat(reply.of("user")).isEqualTo("alice true");
    assertThat(reply.of("in-role user")).isEqualTo("true");
    assertThat(reply.of("in-role admin")).isEqualTo("false");
    assertThat(node.browser("").run("login alice wrong").of("login alice wrong"))
        // Jetty's ee8 throws one of its own that extends it.
        .startsWith(
            container == Container.JETTY_12_1_EE8
                ? "!org.eclipse.jetty.ee8.nested.Authentication$Failed"
                : "!" + container.ofItsApi("servlet.ServletException"));
  }

  @Test
  void listenersOfTheApplicationAreRecorded() {
    Browser user = node.browser("/packed");
    user.run("events");

    String id = user.run("create").of("create");
    user.run("set-bound b one", "set-list l x,y", "add l z", "remove b", "invalidate");

    assertThat(user.run("events").of("events"))
        .contains("sessionCreated " + id, "valueBound b one", "attributeAdded l [x, y")
        .contains("valueUnbound b one", "sessionDestroyed " + id + " with [l]");
  }

  @Test
  void theServerItselfHasNothingOfOursOnItsClassPath() {
    for (String foreign :
        new String[] {
          "dev.holdfast.security.SessionToken",
          "dev.holdfast.container.ContainerNode",
          "io.lettuce.core.RedisClient",
          "io.netty.buffer.ByteBuf",
          "com.esotericsoftware.kryo.kryo5.Kryo",
          "com.github.benmanes.caffeine.cache.Cache",
          "org.junit.jupiter.api.Test"
        }) {
      String step = "has-class " + foreign;
      assertThat(node.browser("").run(step).of(step)).as(foreign).isEqualTo("no");
    }
    String own = "has-class dev.holdfast.container.app.ProbeServlet";
    assertThat(node.browser("").run(own).of(own)).startsWith("from ");
  }

  @Test
  void aWarThatIsRefusedNamesTheReason() {
    Path broken =
        WarBuilder.probe(
                """
                <filter>
                  <filter-name>missing</filter-name>
                  <filter-class>com.example.NoSuchFilter</filter-class>
                </filter>
                <filter-mapping>
                  <filter-name>missing</filter-name>
                  <url-pattern>/*</url-pattern>
                </filter-mapping>
                """)
            .in(directory);

    assertThatExceptionOfType(ContainerNode.DeploymentFailedException.class)
        .isThrownBy(() -> ContainerNode.on(container).deploy("/broken", broken).start())
        .withMessageContaining("NODE FAILED")
        .withMessageContaining("com.example.NoSuchFilter");
  }

  @Test
  void aNodeStopsInOrderAndDiesAtOnce() {
    ContainerNode.Builder builder =
        ContainerNode.on(container)
            .deploy("", WarBuilder.probe().in(directory))
            .logEverythingOf("");
    try (ContainerNode stopped = builder.start()) {
      stopped.browser("").run("create");
      stopped.stop();

      assertThat(stopped.isAlive()).isFalse();
      assertThat(stopped.log().lines().filter(line -> line.startsWith("NODE ")).toList())
          .containsExactly("NODE LISTENS " + stopped.port(), "NODE STOPPED");
      assertThat(stopped.log().contains(" FINER ")).isTrue();
    }
    try (ContainerNode killed = builder.start()) {
      CompletableFuture<Reply> slow = killed.browser("").start("gate never");
      killed.browser("").run("reached never");
      killed.kill();

      assertThat(killed.isAlive()).isFalse();
      assertThat(killed.log()).doesNotContain("NODE STOPPED");
      await().atMost(Duration.ofSeconds(5)).until(slow::isCompletedExceptionally);
    }
  }
}
