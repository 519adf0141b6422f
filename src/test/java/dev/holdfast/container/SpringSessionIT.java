package dev.holdfast.container;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.container.app.ProbeServlet;
import dev.holdfast.redis.testing.CountingProxy;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.testing.FaultMatrix;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.management.BadAttributeValueExpException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sessions that the real Spring Session has written go on as sessions of Holdfast. The WAR with
 * Spring Session is {@code spring-session-war} in {@code src/test/containers}.
 */
@AnyContainer(value = Container.TOMCAT_11, javax = false)
class SpringSessionIT {
  private static final int USERS = Integer.getInteger("takeover.users", 200);
  private static final Path WAR =
      Path.of(
          System.getProperty("holdfast.containers", "target/containers"),
          "spring-session-war",
          "war");

  @TempDir Path directory;

  private final Container container;

  SpringSessionIT(Container container) {
    this.container = container;
  }

  private record User(int number, Browser browser, String created) {}

  private static WarBuilder before() {
    return WarBuilder.copyOf(WAR).packageOf(ProbeServlet.class).webXml(WarBuilder.SERVLET);
  }

  private static WarBuilder after() {
    return WarBuilder.probe()
        .holdfast()
        .resource("WEB-INF/classes/holdfast.properties", "takeover=on\n");
  }

  private ContainerNode.Builder node(RedisServer redis, String uri, Path war) {
    return ContainerNode.on(container)
        .deploy("/shop", war)
        .environment("SPRING_REDIS_PORT", "" + redis.port())
        .environment("HOLDFAST_ENCRYPTION_KEYS", TestSettings.KEY)
        .environment("HOLDFAST_REDIS_URI", uri)
        .environment("HOLDFAST_EXPIRY_INTERVAL", "2m");
  }

  private static List<User> logIn(ContainerNode node) {
    List<User> users = new ArrayList<>();
    for (int i = 0; i < USERS; i++) {
      Browser browser = node.browser("/shop");
      Reply reply =
          browser.run(
              "set color red" + i,
              "set-cart cart",
              "add cart apple",
              "set-again cart",
              "set user u" + i,
              "set gone soon",
              "max-inactive " + (1000 + i),
              "created");
      assertThat(reply.of("max-inactive " + (1000 + i)))
          .as(reply.toString())
          .isEqualTo("" + (1000 + i));
      browser.run("remove gone");
      users.add(new User(i, browser, reply.of("created")));
      assertThat(browser.cookies()).containsOnlyKeys("SESSION");
    }
    return users;
  }

  private static List<String> keys(RedisServer redis, String pattern) {
    return redis.keys().stream().filter(key -> key.matches(pattern)).toList();
  }

  @Test
  void nobodyIsLoggedOutWhenHoldfastTakesThePlaceOfSpringSession() throws Exception {
    Path war = before().in(directory);
    try (RedisServer redis = RedisServer.start();
        CountingProxy proxy = new CountingProxy(redis.port());
        ContainerNode one = node(redis, redis.uri(), war).begin();
        ContainerNode two = node(redis, proxy.uri(), after().in(directory)).start()) {
      List<User> users = logIn(one);
      assertThat(keys(redis, "spring:session:sessions:[0-9a-f-]{36}")).hasSize(USERS);
      User attacked = users.get(0);
      plant(redis, attacked);
      String stolen = FormWar.cookies(users.get(1).browser());

      after().over(war);
      one.reload("/shop");
      Set<String> sessions = new HashSet<>();
      Browser counted = users.get(USERS - 1).browser().at(two);
      // The first of each kind loads scripts.
      users.get(USERS - 2).browser().at(two).run("get color");
      // A node that has just connected compares its settings with those of others.
      await()
          .during(Duration.ofSeconds(1))
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                boolean isQuiet = proxy.waits() == 0;
                proxy.reset();
                return isQuiet;
              });
      counted.run("get color");
      assertThat(proxy.waits()).as("the move of a session with a user").isLessThanOrEqualTo(8);
      for (User user : users) {
        sessions.add(firstContact(user, two));
      }

      assertThat(sessions).hasSize(USERS);
      assertThat(keys(redis, "holdfast:shop:\\{[A-Za-z0-9_-]{22}}")).hasSize(USERS);
      assertThat(keys(redis, "spring:session:sessions:.*")).isEmpty();
      Reply kept =
          users.get(7).browser().run("max-inactive", "get cart", "names", "user", "is-new");
      assertThat(kept.of("max-inactive")).isEqualTo("1007");
      assertThat(kept.of("get cart")).contains("apple");
      assertThat(kept.of("names")).isEqualTo("[cart, color, user]");
      assertThat(kept.of("is-new")).isEqualTo("false");
      assertThat(one.log() + two.log())
          .contains("REFUSED_CLASS")
          .contains("the attribute evil of Spring Session is not taken over");
      assertThat(attacked.browser().run("get evil", "get color").of("get evil")).isEqualTo("null");
      costsNothingMore(proxy, users.get(2).browser().at(two), two.browser("/shop"));
      anOldIdDiesWithItsSession(users.get(1).browser(), one.browser("/shop"), stolen);
      FaultMatrix.record(
          "Moving in",
          "SpringSessionIT",
          "%s: %d sessions of Spring Session 3.5.7, first requests at once on two nodes: logged out 0, sessions %d"
              .formatted(container.title(), USERS, USERS));
    }
  }

  /** Four requests at once, on two nodes; gives the one session that they all have. */
  private static String firstContact(User user, ContainerNode two) {
    Browser one = user.browser();
    Browser other = one.at(two);
    List<CompletableFuture<Reply>> atOnce = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      atOnce.add((i % 2 == 0 ? one : other).start("get color", "get user", "created", "session"));
    }
    Set<String> ids = new HashSet<>();
    for (CompletableFuture<Reply> each : atOnce) {
      Reply reply = each.join();
      assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
      assertThat(reply.of("get color")).as(reply.toString()).isEqualTo("red" + user.number());
      assertThat(reply.of("get user")).isEqualTo("u" + user.number());
      assertThat(reply.of("created")).isEqualTo(user.created());
      ids.add(reply.of("session"));
    }
    assertThat(ids).as("sessions of user %s", user.number()).hasSize(1);
    assertThat(one.cookies()).hasSize(1).doesNotContainKey("SESSION");
    return ids.iterator().next();
  }

  /** Writes a class that is not on the list into a session, as who can write to Redis may. */
  private static void plant(RedisServer redis, User user) throws IOException {
    String id =
        new String(Base64.getDecoder().decode(user.browser().cookies().get("SESSION")), US_ASCII);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new BadAttributeValueExpException("evil"));
    }
    redis.command("HSET", "spring:session:sessions:" + id, "sessionAttr:evil", bytes.toByteArray());
  }

  private static void costsNothingMore(CountingProxy proxy, Browser known, Browser nobody) {
    known.run("get color");
    proxy.reset();

    known.run("get color");
    assertThat(proxy.waits()).as("a request with our cookie").isEqualTo(1);
    proxy.reset();

    known.run("print hello");
    assertThat(proxy.waits()).as("one that leaves its session alone").isZero();

    nobody.run("session");
    assertThat(proxy.waits()).as("one without a cookie").isZero();

    String stale =
        "SESSION="
            + Base64.getEncoder().encodeToString(UUID.randomUUID().toString().getBytes(US_ASCII));
    nobody.runWithCookies(stale, "session");
    assertThat(proxy.waits()).as("one with an id that leads nowhere").isEqualTo(2);
    nobody.runWithCookies(stale, "session");
    assertThat(proxy.waits()).as("the same once more").isEqualTo(2);
  }

  private static void anOldIdDiesWithItsSession(Browser user, Browser thief, String oldId) {
    String id = user.run("session").of("session");
    assertThat(thief.runWithCookies(oldId, "session").of("session"))
        .as("in the grace, as a request that was on its way")
        .isEqualTo(id);

    user.run("invalidate");

    assertThat(thief.runWithCookies(oldId, "session").of("session")).isEqualTo("none");
  }
}
