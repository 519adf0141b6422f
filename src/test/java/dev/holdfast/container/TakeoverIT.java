package dev.holdfast.container;

import static dev.holdfast.container.FormWar.CLOSED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.testing.FaultMatrix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Holdfast comes to an application that runs, and goes again, and nobody is logged out: not a user
 * of FORM login, nor one whom only an attribute names.
 */
@EachContainer
class TakeoverIT {
  private static final int USERS = Integer.getInteger("takeover.users", 200);

  /** How many of them work while the application changes. */
  private static final int TRAFFIC = 8;

  private static final String LISTENER =
      """
      <listener>
        <listener-class>dev.holdfast.container.app.RecordingListener</listener-class>
      </listener>
      """;

  /** Tomcat has its sessions outlive a reload, with their users, where it is asked to. */
  private static final String CONTEXT =
      "<Context><Manager pathname=\"SESSIONS.ser\" persistAuthentication=\"true\"/></Context>";

  @TempDir Path directory;

  private final Container container;
  private final Queue<String> loggedOut = new ConcurrentLinkedQueue<>();

  TakeoverIT(Container container) {
    this.container = container;
  }

  private record User(int number, Browser browser, String created) {
    boolean byForm() {
      return number % 4 == 0;
    }
  }

  static WarBuilder bare(String sessionConfig) {
    return FormWar.bare(LISTENER, sessionConfig).resource("META-INF/context.xml", CONTEXT);
  }

  static WarBuilder withHoldfast(String takeover, String sessionConfig) {
    return bare(sessionConfig)
        .holdfast()
        .resource("WEB-INF/classes/holdfast.properties", "takeover=" + takeover + "\n");
  }

  private ContainerNode start(RedisServer redis, Path war) {
    return ContainerNode.on(container)
        .deploy("/shop", war)
        .environment("HOLDFAST_REDIS_URI", redis.uri())
        .systemProperty("driver.session-files", "true")
        .start();
  }

  private static List<User> logIn(ContainerNode node) {
    List<User> users = new ArrayList<>();
    for (int i = 0; i < USERS; i++) {
      Browser browser = node.browser("/shop");
      boolean byForm = i % 4 == 0;
      if (byForm) {
        FormWar.logIn(browser, "alice", "wonderland");
      }
      Reply reply =
          browser.run(
              "set color red" + i,
              "set-list basket apple,pear",
              "set-bound bound b" + i,
              "set customer c" + i,
              "max-inactive " + (1000 + i),
              "created");
      assertThat(reply.of("set customer c" + i)).as(reply.toString()).isEqualTo("done");
      users.add(new User(i, browser, reply.of("created")));
    }
    return users;
  }

  private static Reply look(User user) {
    return user.browser.run("get color", "get customer", "user", "created", "session");
  }

  /** Whether the user still has all that they had. */
  private void check(User user, Reply reply) {
    if (reply.status() == 200) {
      boolean kept =
          reply.of("get color").equals("red" + user.number)
              && reply.of("get customer").equals("c" + user.number)
              && reply.of("user").equals(user.byForm() ? "alice true" : "null false")
              && reply.of("created").equals(user.created);
      if (!kept) {
        loggedOut.add(user.number + ": " + reply);
      }
    } else if (reply.status() != 404 && reply.status() != 503) {
      loggedOut.add(user.number + ": " + reply);
    }
  }

  /** Requests of the first users while {@code change} takes place. */
  private int underTraffic(List<User> users, Runnable change) throws InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger answered = new AtomicInteger();
    List<Thread> clients = new ArrayList<>();
    for (User user : users) {
      Thread client =
          new Thread(
              () -> {
                while (!over.get()) {
                  check(user, look(user));
                  answered.incrementAndGet();
                }
              },
              "client");
      client.start();
      clients.add(client);
    }
    try {
      change.run();
      int before = answered.get();
      await().atMost(Duration.ofSeconds(60)).until(() -> answered.get() > before + 20);
    } finally {
      over.set(true);
      for (Thread client : clients) {
        client.join();
      }
    }
    return answered.get();
  }

  /** Each with three requests at once, then with another one: ids of the session in all of them. */
  private Set<String> firstContact(List<User> users) {
    Set<String> all = new HashSet<>();
    for (User user : users) {
      List<CompletableFuture<Reply>> atOnce = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        atOnce.add(user.browser.start("get color", "get customer", "user", "created", "session"));
      }
      Set<String> ids = new HashSet<>();
      for (CompletableFuture<Reply> one : atOnce) {
        Reply reply = one.join();
        assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
        check(user, reply);
        ids.add(reply.of("session"));
      }
      Reply later = look(user);
      check(user, later);
      ids.add(later.of("session"));
      assertThat(ids).as("sessions of user %s", user.number).hasSize(1);
      all.addAll(ids);
    }
    return all;
  }

  static List<String> sessions(RedisServer redis) {
    return redis.keys().stream()
        .filter(key -> key.matches("holdfast:shop:\\{[A-Za-z0-9_-]{22}}"))
        .toList();
  }

  /** What the listeners and values of the application heard since the last call. */
  private static List<String> heard(ContainerNode node) {
    String events = node.browser("/shop").run("events").of("events");
    return List.of(events.substring(1, events.length() - 1).split(", "));
  }

  @Test
  void nobodyIsLoggedOutWhenHoldfastComesAndGoes() throws Exception {
    Path war = bare("").in(directory);
    try (RedisServer redis = RedisServer.start();
        ContainerNode node = start(redis, war)) {
      List<User> users = logIn(node);
      Browser late = node.browser("/shop");
      late.run("set color red");
      String oldId = FormWar.cookies(late);
      heard(node);

      int coming =
          underTraffic(
              users.subList(0, TRAFFIC),
              () -> {
                withHoldfast("on", "").over(war);
                node.reload("/shop");
              });
      Set<String> ids = firstContact(users);

      assertThat(loggedOut).isEmpty();
      assertThat(ids).hasSize(USERS);
      assertThat(sessions(redis)).hasSize(USERS);
      assertThat(heard(node))
          .as("events of a take-over")
          .noneMatch(
              event -> event.matches("(?:sessionCreated|sessionDestroyed|attribute|value).*"))
          .filteredOn(event -> event.startsWith("sessionIdChanged"))
          .hasSize(USERS);
      User one = users.get(1);
      Reply kept = one.browser.run("max-inactive", "names", "get basket", "is-new");
      assertThat(kept.of("max-inactive")).isEqualTo("1001");
      assertThat(kept.of("names")).isEqualTo("[basket, bound, color, customer]");
      assertThat(kept.of("get basket")).isEqualTo("[apple, pear]");
      assertThat(kept.of("is-new")).isEqualTo("false");
      assertThat(users.get(0).browser.get(CLOSED).of("user")).isEqualTo("alice true");
      assertThat(one.browser.cookies()).hasSize(1).doesNotContainKey("JSESSIONID");
      takesOverOnlyWhatTheContainerKnows(node, late, oldId);

      int going =
          underTraffic(
              users.subList(0, TRAFFIC),
              () -> {
                withHoldfast("out", "").over(war);
                node.reload("/shop");
              });
      ids = firstContact(users);

      assertThat(loggedOut).isEmpty();
      assertThat(ids).hasSize(USERS);
      assertThat(sessions(redis)).as("all but the late one's").hasSize(1);
      assertThat(heard(node))
          .as("events of moving out, but for the notes of Jetty itself")
          .noneMatch(
              event ->
                  event.matches(
                      "(?:sessionDestroyed|attribute\\w+ (?!org\\.eclipse\\.jetty)|value).*"))
          .filteredOn(event -> event.startsWith("sessionCreated"))
          .hasSize(USERS);
      assertThat(one.browser.cookies()).containsOnlyKeys("JSESSIONID");
      assertThat(one.browser.run("max-inactive").of("max-inactive")).isEqualTo("1001");
      assertThat(users.get(0).browser.get(CLOSED).of("user")).isEqualTo("alice true");

      bare("").over(war);
      node.reload("/shop");

      users.stream()
          // Jetty asks for the password again when it has read a session from a file.
          .filter(user -> !(container.isJetty() && user.byForm()))
          .forEach(user -> check(user, look(user)));
      assertThat(loggedOut).as("without the jar").isEmpty();
      FaultMatrix.record(
          "Moving in and out",
          "TakeoverIT",
          "%s: %d users, a quarter by FORM login, 3 requests each at first contact: logged out 0, sessions %d; requests answered while Holdfast came %d, while it went %d"
              .formatted(container.title(), USERS, USERS, coming, going));
    }
  }

  @Test
  void theContainersSessionOfALoginPageIsNoneFromBefore() {
    try (RedisServer redis = RedisServer.start();
        ContainerNode node = start(redis, withHoldfast("on", "").in(directory))) {
      Browser root = FormWar.loggedIn(node, "/shop", "root", "toor");

      assertThat(root.run("user").of("user")).isEqualTo("root true");
      assertThat(root.get(CLOSED).of("user")).isEqualTo("root true");
      assertThat(node.log()).doesNotContain("TAKEN_OVER");
    }
  }

  /** Then Holdfast's cookie has that name, and the container's own another one. */
  @Test
  void theNameOfTheCookieIsTheSameBeforeAndAfter() {
    String named = "<cookie-config><name>SHOP</name></cookie-config>";
    Path war = bare(named).in(directory);
    try (RedisServer redis = RedisServer.start();
        ContainerNode node = start(redis, war)) {
      Browser alice = node.browser("/shop");
      FormWar.logIn(alice, "alice", "wonderland");
      alice.run("set color red");
      Browser other = node.browser("/shop");
      other.run("set color blue");

      withHoldfast("container", named)
          .resource(
              "WEB-INF/classes/holdfast.properties", "takeover=container\ncookie.secure=auto\n")
          .over(war);
      node.reload("/shop");

      assertThat(alice.get(CLOSED).of("user"))
          .as("at first, a closed page")
          .isEqualTo("alice true");
      assertThat(alice.run("get color").of("get color")).isEqualTo("red");
      Reply first = other.run("get color", "session", "requested-id", "requested-valid");
      assertThat(first.of("get color")).isEqualTo("blue");
      assertThat(first.of("requested-id")).isEqualTo(first.of("session"));
      assertThat(first.of("requested-valid")).isEqualTo("true");
      assertThat(other.cookies()).containsOnlyKeys("SHOP");
      assertThat(sessions(redis)).hasSize(2);

      withHoldfast("out", named).over(war);
      node.reload("/shop");

      assertThat(alice.get(CLOSED).of("user")).isEqualTo("alice true");
      assertThat(alice.run("get color", "user").of("get color")).isEqualTo("red");
      assertThat(other.run("get color").of("get color")).isEqualTo("blue");
      assertThat(other.cookies()).containsOnlyKeys("SHOP");
      assertThat(sessions(redis)).isEmpty();

      bare(named).over(war);
      node.reload("/shop");

      assertThat(other.run("get color").of("get color")).isEqualTo("blue");
    }
  }

  /** An id from before leads to the new session for a short time, and any other one nowhere. */
  private static void takesOverOnlyWhatTheContainerKnows(
      ContainerNode node, Browser late, String oldId) {
    Browser thief = node.browser("/shop");
    int middle = oldId.indexOf('=') + 8;
    char other = oldId.charAt(middle) == '0' ? '1' : '0';
    String planted = oldId.substring(0, middle) + other + oldId.substring(middle + 1);
    assertThat(thief.runWithCookies(planted, "session", "get color").of("session"))
        .isEqualTo("none");
    String id = late.run("session", "get color").of("session");

    Reply inFlight = thief.runWithCookies(oldId, "session", "get color");

    assertThat(inFlight.of("session")).isEqualTo(id);
    assertThat(inFlight.setCookies()).extracting(SetCookie::name).contains("__Host-shop-sid");
    late.run("invalidate");
    assertThat(thief.runWithCookies(oldId, "session").of("session")).isEqualTo("none");
    late.run("set color blue");
  }
}
