package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.container.tokens.TokenServlet;
import dev.holdfast.container.tokens.TokensFollow;
import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/**
 * What the page "Frameworks" says of libraries that key their tokens by session id: a form that was
 * opened before the login, with each advice and with none.
 */
@AnyContainer(Container.JETTY_12_1)
class TokensBySessionIdIT {
  @TempDir static Path directory;
  private static RedisServer redis;
  private static ContainerNode node;

  TokensBySessionIdIT(Container container) {}

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    redis = RedisServer.start();
    node =
        ContainerNode.on(container)
            .deploy("/unadvised", war("", ""))
            .deploy("/listening", war(listener(), ""))
            .deploy("/detection-off", war("", "login.detection=off\n"))
            .deploy("/both", war(listener(), "login.detection=off\n"))
            .environment("HOLDFAST_REDIS_URI", redis.uri())
            .start();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    node.close();
    redis.close();
  }

  private static String listener() {
    return "<listener><listener-class>"
        + TokensFollow.class.getName()
        + "</listener-class></listener>";
  }

  private static Path war(String webXml, String settings) {
    return WarBuilder.empty()
        .packageOf(TokenServlet.class)
        .webXml(webXml)
        .resource("WEB-INF/classes/holdfast.properties", settings)
        .holdfast()
        .in(directory);
  }

  /** What the form gets that was opened before a login. */
  private static String sentAfter(String login, Browser user) {
    String token = user.get("/tokens/form").text();
    assertThat(user.get("/tokens/send?token=" + token).text()).isEqualTo("accepted");
    user.get("/tokens/" + login);
    assertThat(user.get("/tokens/user").text()).isEqualTo("ada");
    return user.get("/tokens/send?token=" + token).text();
  }

  @Test
  void withoutAnyAdviceTheFormIsRefusedOnceAndTheNextOneIsTaken() {
    Browser user = node.browser("/unadvised");

    assertThat(sentAfter("login", user)).isEqualTo("refused");
    String next = user.get("/tokens/form").text();
    assertThat(user.get("/tokens/send?token=" + next).text()).isEqualTo("accepted");
  }

  @Test
  void aListenerThatMovesTheTokenKeepsTheFormGood() {
    assertThat(sentAfter("login", node.browser("/listening"))).isEqualTo("accepted");
  }

  @Test
  void withoutDetectionTheFormStaysGoodAndSoDoesAnIdThatWasPlanted() {
    Browser user = node.browser("/detection-off");
    user.get("/tokens/form");
    Browser attacker = withTheCookiesOf(user, "/detection-off");

    assertThat(sentAfter("login", user)).isEqualTo("accepted");
    assertThat(attacker.get("/tokens/user").text()).isEqualTo("ada");
  }

  @Test
  void anApplicationThatChangesTheIdItselfIsSafeWithoutDetectionAndTheListenerKeepsTheForm() {
    Browser user = node.browser("/both");
    user.get("/tokens/form");
    Browser attacker = withTheCookiesOf(user, "/both");

    assertThat(sentAfter("login-by-hand", user)).isEqualTo("accepted");
    assertThat(attacker.get("/tokens/user").text()).isEqualTo("null");
  }

  private static Browser withTheCookiesOf(Browser user, String contextPath) {
    Browser attacker = node.browser(contextPath);
    user.cookies().forEach(attacker::setCookie);
    return attacker;
  }
}
