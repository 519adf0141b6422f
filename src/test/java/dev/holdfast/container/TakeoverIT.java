package dev.holdfast.container;

import static dev.holdfast.container.FormWar.CLOSED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Holdfast comes to an application that runs, and goes again, and nobody is logged out: not a user
 * of FORM login, nor one whom only an attribute names.
 */
@EachContainer
class TakeoverIT {
  private static final int USERS = Integer.getInteger("takeover.users", 200);
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

  static ContainerNode NODE;
  private record User(int number, Browser browser, String created) {}

  private static WarBuilder bare() {
    return FormWar.bare(LISTENER).resource("META-INF/context.xml", CONTEXT);
  }

  private static WarBuilder withHoldfast(String takeover) {
    return bare()
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
      boolean byForm = user.number % 4 == 0;
      boolean kept =
          reply.of("get color").equals("red" + user.number)
              && reply.of("get customer").equals("c" + user.number)
              && reply.of("user").equals(byForm ? "alice true" : "null false")
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
      new Thread(() -> { try { Thread.sleep(7000); if (answered.get() <= before+20) { System.out.println("STALL " + (answered.get()-before) + new String(new ProcessBuilder("jcmd", ""+NODE.pid(), "Thread.print").start().getInputStream().readAllBytes())); System.out.println(NODE.log()); } } catch (Exception e) { e.printStackTrace(); } }).start();
      org.awaitility.Awaitility.await().until(() -> answered.get() > before + 20);
    } finally {
      over.set(true);
      for (Thread client : clients) {
        client.join();
      }
    }
    return answered.get();
  }

  /** Each with three requests at once, then with another one: ids of the session in all of them. */
  private Set<String> firstContact(List<User> users, Consumer<Reply> each) {
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
        each.accept(reply);
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

  private static List<String> sessions(RedisServer redis) {
    return redis.keys().stream()
        .filter(key -> key.matches("holdfast:shop:\\{[A-Za-z0-9_-]{22}}"))
        .toList();
  }

  @Test
  void nobodyIsLoggedOutWhenHoldfastComes() throws Exception {
    Path war = bare().in(directory);
    try (RedisServer redis = RedisServer.start();
        ContainerNode node = start(redis, war)) {
      List<User> users = logIn(node);
      NODE = node;
      Browser stale = node.browser("/shop");
      stale.run("set color red");

      int answered =
          underTraffic(
              users.subList(0, 8),
              () -> {
                withHoldfast("on").over(war);
                node.reload("/shop");
              });
      Set<String> ids = firstContact(users, reply -> {});

      assertThat(loggedOut).isEmpty();
      assertThat(ids).hasSize(USERS);
      assertThat(sessions(redis)).hasSize(USERS);
      System.out.println("TAKEOVER answered under traffic " + answered);
      System.out.println("TAKEOVER " + users.get(0).browser.history());
      System.out.println("TAKEOVER " + users.get(9).browser.run("max-inactive", "last-accessed", "created", "names", "get basket", "events"));
      System.out.println("TAKEOVER " + users.get(0).browser.get(CLOSED));
      node.log().lines().filter(l -> l.contains("TAKEN_OVER") || l.contains("WARNING") || l.contains("SEVERE")).limit(20).forEach(System.out::println);
    }
  }
}
