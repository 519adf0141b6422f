package dev.holdfast.container.contract;

import static dev.holdfast.container.Container.JETTY_12_0;
import static dev.holdfast.container.Container.JETTY_12_1;
import static dev.holdfast.container.Container.JETTY_12_1_EE8;
import static dev.holdfast.container.Container.TOMCAT_10_1;
import static dev.holdfast.container.Container.TOMCAT_11;
import static dev.holdfast.container.Container.TOMCAT_9;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.container.Reply;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a session ends by itself, and when it must not. */
@Area("Time-outs")
@EachSubject
class TimeOutContractIT extends Contract {

  private static final String EXPIRES_IN_USE =
      "a session expires while a request uses it (activityCheck is off by default)";

  TimeOutContractIT(Subject subject) {
    super(subject);
  }

  @Test
  @Clause(
      "Servlet 6.1, 7.5; session-config; defects 11, 17: minutes of web.xml ignored or as seconds")
  void theTimeOutComesFromWebXmlInMinutes() {
    assertThat(subject().browserOfConfigured().run("create", "max-inactive").of("max-inactive"))
        .isEqualTo("420");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "0"})
  @Clause("trap 3; defects 4, 13: maxInactive \u2264 0 deletes at once, or becomes a minute")
  void zeroAndMinusOneMeanForEver(String never) {
    user.run("set color red", "max-inactive 1");
    user.run("max-inactive " + never);
    letPass(MORE_THAN_A_SECOND);

    Reply reply = elsewhere.run("get color", "max-inactive", "is-new");
    assertThat(reply.of("get color")).isEqualTo("red");
    assertThat(reply.of("max-inactive")).isEqualTo(never);
    assertThat(reply.of("is-new")).isEqualTo("false");
    assertThat(ask("get color")).isEqualTo("red");
  }

  @ParameterizedTest
  @CsvSource({"-5, -5", "2147483647, 2147483647", "-2147483648, -2147483648", "1, 1"})
  @Clause("maxInactive: what was set is returned, huge values do not overflow")
  @Differs(
      on = {JETTY_12_0, JETTY_12_1, JETTY_12_1_EE8},
      only = {"-5", "-2147483648"},
      because = "getMaxInactiveInterval() is -1 whatever negative value was set")
  void whatWasSetIsReturnedAndTheSessionLives(String set, String returned) {
    user.run("set color red");
    assertThat(ask("max-inactive " + set)).isEqualTo(returned);

    Reply reply = elsewhere.run("max-inactive", "get color");
    assertThat(reply.of("max-inactive")).isEqualTo(returned);
    assertThat(reply.of("get color")).isEqualTo("red");
  }

  @Test
  @Clause("Servlet 6.1, 7.5; expiry check at join")
  void anExpiredSessionIsNobodysAndTheNextOneIsAnother() {
    user.run("set color red", "max-inactive 1");
    String old = cookieHeader();
    String id = ask("session");
    letPass(MORE_THAN_A_SECOND);
    Reply reply = elsewhere.run("session", "requested-valid", "requested-id", "create", "names");

    assertThat(reply.of("session")).isEqualTo("none");
    assertThat(reply.of("requested-valid")).isEqualTo("false");
    assertThat(reply.of("requested-id")).startsWith(id);
    assertThat(reply.of("create")).isNotEqualTo(id);
    assertThat(reply.of("names")).isEqualTo("[]");
    assertThat(sessionsOf(old)).containsOnly("none");
  }

  @Test
  @Clause("maxInactive: increased before it is due; immortal to mortal and back")
  void aLongerIntervalTakesEffectAtOnce() {
    user.run("set color red", "max-inactive 1");
    elsewhere.run("max-inactive 600");
    letPass(MORE_THAN_A_SECOND);

    assertThat(ask("get color")).isEqualTo("red");
  }

  @Test
  @Clause("maxInactive: reduced, from immortal to mortal")
  void aShorterIntervalTakesEffectAtOnce() {
    user.run("set color red", "max-inactive -1");
    elsewhere.run("max-inactive 1");
    letPass(MORE_THAN_A_SECOND);

    assertThat(ask("session")).isEqualTo("none");
  }

  @Test
  @Clause("Servlet 6.1, 7.5; session in use; containers: no expiry while a request is in use")
  @Differs(
      on = {TOMCAT_9, TOMCAT_10_1, TOMCAT_11},
      because = EXPIRES_IN_USE)
  void aSessionInUseDoesNotExpire() {
    user.run("set color red", "max-inactive 1");
    String gate = newGate();
    CompletableFuture<Reply> slow = user.start("session", "gate " + gate, "get color");
    stranger().run("reached " + gate);
    letPass(MORE_THAN_A_SECOND);

    stranger().run("open " + gate);
    assertThat(slow.join().of("get color")).isEqualTo("red");
  }

  @Test
  @Clause("session in use: another request joins it although its time would be over")
  @Differs(
      on = {TOMCAT_9, TOMCAT_10_1, TOMCAT_11},
      because = EXPIRES_IN_USE)
  @Differs(
      on = {JETTY_12_0, JETTY_12_1, JETTY_12_1_EE8},
      because = "another request ends a session whose time is over, although one uses it")
  void aSessionInUseIsJoinedByOtherRequests() {
    user.run("set color red", "max-inactive 1");
    String gate = newGate();
    CompletableFuture<Reply> slow = user.start("session", "gate " + gate, "get color");
    stranger().run("reached " + gate);
    letPass(MORE_THAN_A_SECOND);
    try {
      assertThat(askElsewhere("get color")).isEqualTo("red");
    } finally {
      stranger().run("open " + gate);
      slow.join();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"print now", "async"})
  @Clause("defect 8: a request longer than the time-out kills its own session")
  @Differs(
      on = {TOMCAT_9, TOMCAT_10_1, TOMCAT_11},
      because = EXPIRES_IN_USE)
  void aRequestLongerThanTheTimeOutLeavesItsSessionAlive(String first) {
    user.run("set color red", "max-inactive 1");
    Reply slow = user.run("session", first, "sleep 1500", "set size 7");
    assertThat(slow.status()).isEqualTo(200);
    letPass(MORE_THAN_A_SECOND.dividedBy(2));

    Reply reply = elsewhere.run("get color", "get size");
    assertThat(reply.of("get color")).isEqualTo("red");
    assertThat(reply.of("get size")).isEqualTo("7");
  }

  @Test
  @Clause("Servlet 6.1, 7.6: a request that never asks for its session keeps it alive")
  void everyRequestKeepsTheSessionAlive() {
    user.run("set color red", "max-inactive 1");
    for (int i = 0; i < 3; i++) {
      letPass(MORE_THAN_A_SECOND.dividedBy(2));
      user.run("print hello");
    }

    assertThat(askElsewhere("get color")).isEqualTo("red");
  }
}
