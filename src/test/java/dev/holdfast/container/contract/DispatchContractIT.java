package dev.holdfast.container.contract;

import static dev.holdfast.container.Container.JETTY_12_0;
import static dev.holdfast.container.Container.JETTY_12_1;
import static dev.holdfast.container.Container.TOMCAT_10_1;
import static dev.holdfast.container.Container.TOMCAT_11;
import static dev.holdfast.container.Container.TOMCAT_9;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.container.Browser;
import dev.holdfast.container.ContainerNode;
import dev.holdfast.container.PushingClient;
import dev.holdfast.container.Reply;
import java.net.URI;
import java.net.http.HttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One session through forward, include, error page, async and another context. */
@Area("Dispatches")
@EachSubject
class DispatchContractIT extends Contract {

  DispatchContractIT(Subject subject) {
    super(subject);
  }

  @Test
  @Clause("forward: the target sees the same session object; trap 15")
  void aForwardSeesTheSameSession() {
    Reply reply =
        user.run(
            "as before",
            "set color red",
            "session-instance",
            "forward " + Browser.probe("session-instance", "get color", "set size 7"));

    assertThat(reply.of("get color")).isEqualTo("red");
    assertThat(user.run("recall before").of("recall before"))
        .contains("session-instance -> " + reply.of("session-instance"));
    assertThat(askElsewhere("get size")).isEqualTo("7");
  }

  @Test
  @Clause("containers: created in a forward; trap 15: the forward's end closes the response")
  void aSessionCreatedInAForwardReachesClientAndStore() {
    Reply reply = user.run("forward " + Browser.probe("set color red"));

    assertThat(reply.setCookies()).hasSize(1);
    assertThat(askElsewhere("get color")).isEqualTo("red");
  }

  @Test
  @Clause("containers: created in a forward, seen by the outer servlet")
  void whatAForwardCreatedTheOuterServletSees() {
    String outer = newGate();
    Reply reply =
        user.run(
            "forward " + Browser.probe("as inner", "set color red"), "as " + outer, "get color");

    assertThat(reply.status()).isEqualTo(200);
    // The client may have its answer before the outer servlet goes on.
    await()
        .until(
            () -> user.run("recall " + outer).of("recall " + outer).contains("get color -> red"));
  }

  @Test
  @Clause("include: the target sees the same session object")
  void anIncludeSeesTheSameSession() {
    Reply reply =
        user.run(
            "set color red",
            "session-instance",
            "include " + Browser.probe("session-instance", "get color", "set size 7"),
            "get size");

    assertThat(reply.all("session-instance").get(0))
        .isEqualTo(reply.all("session-instance").get(1));
    assertThat(reply.of("get color")).isEqualTo("red");
    assertThat(reply.of("get size")).isEqualTo("7");
  }

  @Test
  @Clause("containers: created in an include, the client gets the cookie")
  void aSessionCreatedInAnIncludeReachesTheClient() {
    Reply reply = user.run("include " + Browser.probe("set color red"), "get color");

    assertThat(reply.setCookies()).hasSize(1);
    assertThat(reply.of("get color")).isEqualTo("red");
    assertThat(askElsewhere("get color")).isEqualTo("red");
  }

  @Test
  @Clause("error dispatch: the error page has the session of the failed request")
  void theErrorPageHasTheSession() {
    String id = user.run("set color red", "session").of("session");
    Reply reply = user.run("set color blue", "error 507");

    assertThat(reply.status()).isEqualTo(507);
    assertThat(reply.of("session")).isEqualTo(id);
    assertThat(reply.of("get color")).isEqualTo("blue");
  }

  @Test
  @Clause("error dispatch: with the id that was changed in the same request")
  void theErrorPageHasTheSessionWithItsNewId() {
    user.run("set color red");
    String old = cookieHeader();
    Reply reply = user.run("rotate", "error 507");

    assertThat(reply.of("get color")).isEqualTo("red");
    assertThat(cookieHeader()).isNotEqualTo(old);
    assertThat(askElsewhere("session")).isEqualTo(reply.of("session"));
  }

  @Test
  @Clause("error dispatch: created in the failed request")
  void theErrorPageHasTheSessionThatTheFailedRequestCreated() {
    Reply reply = user.run("set color red", "error 507");

    assertThat(reply.of("get color")).isEqualTo("red");
    assertThat(reply.setCookies()).hasSize(1);
    assertThat(askElsewhere("session")).isEqualTo(reply.of("session"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"async", "async wrapped", "async container"})
  @Clause("async: the session in a thread of the application; trap 6")
  void anAsynchronousRequestHasItsSession(String async) {
    user.run("set color red");
    Reply reply = user.run(async, "get color", "set size 7");

    assertThat(reply.of("get color")).isEqualTo("red");
    assertThat(askElsewhere("get size")).isEqualTo("7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"async", "async wrapped", "async container"})
  @Clause("defect 7: changes on an async thread after the first flush are never saved")
  void whatAnAsynchronousRequestChangesAfterTheFlushIsSaved(String async) {
    user.run("set color red");
    user.run(async, "flush", "set size 7", "print x");

    assertThat(askElsewhere("get size")).isEqualTo("7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"async", "async wrapped"})
  @Clause("async: created in the asynchronous part")
  void anAsynchronousPartCreatesASession(String async) {
    Reply reply = user.run(async, "set color red");

    assertThat(reply.setCookies()).hasSize(1);
    assertThat(askElsewhere("get color")).isEqualTo("red");
  }

  @ParameterizedTest
  @ValueSource(strings = {"async", "async wrapped"})
  @Clause("async: created before the dispatch, seen and changed after it")
  void aDispatchedRequestHasItsSession(String async) {
    Reply reply =
        user.run("set color red", async, "dispatch " + Browser.probe("get color", "set size 7"));

    assertThat(reply.of("get color")).isEqualTo("red");
    assertThat(reply.setCookies()).hasSize(1);
    assertThat(askElsewhere("get size")).isEqualTo("7");
  }

  @Test
  @Clause("AsyncContext.hasOriginalRequestAndResponse; startAsync() without arguments")
  void startAsyncWithoutArgumentsHasTheOriginalRequest() {
    assertThat(user.run("async", "original").of("original")).isEqualTo("true");
  }

  @Test
  @Clause("containers: created in a redirect's target")
  void aRedirectsTargetHasTheSession() {
    Reply redirect =
        user.run("set color red", "redirect " + subject().path() + Browser.probe("get color"));

    assertThat(user.follow(redirect).of("get color")).isEqualTo("red");
  }

  @Test
  @Clause("cross-context: forward; separate attributes")
  void aForwardToAnotherApplicationHasThatApplicationsSession() {
    String other = subject().pathOfConfigured();
    Reply reply =
        user.run(
            "set color red",
            "forward-to "
                + other
                + " "
                + Browser.probe("create", "get color", "set color blue", "session-context"));

    assertThat(reply.of("get color")).isEqualTo("null");
    assertThat(reply.of("session-context")).isEqualTo(other);
    assertThat(askElsewhere("get color")).isEqualTo("red");
    assertThat(user.run("forward-to " + other + " " + Browser.probe("get color")).of("get color"))
        .isEqualTo("blue");
    assertThat(ask("get color")).isEqualTo("red");
  }

  /** Jetty sends the response when such an include ends, so the outer servlet writes nothing. */
  @Test
  @Clause("cross-context: include; separate attributes, and the outer servlet goes on with its own")
  void anIncludeOfAnotherApplicationHasThatApplicationsSession() {
    String other = subject().pathOfConfigured();
    user.run("forward-to " + other + " " + Browser.probe("set color blue"));
    String outer = newGate();
    Reply reply =
        user.run(
            "quiet",
            "as " + outer,
            "set color red",
            "include-of " + other + " " + Browser.probe("get color", "set color green"),
            "get color",
            "set size 7",
            "session-context");

    assertThat(reply.all("get color")).containsExactly("blue");
    await()
        .until(
            () -> user.run("recall " + outer).of("recall " + outer),
            text -> text.contains("set size"));
    assertThat(user.run("recall " + outer).of("recall " + outer))
        .contains("get color -> red", "session-context -> " + subject().path());
    assertThat(askElsewhere("get color")).isEqualTo("red");
    assertThat(askElsewhere("get size")).isEqualTo("7");
    assertThat(user.run("forward-to " + other + " " + Browser.probe("get color")).of("get color"))
        .isEqualTo("green");
  }

  @Test
  @Clause("cross-context: created in an include of another application")
  @Differs(
      on = {JETTY_12_0, JETTY_12_1},
      because = "a session that an included application creates is lost with its cookie")
  void aSessionCreatedInAnIncludeOfAnotherApplicationLasts() {
    String include = "include-of " + subject().pathOfConfigured() + " ";
    user.run("quiet", "set color red", include + Browser.probe("set color blue"));

    assertThat(user.run("quiet", include + Browser.probe("get color")).of("get color"))
        .isEqualTo("blue");
    assertThat(askElsewhere("get color")).isEqualTo("red");
  }

  @Test
  @Clause("cross-context: one application on Holdfast's sessions, the other on the container's")
  void anApplicationWithHoldfastAndOneWithoutDispatchToEachOther() {
    String other = (subject().ours() ? "/theirs" : "/ours") + "-configured";
    String forward = "forward-to " + other + " ";
    Reply reply =
        user.run(
            "set color red",
            forward + Browser.probe("create", "get color", "set color blue", "session-context"));

    assertThat(reply.of("get color")).isEqualTo("null");
    assertThat(reply.of("session-context")).isEqualTo(other);
    assertThat(user.run(forward + Browser.probe("get color")).of("get color")).isEqualTo("blue");
    assertThat(askElsewhere("get color")).isEqualTo("red");
  }

  @Test
  @Clause(
      "HttpServletRequest.newPushBuilder: a pushed request has the session of the one that pushes")
  @Differs(
      on = JETTY_12_1,
      because = "a request pushed with a new session's first response has no session")
  @Differs(
      on = {TOMCAT_9, TOMCAT_10_1},
      because = "a request pushed with a new session's first response is answered 404")
  void aPushedRequestHasTheSession() {
    String push = "push " + Browser.probe("get color").substring(1);
    PushingClient first = pushing("set color red", "session", push);
    if (first.text().contains("-> no push")) {
      assertThat(subject().container()).as("Servlet 6.1 lets it be").isEqualTo(TOMCAT_11);
      return;
    }
    assertThat(first.protocol()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(first.pushed()).containsExactly("get color -> red\n");
    String id =
        first.text().lines().filter(line -> line.startsWith("session ->")).findFirst().get();
    assertThat(first.text()).contains("get+color -> " + id.substring("session -> ".length()));

    user.run("set color blue");
    assertThat(pushing("set color green", "rotate", push).pushed())
        .containsExactly("get color -> green\n");
  }

  private PushingClient pushing(String... steps) {
    ContainerNode node = subject().servers().one();
    return PushingClient.get(
        URI.create(node.address() + subject().path() + Browser.probe(steps)), cookieHeader());
  }
}
