package dev.holdfast.container.contract;

import static dev.holdfast.container.Container.TOMCAT_10_1;
import static dev.holdfast.container.Container.TOMCAT_11;
import static dev.holdfast.container.Container.TOMCAT_9;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.container.Browser;
import dev.holdfast.container.Reply;
import dev.holdfast.container.SetCookie;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From the first getSession to the last invalidate. */
@Area("Life cycle")
@EachSubject
class LifeCycleContractIT extends Contract {

  LifeCycleContractIT(Subject subject) {
    super(subject);
  }

  @Test
  @Clause("Servlet 6.1, 7.1; getSession(false)")
  void withoutASessionGetSessionFalseIsNullAndNoCookieIsSet() {
    Reply reply = user.run("session", "print hello");

    assertThat(reply.of("session")).isEqualTo("none");
    assertThat(reply.setCookies()).isEmpty();
  }

  @Test
  @Clause("Servlet 6.1, 7.2; isNew")
  void aSessionIsNewUntilTheRequestThatCreatedItHasEnded() {
    Reply first = user.run("create", "is-new", "set color red", "is-new");

    assertThat(first.all("is-new")).containsExactly("true", "true");
    assertThat(askElsewhere("is-new")).isEqualTo("false");
    assertThat(ask("is-new")).isEqualTo("false");
  }

  @Test
  @Clause("Servlet 6.1, 7.2; isNew")
  void aSessionWhoseIdTheClientNeverReturnsIsNeverJoined() {
    user.run("set color red");

    assertThat(user.runWithCookies("", "session").of("session")).isEqualTo("none");
    assertThat(user.runWithCookies("", "create", "is-new").of("is-new")).isEqualTo("true");
  }

  @Test
  @Clause("lastAccessedTime of a new session is its creation time")
  void aNewSessionWasLastAccessedWhenItWasCreated() {
    Reply reply = user.run("create", "sleep 20", "created", "last-accessed");

    assertThat(reply.of("last-accessed")).isEqualTo(reply.of("created"));
  }

  @Test
  @Clause("Servlet 6.1, 7.6; trap 5; lastAccessedTime is when the previous request was received")
  @Differs(
      on = {TOMCAT_9, TOMCAT_10_1, TOMCAT_11},
      because = "getLastAccessedTime() is when the previous request ended")
  void theSessionWasLastAccessedWhenThePreviousRequestStarted() {
    user.run("create");
    letPass(MORE_THAN_A_SECOND.dividedBy(4));
    Reply previous = user.run("now", "session", "sleep 700");

    long started = Long.parseLong(previous.of("now"));
    assertThat(Long.parseLong(ask("last-accessed"))).isBetween(started - 400, started + 500);
  }

  @Test
  @Clause("Servlet 6.1, 7.6; in-request stability")
  void lastAccessedTimeDoesNotChangeWithinARequest() {
    user.run("set color red");
    Reply reply =
        user.run("last-accessed", "sleep 30", "get color", "set color blue", "last-accessed");

    assertThat(reply.all("last-accessed").get(0)).isEqualTo(reply.all("last-accessed").get(1));
  }

  @Test
  @Clause("defect 8: lastAccessedTime goes backwards with a slow request")
  void lastAccessedTimeNeverGoesBackwards() {
    user.run("create");
    String gate = newGate();
    CompletableFuture<Reply> slow = user.start("session", "gate " + gate, "set slow yes");
    stranger().run("reached " + gate);
    letPass(MORE_THAN_A_SECOND.dividedBy(10));
    user.run("session");
    long before = Long.parseLong(ask("last-accessed"));
    stranger().run("open " + gate);
    slow.join();

    assertThat(Long.parseLong(ask("last-accessed"))).isGreaterThanOrEqualTo(before);
    assertThat(Long.parseLong(askElsewhere("last-accessed"))).isGreaterThanOrEqualTo(before);
  }

  @Test
  @Clause("trap 16: a session without attributes is a session")
  void aSessionWithoutAttributesIsJoinedByTheNextRequest() {
    String id = ask("create");

    assertThat(askElsewhere("session")).isEqualTo(id);
    assertThat(ask("session")).isEqualTo(id);
  }

  @Test
  @Clause("trap 8: a session whose attributes all go stays valid")
  void aSessionWhoseAttributesAllGoStaysValid() {
    user.run("set color red", "set size 7");
    user.run("remove color", "set-null size");

    Reply reply = elsewhere.run("names", "is-new", "requested-valid");
    assertThat(reply.of("names")).isEqualTo("[]");
    assertThat(reply.of("is-new")).isEqualTo("false");
    assertThat(reply.of("requested-valid")).isEqualTo("true");
  }

  @Test
  @Clause("HttpSession.invalidate; defect 12: other nodes still serve the session")
  void anInvalidatedSessionIsGoneEverywhere() {
    user.run("set color red");
    elsewhere.run("get color");
    String header = cookieHeader();

    assertThat(user.run("invalidate", "session").of("session")).isEqualTo("none");

    assertThat(sessionsOf(header)).containsOnly("none");
  }

  @Test
  @Clause("HttpSession.getServletContext")
  void theSessionKnowsItsContext() {
    user.run("create");

    assertThat(ask("session-context")).isEqualTo(subject().path());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "get color",
        "names",
        "set color red",
        "set-null color",
        "remove color",
        "created",
        "last-accessed",
        "is-new",
        "invalidate"
      })
  @Clause("HttpSession: IllegalStateException on an invalidated session; ISE after invalidate")
  void onAnInvalidatedSessionThisIsAnIllegalState(String step) {
    Reply reply = user.run("keep", "set color red", "invalidate", step);

    List<String> results = reply.all(step);
    assertThat(results.get(results.size() - 1)).startsWith("!java.lang.IllegalStateException");
  }

  @ParameterizedTest
  @ValueSource(strings = {"id", "max-inactive", "max-inactive 60", "session-context"})
  @Clause("HttpSession; ISE after invalidate: these still answer")
  void onAnInvalidatedSessionThisStillAnswers(String step) {
    Reply reply = user.run("keep", "set color red", "invalidate", step);

    assertThat(reply.of(step)).doesNotStartWith("!");
  }

  @Test
  @Clause("getSession after invalidate, same request")
  void afterInvalidateTheSameRequestGetsAnotherSession() {
    user.run("set color red");
    Reply reply =
        user.run("session", "session-instance", "invalidate", "create", "is-new", "names");

    assertThat(reply.of("create")).isNotEqualTo(reply.of("session"));
    assertThat(reply.of("is-new")).isEqualTo("true");
    assertThat(reply.of("names")).isEqualTo("[]");
    assertThat(askElsewhere("session")).isEqualTo(reply.of("create"));
  }

  @Test
  @Clause("getSession after invalidate, same request: one Set-Cookie")
  void createInvalidateCreateIsOneCookieAndItLeadsToTheLastSession() {
    Reply reply = user.run("create", "invalidate", "create", "set color red");

    assertThat(reply.setCookies()).hasSize(1);
    assertThat(reply.all("create").get(0)).isNotEqualTo(reply.all("create").get(1));
    assertThat(askElsewhere("session")).isEqualTo(reply.all("create").get(1));
    assertThat(askElsewhere("get color")).isEqualTo("red");
  }

  @Test
  @Clause("containers: create and invalidate in one request leaves nothing")
  void createAndInvalidateInOneRequestLeavesNothing() {
    Reply reply = user.run("set color red", "invalidate", "session");

    assertThat(reply.of("session")).isEqualTo("none");
    for (SetCookie cookie : reply.setCookies()) {
      assertThat(sessionsOf(cookie.name() + "=" + cookie.value())).containsOnly("none");
    }
  }

  @Test
  @Clause("Servlet 6.1, HttpServletRequest.getSession: ISE after the commit")
  void afterTheCommitNoSessionCanBeCreated() {
    Reply reply = user.run("flush", "create", "session");

    assertThat(reply.of("create")).startsWith("!java.lang.IllegalStateException");
    assertThat(reply.of("session")).isEqualTo("none");
    assertThat(reply.setCookies()).isEmpty();
  }

  @Test
  @Clause("getSession(true) after commit: an existing session is still there")
  void afterTheCommitAnExistingSessionIsStillThereAndChangesAreKept() {
    user.run("create");
    Reply reply = user.run("flush", "set color red");

    assertThat(reply.of("set color red")).isEqualTo("done");
    assertThat(askElsewhere("get color")).isEqualTo("red");
  }

  @Test
  @Clause("object identity: concurrent requests share one session object and its attributes")
  void concurrentRequestsShareTheSessionObjectAndItsAttributes() {
    user.run("set-cart cart");
    String gate = newGate();
    CompletableFuture<Reply> slow =
        user.start("session-instance", "instance cart", "gate " + gate, "get cart");
    stranger().run("reached " + gate);
    Reply quick = user.run("session-instance", "instance cart", "add cart rope");
    stranger().run("open " + gate);

    Reply reply = slow.join();
    assertThat(reply.of("session-instance")).isEqualTo(quick.of("session-instance"));
    assertThat(reply.of("instance cart")).isEqualTo(quick.of("instance cart"));
    assertThat(reply.of("get cart")).isEqualTo("nobody[rope]");
  }

  @Test
  @Clause("containers: a second request while the first is active sees what the first has set")
  void whatARequestHasSetTheNextOneSeesBeforeTheFirstHasEnded() {
    user.run("create");
    String gate = newGate();
    CompletableFuture<Reply> slow = user.start("set color red", "gate " + gate);
    stranger().run("reached " + gate);

    assertThat(ask("get color")).isEqualTo("red");

    stranger().run("open " + gate);
    assertThat(slow.join().status()).isEqualTo(200);
  }

  @Test
  @Clause("HttpServletRequest.getSession: the same object within a request")
  void withinARequestItIsAlwaysTheSameObject() {
    user.run("create");

    assertThat(ask("same-session")).isEqualTo("true");
  }

  @Test
  @Clause("containers: create in a ServletRequestListener; traps 11, 12")
  void aRequestListenerThatAsksForASessionTakesNothingFromTheUser() {
    user.get(Browser.probe("set color red") + "&early-bird");
    assertThat(askElsewhere("get color")).isEqualTo("red");

    user.get(Browser.probe("get color", "set size 7") + "&early-bird");
    elsewhere.get(Browser.probe("print hello") + "&early-bird");
    Reply reply = user.run("get color", "get size");
    assertThat(reply.of("get color")).isEqualTo("red");
    assertThat(reply.of("get size")).isEqualTo("7");
  }
}
