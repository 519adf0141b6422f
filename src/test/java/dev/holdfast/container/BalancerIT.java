package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.container.Balancer.Intake;
import dev.holdfast.container.Balancer.Kind;
import dev.holdfast.container.Balancer.Upstream;
import dev.holdfast.redis.testing.FreePorts;
import dev.holdfast.redis.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two nodes with names behind the sticky balancers of {@code balancers.md}, as configured there:
 * one application tells the name in a cookie, one behind the session's id.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BalancerIT {
  private static final int CLIENTS = 4;

  /** Each reads all that its session holds of the others. */
  private static final int MANY_REQUESTS = 100;

  private static final String AJP_SECRET = "change-this";

  @TempDir static Path directory;
  private static RedisServer redis;
  private static ContainerNode one;
  private static ContainerNode two;
  private static Upstream upstreamOne;
  private static Upstream upstreamTwo;

  @BeforeAll
  static void start() {
    assumeTrue(
        Stream.of(Kind.values()).anyMatch(Kind::isPossible),
        "No haproxy, nginx or apache2 on the PATH");
    redis = RedisServer.start();
    int ajpOne = FreePorts.one();
    int ajpTwo = FreePorts.one();
    ContainerNode.Builder builder =
        ContainerNode.on(Container.TOMCAT_11)
            .deploy("/shop", WarBuilder.probe().holdfast().in(directory))
            .deploy("/desk", WarBuilder.probe(suffix()).holdfast().in(directory))
            .environment("HOLDFAST_REDIS_URI", redis.uri())
            .systemProperty("holdfast.test.ajp.secret", AJP_SECRET);
    one =
        builder
            .environment("HOLDFAST_ROUTE", "node-1")
            .systemProperty("holdfast.test.ajp.port", "" + ajpOne)
            .begin();
    two =
        builder
            .environment("HOLDFAST_ROUTE", "node-2")
            .systemProperty("holdfast.test.ajp.port", "" + ajpTwo)
            .start();
    upstreamOne = new Upstream(one.port(), ajpOne);
    upstreamTwo = new Upstream(two.port(), ajpTwo);
  }

  @AfterAll
  static void stop() {
    if (redis != null) {
      one.close();
      two.close();
      redis.close();
    }
  }

  private static String suffix() {
    return "<context-param><param-name>holdfast.route.as</param-name>"
        + "<param-value>suffix</param-value></context-param>\n";
  }

  private static Balancer start(Kind kind) throws IOException {
    Path files = Files.createTempDirectory(directory, "b");
    if (Balancer.isRoot()) {
      // Apache gives up being root, and asks again where it finds its files.
      assertThat(directory.toFile().setExecutable(true, false)).isTrue();
      assertThat(files.toFile().setExecutable(true, false)).isTrue();
    }
    return kind.start(files, upstreamOne, upstreamTwo);
  }

  /** A client of a balancer, who counts its requests in its session. */
  private static final class Client {
    private final Kind kind;
    private final Browser browser;
    private int requests;
    private Reply last;

    Client(Balancer balancer, Kind kind) {
      this.kind = kind;
      this.browser = balancer.browser(kind.wantsSuffix() ? "/desk" : "/shop");
      last = browser.run("set-list log start", "pid");
      assertThat(last.status()).as(last.toString()).isEqualTo(200);
      assertThat(name()).as("told with the session's cookie").isEqualTo(nodeName());
    }

    /** Nothing of what came before is lost, and the client is told a name just when it is new. */
    Client visit() {
      String before = name();
      requests++;
      last = browser.run("add log " + requests, "get log", "pid");
      assertThat(last.status()).as(last.toString()).isEqualTo(200);
      assertThat(last.of("get log")).startsWith("[start").endsWith(" " + requests + "]");
      assertThat(last.of("get log").split(",")).hasSize(requests + 1);
      assertThat(name()).as(last.toString()).isEqualTo(nodeName());
      assertThat(last.setCookies()).as(last.toString()).hasSize(before.equals(name()) ? 0 : 1);
      return this;
    }

    boolean isAt(ContainerNode node) {
      return last.of("pid").equals("" + node.pid());
    }

    private String nodeName() {
      return isAt(one) ? "node-1" : "node-2";
    }

    /** The name of the node that the client has been told. */
    private String name() {
      if (!kind.wantsSuffix()) {
        return browser.cookie("shop_route").orElse("none");
      }
      String value = browser.cookie("__Host-desk-sid").orElse("");
      return value.substring(value.indexOf('.') + 1);
    }
  }

  private static List<Client> newClients(Balancer balancer, Kind kind) {
    return Stream.generate(() -> new Client(balancer, kind)).limit(CLIENTS).toList();
  }

  private static void assertThatAllStay(List<Client> clients) {
    for (int visit = 0; visit < 3; visit++) {
      for (Client client : clients) {
        boolean wasAtOne = client.isAt(one);
        assertThat(client.visit().isAt(one)).as("at the first node, as before").isEqualTo(wasAtOne);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @Order(1)
  void aNodeIsEmptiedUnderTrafficAndComesBack(Kind kind) throws IOException {
    assumeTrue(kind.isPossible(), () -> kind + " is not there");
    try (Balancer balancer = start(kind)) {
      List<Client> clients = newClients(balancer, kind);
      assertThat(clients).as("both nodes get clients").anyMatch(client -> client.isAt(one));
      assertThat(clients).anyMatch(client -> client.isAt(two));
      assertThatAllStay(clients);

      balancer.intake(Intake.ITS_OWN);
      await()
          .untilAsserted(() -> assertThat(newClients(balancer, kind)).allMatch(c -> c.isAt(two)));
      assertThatAllStay(clients);

      AtomicBoolean enough = new AtomicBoolean();
      List<CompletableFuture<Void>> traffic = new ArrayList<>();
      for (Client client : clients) {
        traffic.add(CompletableFuture.runAsync(() -> visitUntil(client, enough)));
      }
      balancer.intake(Intake.NOBODY);
      await().until(() -> newClients(balancer, kind).stream().allMatch(c -> c.isAt(two)));
      enough.set(true);
      traffic.forEach(CompletableFuture::join);
      clients.forEach(client -> await().until(() -> client.visit().isAt(two)));
      assertThatAllStay(clients);

      balancer.intake(Intake.ALL);
      await().until(() -> newClients(balancer, kind).stream().anyMatch(c -> c.isAt(one)));
      assertThatAllStay(clients);
    }
  }

  private static void visitUntil(Client client, AtomicBoolean enough) {
    while (!enough.get() && client.requests < MANY_REQUESTS) {
      client.visit();
    }
  }

  @Test
  @Order(2)
  void whenANodeIsKilledItsClientsGoOnAtTheOther() throws IOException {
    Map<Kind, Balancer> balancers = new EnumMap<>(Kind.class);
    try {
      List<Client> clients = new ArrayList<>();
      for (Kind kind : Kind.values()) {
        if (kind.isPossible()) {
          balancers.put(kind, start(kind));
          clients.addAll(newClients(balancers.get(kind), kind));
        }
      }
      assertThatAllStay(clients);

      one.kill();

      for (Client client : clients) {
        assertThat(client.visit().isAt(two)).isTrue();
      }
      assertThatAllStay(clients);
    } finally {
      balancers.values().forEach(Balancer::close);
    }
  }
}
