package dev.holdfast.container.contract;

import static dev.holdfast.container.Container.JETTY_12_0;
import static dev.holdfast.container.Container.JETTY_12_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.container.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a session ends by itself, and when it must not. */
@Area("Time-outs")
@EachSubject
class TimeOutContractIT extends Contract {

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
      on = {JETTY_12_0, JETTY_12_1},
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
