package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody else's id gets nothing while sessions move in or out. */
@EachContainer
class PlantedSessionIT {
  @TempDir Path directory;

  private final Container container;

  PlantedSessionIT(Container container) {
    this.container = container;
  }

  private ContainerNode start(RedisServer redis, Path war) {
    return ContainerNode.on(container)
        .deploy("/shop", war)
        .environment("HOLDFAST_REDIS_URI", redis.uri())
        .systemProperty("driver.session-files", "true")
        .start();
  }

  private static void become(ContainerNode node, Path war, String takeover) {
    TakeoverIT.withHoldfast(takeover, "").over(war);
    node.reload("/shop");
  }

  @Test
  void onTheWayOutAPlantedSessionOfTheContainerIsNotFilled() {
    Path war = TakeoverIT.withHoldfast("off", "").in(directory);
    try (RedisServer redis = RedisServer.start();
        ContainerNode node = start(redis, war)) {
      Browser alice = node.browser("/shop");
      alice.run("login alice wonderland", "set color red");
      // Without a session of the container's: Jetty refuses a request that names two of them.
      String aliceHas = "__Host-shop-sid=" + alice.cookie("__Host-shop-sid").orElseThrow();
      become(node, war, "out");
      Browser mallory = node.browser("/shop");
      mallory.run("set color black");
      String planted = FormWar.cookies(mallory);

      Reply moved =
          node.browser("/shop")
              .runWithCookies(aliceHas + "; " + planted, "get color", "user", "session");

      assertThat(moved.of("get color")).isEqualTo("red");
      assertThat(moved.of("user")).startsWith("alice");
      assertThat(planted).doesNotContain(moved.of("session"));
      Reply thief = mallory.run("get color", "user");
      assertThat(thief.of("get color")).isNotEqualTo("red");
      assertThat(thief.of("user")).isEqualTo("null false");
    }
  }

  @Test
  void onTheWayOutTheOldCookieOpensNoSessionThatHasHadALoginSince() {
    Path war = TakeoverIT.withHoldfast("off", "").in(directory);
    try (RedisServer redis = RedisServer.start();
        ContainerNode node = start(redis, war)) {
      Browser alice = node.browser("/shop");
      alice.run("set color red");
      String planted = FormWar.cookies(alice);
      become(node, war, "out");
      assertThat(alice.run("get color").of("get color")).isEqualTo("red");
      FormWar.logIn(alice, "alice", "wonderland");

      Reply thief = node.browser("/shop").runWithCookies(planted, "get color", "user");

      assertThat(thief.of("user")).isEqualTo("null false");
      assertThat(thief.of("get color")).isNotEqualTo("red");
      assertThat(alice.run("get color", "user").of("user")).isEqualTo("alice true");
    }
  }

  @Test
  void onTheWayInAPlantedIdIsNotToldTheIdAfterALogin() {
    Path war = TakeoverIT.bare("").in(directory);
    try (RedisServer redis = RedisServer.start();
        ContainerNode node = start(redis, war)) {
      Browser mallory = node.browser("/shop");
      mallory.run("set color red");
      String planted = FormWar.cookies(mallory);
      become(node, war, "on");
      Browser alice = node.browser("/shop");
      Browser control = node.browser("/shop").alone();
      CompletableFuture<Reply> slow =
          CompletableFuture.supplyAsync(
              () ->
                  node.browser("/shop")
                      .alone()
                      .runWithCookies(planted, "get color", "gate led", "set size large"));
      control.run("reached led");
      Reply first = alice.runWithCookies(planted, "get color");
      assertThat(first.of("get color")).isEqualTo("red");
      assertThat(alice.run("login alice wonderland", "user").of("user")).startsWith("alice");
      control.run("open led");

      Reply thief = slow.join();

      Browser robber = node.browser("/shop");
      for (SetCookie cookie : thief.setCookies()) {
        assertThat(robber.runWithCookies(cookie.name() + "=" + cookie.value(), "user").of("user"))
            .as("with %s", cookie.name())
            .isEqualTo("null false");
      }
      assertThat(alice.run("user").of("user")).startsWith("alice");
    }
  }

  @Test
  void onTheWayInALoginThatHasEndedDoesNotComeBackWithTheContainersSession() {
    Path war = TakeoverIT.withHoldfast("off", "").in(directory);
    try (RedisServer redis = RedisServer.start();
        ContainerNode node = start(redis, war)) {
      Browser alice = FormWar.loggedIn(node, "/shop", "alice", "wonderland");
      String before = FormWar.cookies(alice);
      TakeoverIT.sessions(redis).forEach(key -> redis.command("DEL", key));

      become(node, war, "on");

      // An open page first: at a closed one the container would ask before our filter.
      assertThat(node.browser("/shop").runWithCookies(before, "user").of("user"))
          .isEqualTo("null false");
      FormWar.leadNowhere(before, node, "/shop");
      assertThat(node.log()).doesNotContain("TAKEN_OVER");
    }
  }
}
