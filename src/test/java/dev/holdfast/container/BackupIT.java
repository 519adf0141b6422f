package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.backup.jdbc.testing.Postgres;
import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.postgresql.Driver;

/**
 * Redis loses everything while two servers run a WAR with a backup, its driver in WEB-INF/lib, and
 * one without.
 */
@AnyContainer(Container.JETTY_12_1)
class BackupIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String BACKUP =
      """
      <context-param>
        <param-name>holdfast.backup.database</param-name>
        <param-value>%s</param-value>
      </context-param>
      <context-param>
        <param-name>holdfast.backup.interval</param-name>
        <param-value>1s</param-value>
      </context-param>
      """;

  @TempDir static Path directory;
  private static RedisServer redis;
  private static Postgres database;
  private static ContainerNode one;
  private static ContainerNode two;

  BackupIT(Container container) {}

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    redis = RedisServer.start();
    database = Postgres.database();
    String parameters = BACKUP.formatted(database.url().replace("&", "&amp;"));
    ContainerNode.Builder builder =
        ContainerNode.on(container)
            .deploy(
                "/shop",
                WarBuilder.probe(parameters)
                    .holdfast()
                    .libraries(WarBuilder.originOf(Driver.class))
                    .in(directory))
            .deploy("/plain", WarBuilder.probe().holdfast().in(directory))
            .environment("HOLDFAST_REDIS_URI", redis.uri());
    one = builder.start();
    two = builder.start();
    await().atMost(PATIENCE).until(() -> redis.keys().contains("holdfast:shop:backup"));
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    one.stop();
    two.stop();
    assertThat(one.log() + two.log()).doesNotContain("failed to unregister");
    one.close();
    two.close();
    redis.close();
  }

  private final Browser atOne = one.browser("/shop");
  private final Browser atTwo = atOne.at(two);

  @Test
  void whoIsLoggedInStaysSoWhenRedisHasLostEverything() {
    atOne.run("set color red", "set-list basket apple");
    atOne.run("login root toor");
    int cookies = atOne.history().size();

    redis.flush();

    Reply reply = atTwo.run("user", "in-role admin", "get color", "get basket", "is-new");
    assertThat(reply.of("user")).isEqualTo("root true");
    assertThat(reply.of("in-role admin")).isEqualTo("true");
    assertThat(reply.of("get color")).isEqualTo("red");
    assertThat(reply.of("get basket")).isEqualTo("[apple]");
    assertThat(reply.of("is-new")).isEqualTo("false");
    assertThat(atOne.run("get color").of("get color")).isEqualTo("red");
    assertThat(atOne.history()).hasSize(cookies);
  }

  @Test
  void whatALateRoundHasSeenIsThereAndNoCopyOfANodeIsOlderOrNewer() {
    atOne.run("login root toor");
    atOne.run("set color red");
    String rows = "SELECT COUNT(*) FROM holdfast_session WHERE position('color' in fields) > 0";
    await().atMost(PATIENCE).until(() -> (Long) database.value(rows) > 0);
    atOne.run("set color blue");

    redis.flush();

    String atFirst = atOne.run("get color").of("get color");
    assertThat(atFirst).isIn("red", "blue");
    assertThat(atTwo.run("get color").of("get color")).isEqualTo(atFirst);
    atTwo.run("set color green");
    assertThat(atOne.run("get color").of("get color")).isEqualTo("green");
  }

  @Test
  void whoHasLoggedOutIsNotLoggedInAgain() {
    atOne.run("set color red", "login root toor");
    String loggedIn = cookieHeader();
    assertThat(atTwo.run("invalidate").status()).isEqualTo(200);

    redis.flush();

    for (Browser browser : new Browser[] {atOne, atTwo}) {
      assertThat(browser.runWithCookies(loggedIn, "session").of("session")).isEqualTo("none");
    }
  }

  @Test
  void theIdBeforeTheLoginIsDeadAfterTheLossToo() {
    atOne.run("set color red");
    String anonymous = cookieHeader();
    await()
        .atMost(PATIENCE)
        .until(() -> (Long) database.value("SELECT COUNT(*) FROM holdfast_session") > 0);
    atTwo.run("login root toor");

    redis.flush();

    for (Browser browser : new Browser[] {atOne, atTwo}) {
      assertThat(browser.runWithCookies(anonymous, "session", "user").of("session"))
          .isEqualTo("none");
      assertThat(browser.run("user").of("user")).isEqualTo("root true");
    }
    atOne.run("logout");
    redis.flush();
    assertThat(atTwo.run("user").of("user")).isEqualTo("null false");
  }

  @Test
  void withoutABackupEverybodyIsAnonymousAndNothingBreaks() {
    Browser plain = one.browser("/plain");
    plain.run("set color red", "login root toor");
    String lost = plain.cookies().entrySet().iterator().next().toString();

    redis.flush();

    for (Browser browser : new Browser[] {plain, plain.at(two)}) {
      Reply reply = browser.runWithCookies(lost, "strict", "session", "user");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.of("session")).isEqualTo("none");
      assertThat(reply.of("user")).isEqualTo("null false");
    }
    assertThat(plain.run("set color blue", "get color").of("get color")).isEqualTo("blue");
  }

  private String cookieHeader() {
    assertThat(atOne.cookies()).hasSize(1);
    return atOne.cookies().entrySet().iterator().next().toString();
  }
}
