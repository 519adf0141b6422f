package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.redis.testing.RedisServer;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/** One session on two servers. */
@AnyContainer(Container.JETTY_12_1)
class TwoNodesIT {

  @TempDir static Path directory;
  private static RedisServer redis;
  private static ContainerNode.Builder builder;
  private static ContainerNode one;
  private static ContainerNode two;

  TwoNodesIT(Container container) {}

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    redis = RedisServer.start();
    builder =
        ContainerNode.on(container)
            .deploy("/shop", WarBuilder.probe().holdfast().in(directory))
            .environment("HOLDFAST_REDIS_URI", redis.uri());
    one = builder.begin();
    two = builder.start();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    one.close();
    two.close();
    redis.close();
  }

  private final Browser atOne = one.browser("/shop");
  private final Browser atTwo = atOne.at(two);

  @BeforeEach
  void forgetAllSessions() {
    redis.flush();
  }

  @Test
  void aSessionMovesWithItsUser() {
    atOne.run("set color red", "set-cart cart", "set-list basket apple");

    Reply reply = atTwo.run("get color", "type cart", "get basket", "is-new");

    assertThat(reply.of("get color")).isEqualTo("red");
    assertThat(reply.of("type cart")).isEqualTo("dev.holdfast.container.app.Cart");
    assertThat(reply.of("get basket")).isEqualTo("[apple]");
    assertThat(reply.of("is-new")).isEqualTo("false");
    assertThat(reply.setCookies()).isEmpty();
  }

  @Test
  void whatOneNodeChangesInPlaceTheOtherSees() {
    atOne.run("set-list basket apple", "set-cart cart");
    for (int i = 0; i < 3; i++) {
      atOne.run("add basket one" + i, "add cart one" + i);
      atTwo.run("add basket two" + i, "add cart two" + i);
    }

    Reply reply = atOne.run("get basket", "get cart");
    assertThat(reply.of("get basket")).isEqualTo("[apple, one0, two0, one1, two1, one2, two2]");
    assertThat(reply.of("get cart")).isEqualTo("nobody[one0, two0, one1, two1, one2, two2]");
  }

  @Test
  void rotatedAndInvalidatedInOneRequestBothIdsAreDead() {
    atOne.run("set color red");
    String before = cookieHeader();
    Reply last = atOne.run("rotate", "id", "invalidate");
    assertThat(last.status()).isEqualTo(200);

    for (SetCookie issued : atOne.history()) {
      String header = issued.name() + "=" + issued.value();
      for (Browser browser : new Browser[] {atOne, atTwo}) {
        assertThat(browser.runWithCookies(header, "session").of("session")).isEqualTo("none");
      }
    }
    assertThat(atTwo.runWithCookies(before, "session").of("session")).isEqualTo("none");
    assertThat(sessionKeys()).isZero();
    assertThat(atOne.cookies()).isEmpty();
  }

  @Test
  void anInvalidatedSessionStaysDeadWhileASlowRequestGoesOn() {
    atOne.run("set color red");
    String header = cookieHeader();
    String gate = "invalidated-" + one.pid();

    CompletableFuture<Reply> slow =
        atOne.start("get color", "gate " + gate, "set color blue", "set size 7");
    one.browser("/shop").run("reached " + gate);
    assertThat(atTwo.run("invalidate").status()).isEqualTo(200);
    one.browser("/shop").run("open " + gate);

    Reply reply = slow.join();
    assertThat(reply.status()).as(reply.toString()).isLessThan(500);
    assertThat(reply.setCookies()).isEmpty();
    assertThat(sessionKeys()).isZero();
    assertThat(atOne.runWithCookies(header, "session").of("session")).isEqualTo("none");
    assertThat(atTwo.runWithCookies(header, "session").of("session")).isEqualTo("none");
  }

  @Test
  void aRotatedIdLeadsNowhereOnAnyNode() {
    atOne.run("set color red");
    String before = cookieHeader();

    Reply rotated = atTwo.run("rotate", "get color");

    assertThat(rotated.setCookies()).hasSize(1);
    assertThat(cookieHeader()).isNotEqualTo(before);
    assertThat(atOne.runWithCookies(before, "session").of("session")).isEqualTo("none");
    assertThat(atTwo.runWithCookies(before, "session").of("session")).isEqualTo("none");
    assertThat(atOne.run("get color").of("get color")).isEqualTo("red");
  }

  @Test
  void aLoginLastsOnEveryNodeUntilTheLogout() {
    atOne.run("set color red");
    String anonymous = cookieHeader();

    atOne.run("login root toor");

    assertThat(cookieHeader()).isNotEqualTo(anonymous);
    for (Browser browser : new Browser[] {atOne, atTwo}) {
      Reply reply = browser.run("user", "in-role admin", "in-role nobody", "get color");
      assertThat(reply.of("user")).isEqualTo("root true");
      assertThat(reply.of("in-role admin")).isEqualTo("true");
      assertThat(reply.of("in-role nobody")).isEqualTo("false");
      assertThat(reply.of("get color")).isEqualTo("red");
      assertThat(browser.runWithCookies(anonymous, "user").of("user")).isEqualTo("null false");
    }
    atTwo.run("logout");
    assertThat(atOne.run("user").of("user")).isEqualTo("null false");
    assertThat(atTwo.run("user").of("user")).isEqualTo("null false");
  }

  @Test
  void aKilledNodeLosesNothingThatAResponseAcknowledged() throws InterruptedException {
    ContainerNode doomed = builder.start();
    try {
      Browser traffic = atTwo.at(doomed);
      traffic.run("set count 0", "set-list log start");
      CountDownLatch warm = new CountDownLatch(20);
      CompletableFuture<Integer> acknowledged =
          CompletableFuture.supplyAsync(
              () -> {
                int count = 0;
                try {
                  while (true) {
                    int next = count + 1;
                    Reply reply = traffic.run("set count " + next, "add log entry" + next);
                    assertThat(reply.status()).isEqualTo(200);
                    count = next;
                    warm.countDown();
                  }
                } catch (UncheckedIOException e) {
                  return count;
                }
              });
      assertThat(warm.await(30, TimeUnit.SECONDS)).isTrue();
      doomed.kill();

      int last = acknowledged.join();
      Reply reply = atTwo.run("get count", "get log", "is-new");
      int found = Integer.parseInt(reply.of("get count"));
      assertThat(found).isBetween(last, last + 1);
      assertThat(reply.of("get log")).contains("entry" + last);
      assertThat(reply.of("is-new")).isEqualTo("false");
    } catch (CompletionException e) {
      throw new AssertionError(e);
    } finally {
      doomed.close();
    }
  }

  private String cookieHeader() {
    Map<String, String> cookies = atOne.cookies();
    assertThat(cookies).hasSize(1);
    return cookies.keySet().iterator().next() + "=" + cookies.values().iterator().next();
  }

  private static long sessionKeys() {
    return redis.keys().stream().filter(key -> key.startsWith("holdfast:shop:{")).count();
  }
}
