package dev.holdfast.container.contract;

import static dev.holdfast.container.Container.JETTY_12_0;
import static dev.holdfast.container.Container.JETTY_12_1;
import static dev.holdfast.container.Container.JETTY_12_1_EE8;
import static dev.holdfast.container.Container.TOMCAT_10_1;
import static dev.holdfast.container.Container.TOMCAT_11;
import static dev.holdfast.container.Container.TOMCAT_9;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.container.Browser;
import dev.holdfast.container.Reply;
import dev.holdfast.container.SetCookie;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client says it has, and what changeSessionId makes of it. */
@Area("Ids")
@EachSubject
class IdContractIT extends Contract {

  IdContractIT(Subject subject) {
    super(subject);
  }

  @Test
  @Clause("HttpServletRequest.changeSessionId; Servlet 6.1, 13.10; defect 16: attributes are lost")
  void changingTheIdKeepsTheSessionAndItsObject() {
    String before = user.run("set color red", "session").of("session");
    String old = cookieHeader();
    Reply reply = user.run("session-instance", "rotate", "session-instance", "id", "get color");

    assertThat(reply.of("rotate")).isNotEqualTo(before).isEqualTo(reply.of("id"));
    assertThat(reply.all("session-instance").get(0))
        .isEqualTo(reply.all("session-instance").get(1));
    assertThat(reply.setCookies()).hasSize(1);
    assertThat(cookieHeader()).isNotEqualTo(old);
    assertThat(sessionsOf(old)).containsOnly("none");
    assertThat(elsewhere.run("session", "get color").of("session")).isEqualTo(reply.of("rotate"));
    assertThat(askElsewhere("get color")).isEqualTo("red");
  }

  @Test
  @Clause("HttpServletRequest.changeSessionId: ISE without a session")
  void withoutASessionThereIsNoIdToChange() {
    assertThat(ask("rotate")).startsWith("!java.lang.IllegalStateException");
  }

  @Test
  @Clause("changeSessionId after commit")
  @Differs(
      on = {TOMCAT_9, TOMCAT_10_1, TOMCAT_11},
      because = "changeSessionId() after the commit changes the id, the client never learns it")
  void afterTheCommitTheIdCannotBeChangedAndTheSessionIsNotLost() {
    user.run("set color red");
    Reply reply = user.run("flush", "rotate");

    assertThat(reply.of("rotate")).startsWith("!java.lang.IllegalStateException");
    assertThat(askElsewhere("get color")).isEqualTo("red");
  }

  @Test
  @Clause("getRequestedSessionId: what the client sent; isRequestedSessionIdValid")
  @Differs(
      on = {TOMCAT_9, TOMCAT_10_1, TOMCAT_11},
      because = "after changeSessionId() the requested id is the new one, and valid")
  void theRequestedIdStaysTheOldOneWhenTheIdIsChanged() {
    String id = ask("create");
    Reply reply = user.run("rotate", "requested-id", "requested-valid");

    // Jetty adds the name of the node to what it sends.
    assertThat(reply.of("requested-id")).startsWith(id);
    assertThat(reply.of("requested-valid")).isEqualTo("false");
  }

  @Test
  @Clause("changeSessionId twice: one cookie, for the last id")
  void changedTwiceTheLastIdCounts() {
    user.run("set color red");
    Reply reply = user.run("rotate", "rotate", "id");

    assertThat(reply.setCookies()).hasSize(1);
    assertThat(reply.all("rotate").get(0)).isNotEqualTo(reply.all("rotate").get(1));
    assertThat(askElsewhere("session")).isEqualTo(reply.of("id"));
  }

  @Test
  @Clause("changeSessionId of a session of the same request")
  void aNewSessionMayChangeItsIdAtOnce() {
    Reply reply = user.run("set color red", "rotate", "id");

    assertThat(reply.setCookies()).hasSize(1);
    assertThat(askElsewhere("session")).isEqualTo(reply.of("id"));
    assertThat(askElsewhere("get color")).isEqualTo("red");
  }

  @Test
  @Clause("trap 1; defect 1: changeSessionId then invalidate leaves the old session alive")
  void changedAndInvalidatedInOneRequestBothIdsAreDead() {
    user.run("set color red");
    String old = cookieHeader();
    user.run("rotate", "invalidate");

    assertThat(sessionsOf(old)).containsOnly("none");
    for (SetCookie cookie : user.history()) {
      assertThat(sessionsOf(cookie.name() + "=" + cookie.value())).containsOnly("none");
    }
  }

  @Test
  @Clause("trap 2; defect 2: 500 or a partial session under the old id")
  void theIdIsChangedWhileASlowRequestGoesOn() {
    user.run("set color red", "set size 7");
    String old = cookieHeader();
    String gate = newGate();
    CompletableFuture<Reply> slow = user.start("get color", "gate " + gate, "set slow yes");
    stranger().run("reached " + gate);
    elsewhere.run("rotate");
    stranger().run("open " + gate);

    assertThat(slow.join().status()).isLessThan(500);
    assertThat(sessionsOf(old)).containsOnly("none");
    Reply reply = user.run("get color", "get size");
    assertThat(reply.of("get color")).isEqualTo("red");
    assertThat(reply.of("get size")).isEqualTo("7");
  }

  @Test
  @Clause("trap 2; defects 3, 12, 18: 500, or a late request logs the user in again")
  void theSessionIsInvalidatedWhileASlowRequestGoesOn() {
    user.run("set color red");
    String old = cookieHeader();
    String gate = newGate();
    CompletableFuture<Reply> slow =
        user.start("keep", "get color", "gate " + gate, "set slow yes", "set color blue");
    stranger().run("reached " + gate);
    elsewhere.run("invalidate");
    stranger().run("open " + gate);

    Reply reply = slow.join();
    assertThat(reply.status()).as(reply.toString()).isLessThan(500);
    assertThat(sessionsOf(old)).containsOnly("none");
    assertThat(ask("session")).isEqualTo("none");
  }

  @Test
  @Clause("HttpServletRequest.isRequestedSessionIdValid; trap 5")
  void theRequestedIdIsValidUntilInvalidate() {
    String id = ask("create");
    Reply reply =
        elsewhere.run(
            "requested-id",
            "requested-valid",
            "from-cookie",
            "from-url",
            "invalidate",
            "requested-valid",
            "requested-id",
            "from-cookie");

    assertThat(reply.all("requested-id")).hasSize(2).allMatch(found -> found.startsWith(id));
    assertThat(reply.all("requested-valid")).containsExactly("true", "false");
    assertThat(reply.all("from-cookie")).containsExactly("true", "true");
    assertThat(reply.of("from-url")).isEqualTo("false");
  }

  @Test
  @Clause("isRequestedSessionIdValid: false for a fresh replacement")
  void aReplacementIsNotWhatWasRequested() {
    user.run("create");
    Reply reply = user.run("invalidate", "create", "requested-valid");

    assertThat(reply.of("requested-valid")).isEqualTo("false");
  }

  @Test
  @Clause("HttpServletRequest.getRequestedSessionId: null if the client sent none")
  void aClientThatSendsNothingHasRequestedNothing() {
    Reply reply = user.run("requested-id", "requested-valid", "from-cookie", "from-url", "create");

    assertThat(reply.of("requested-id")).isEqualTo("null");
    assertThat(reply.of("requested-valid")).isEqualTo("false");
    assertThat(reply.of("from-cookie")).isEqualTo("false");
    assertThat(reply.of("from-url")).isEqualTo("false");
  }

  @Test
  @Clause("bogus id; getRequestedSessionId: raw, and not changed by getSession")
  void aBogusIdIsReportedAsSentAndNeverAdopted() {
    user.run("create");
    String name = user.cookies().keySet().iterator().next();
    Reply reply =
        user.runWithCookies(
            name + "=bogus", "session", "create", "requested-id", "requested-valid", "from-cookie");

    assertThat(reply.of("session")).isEqualTo("none");
    assertThat(reply.of("requested-id")).isEqualTo("bogus");
    assertThat(reply.of("requested-valid")).isEqualTo("false");
    assertThat(reply.of("from-cookie")).isEqualTo("true");
    assertThat(reply.of("create")).isNotEqualTo("bogus");
  }

  @Test
  @Clause("bogus id: an ended session's id is not used again (fixation)")
  void theIdOfAnEndedSessionIsNotUsedAgain() {
    user.run("create");
    String old = cookieHeader();
    user.run("invalidate");
    Reply reply = user.runWithCookies(old, "create");

    assertThat(reply.setCookies()).hasSize(1);
    assertThat(cookieHeader()).isNotEqualTo(old);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "..",
        "../..",
        "{x}",
        "sessions:expirations",
        "m:v",
        "%00",
        "\"quoted\"",
        "a b",
        "-1"
      })
  @Clause("defect 6: a crafted cookie reaches the repository's own keys")
  void aCraftedIdIsNobody(String value) {
    user.run("set color red");
    String name = user.cookies().keySet().iterator().next();
    Reply reply = user.runWithCookies(name + "=" + value, "session");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.of("session")).isEqualTo("none");
  }

  @Test
  @Clause("defect 6: eighty cookies of the name cost eighty look-ups")
  void eightyBogusCookiesAreNobodyAndNoError() {
    user.run("set color red");
    String name = user.cookies().keySet().iterator().next();
    String header =
        IntStream.range(0, 80).mapToObj(i -> name + "=bogus" + i).collect(Collectors.joining("; "));

    assertThat(user.runWithCookies(header, "session").of("session")).isEqualTo("none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"V B", "B V", "B V B", "V V", "B B V"})
  @Clause("containers: duplicate cookies, the first valid one counts; defect 19: answered 400")
  void amongDuplicateCookiesTheValidOneCounts(String order) {
    user.run("set color red");
    Map.Entry<String, String> cookie = user.cookies().entrySet().iterator().next();
    String header =
        List.of(order.split(" ")).stream()
            .map(kind -> cookie.getKey() + "=" + (kind.equals("V") ? cookie.getValue() : "bogus"))
            .collect(Collectors.joining("; "));
    Reply reply = user.runWithCookies(header, "get color", "requested-valid");

    assertThat(reply.of("get color")).isEqualTo("red");
    assertThat(reply.of("requested-valid")).isEqualTo("true");
  }

  @Test
  @Clause("two cookies of two live sessions: one may be planted, neither is used")
  @Differs(
      on = {TOMCAT_9, TOMCAT_10_1, TOMCAT_11},
      because = "of two live sessions the first cookie's is used, planted or not")
  @Differs(
      on = {JETTY_12_0, JETTY_12_1, JETTY_12_1_EE8},
      because = "cookies of two live sessions are answered 400 until the browser is cleared")
  void twoLiveSessionsAreAmbiguousAndTheRequestIsAnonymous() {
    user.run("set color red");
    Browser planter = stranger();
    planter.run("set color black");
    Reply reply = user.runWithCookies(cookieHeader() + "; " + header(planter.cookies()), "session");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.of("session")).isEqualTo("none");
  }

  @Test
  @Clause("HttpSession.getId: the same on every request and node")
  void theIdStaysTheSame() {
    String id = ask("create");

    assertThat(ask("id")).isEqualTo(id);
    assertThat(askElsewhere("id")).isEqualTo(id);
  }
}
