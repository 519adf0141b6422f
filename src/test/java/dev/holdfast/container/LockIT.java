package dev.holdfast.container;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.container.meters.MetersServlet;
import dev.holdfast.redis.testing.CountingProxy;
import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/**
 * Requests of one session that take turns on two servers. Those of {@code /probe} do, those of
 * {@code /free}, which the same servlet serves, do not.
 */
@EachContainer
class LockIT {
  private static final String MORE =
      """
      <servlet-mapping>
        <servlet-name>probe</servlet-name>
        <url-pattern>/free</url-pattern>
      </servlet-mapping>
      <error-page>
        <error-code>418</error-code>
        <location>/free?step=add+basket+error-page</location>
      </error-page>
      """;
  private static final int WAIT_MILLIS = 4000;

  @TempDir static Path directory;
  private static RedisServer redis;
  private static CountingProxy proxy;
  private static ContainerNode one;
  private static ContainerNode two;

  LockIT(Container container) {}

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    redis = RedisServer.start();
    proxy = new CountingProxy(redis.port());
    Path war =
        WarBuilder.probe(MORE)
            .packageOf(MetersServlet.class)
            .holdfast()
            .libraries(MicrometerIT.jars())
            .in(directory);
    two = node(container, war, redis.uri()).begin();
    one = node(container, war, proxy.uri()).start();
    for (ContainerNode node : List.of(one, two)) {
      Browser user = node.browser("");
      await().until(() -> user.run("set color red").status() == 200);
      user.run("get color");
      user.run("set color blue");
    }
    await().until(() -> redis.subscribers("holdfast:root:ended") == 2);
  }

  private static ContainerNode.Builder node(Container container, Path war, String uri) {
    return ContainerNode.on(container)
        .deploy("", war)
        .environment("HOLDFAST_REDIS_URI", uri)
        .environment("HOLDFAST_EXPIRY_INTERVAL", "2m")
        .environment("HOLDFAST_LOCK_PATHS", "/probe")
        .environment("HOLDFAST_LOCK_WAIT", WAIT_MILLIS + "ms");
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    one.close();
    two.close();
    proxy.close();
    redis.close();
  }

  private final Browser atOne = one.browser("");
  private final Browser atTwo = atOne.at(two);

  /** For the gates: without a session, it waits for nobody. */
  private final Browser doorkeeper = one.browser("");

  private static Reply free(Browser browser, String... steps) {
    return browser.get(Browser.probe(steps).replace("/probe?", "/free?"));
  }

  private static long event(ContainerNode node, String name) {
    return node.browser("")
        .get("/metrics")
        .text()
        .lines()
        .filter(line -> line.startsWith("holdfast_events_total") && line.contains('"' + name + '"'))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** How many of the elements that both servers add to one list at the same time get lost. */
  private int lost(boolean locked) {
    int each = 60;
    atOne.run("set-list basket first");
    List<CompletableFuture<?>> running = new ArrayList<>();
    for (Browser browser : List.of(atOne, atTwo)) {
      String name = browser == atOne ? "one" : "two";
      Browser own = browser.alone();
      running.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < each; i++) {
                  String add = "add basket " + name + i;
                  Reply reply = locked ? own.run(add) : free(own, add);
                  assertThat(reply.status()).isEqualTo(200);
                }
              }));
    }
    running.forEach(CompletableFuture::join);
    String basket = atOne.run("get basket").of("get basket");
    assertThat(atTwo.run("get basket").of("get basket")).isEqualTo(basket);
    return 1 + 2 * each - basket.split(", ").length;
  }

  @Test
  void nothingThatTwoServersAddToAListIsLost() {
    int with = lost(true);
    int without = lost(false);
    System.out.printf(
        "added in place by 2 servers: 120; lost with the lock %d, without %d%n", with, without);
    assertThat(with).isZero();
    assertThat(without).isPositive();
  }

  @Test
  void whoWaitsTooLongIsAnswered503AndNothingOfItRan() {
    atOne.run("set color red");
    String gate = "timeout-" + one.pid();
    CompletableFuture<Reply> slow = atOne.start("set color blue", "gate " + gate);
    doorkeeper.run("reached " + gate);
    long timeouts = event(two, "lock_timeout");

    long start = System.nanoTime();
    Reply refused = atTwo.run("set color green", "set size 7");

    assertThat(System.nanoTime() - start)
        .isGreaterThan(TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS - 100));
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("Retry-After")).hasValue("2");
    assertThat(refused.setCookies()).isEmpty();
    assertThat(refused.text()).doesNotContain(" -> ");
    assertThat(event(two, "lock_timeout")).isEqualTo(timeouts + 1);
    assertThat(event(two, "store_unavailable")).isZero();
    await()
        .untilAsserted(
            () ->
                assertThat(two.log())
                    .contains("nothing of the application ran", "raise lock.wait (4000 ms)"));
    // A path that takes no turns is not held up.
    assertThat(free(atTwo, "get color").of("get color")).isEqualTo("red");

    doorkeeper.run("open " + gate);
    assertThat(slow.join().status()).isEqualTo(200);
    Reply after = atTwo.run("get color", "get size");
    assertThat(after.of("get color")).isEqualTo("blue");
    assertThat(after.of("get size")).isEqualTo("null");
  }

  @Test
  void anAsynchronousRequestKeepsItsTurnUntilItIsComplete() {
    atOne.run("set-list basket first");
    String gate = "async-" + one.pid();
    CompletableFuture<Reply> slow =
        atOne.start("async later", "gate " + gate, "add basket async", "print done");
    doorkeeper.run("reached " + gate);
    CompletableFuture<Reply> next = atTwo.start("add basket next", "get basket");
    awaitLine(4);
    assertThat(next.isDone()).isFalse();

    doorkeeper.run("open " + gate);

    assertThat(next.join().of("get basket")).isEqualTo("[first, async, next]");
    assertThat(slow.join().status()).isEqualTo(200);
    assertThat(atOne.run("get basket").of("get basket")).isEqualTo("[first, async, next]");
  }

  /** Waits until so many words stand in the line for the lock: two for each in it. */
  private static void awaitLine(int words) {
    await()
        .until(
            () ->
                redis.keys().stream()
                    .filter(key -> key.matches("holdfast:root:\\{.{22}}"))
                    .map(key -> redis.hash(key).get("m:l"))
                    .anyMatch(
                        line ->
                            line != null && new String(line, US_ASCII).split(" ").length == words));
  }

  @Test
  void whatIsChangedAfterTheFirstByteIsSavedBeforeTheNextOneRuns() {
    atOne.run("set-list basket first");
    String gate = "early-" + one.pid();
    CompletableFuture<Reply> slow =
        atOne.start("set color red", "print x", "flush", "gate " + gate, "add basket late");
    doorkeeper.run("reached " + gate);
    CompletableFuture<Reply> next = atTwo.start("add basket next", "get basket");
    awaitLine(4);
    doorkeeper.run("open " + gate);
    assertThat(next.join().of("get basket")).isEqualTo("[first, late, next]");
    assertThat(slow.join().status()).isEqualTo(200);
  }

  @Test
  void forwardsIncludesAndDispatchesAreTheSameRequest() {
    atOne.run("set-list basket first");
    Reply nested =
        atOne.run(
            "include /probe?step=add+basket+included", "forward /probe?step=add+basket+forwarded");
    assertThat(nested.status()).isEqualTo(200);
    assertThat(atTwo.run("async", "dispatch /probe?step=add+basket+dispatched").status())
        .isEqualTo(200);
    assertThat(atOne.run("get basket").of("get basket"))
        .isEqualTo("[first, included, forwarded, dispatched]");
  }

  /** The container shows it when the request has ended; until then another one may have come. */
  @Test
  void anErrorPageTakesTheTurnAnew() {
    atOne.run("set-list basket first");
    assertThat(atTwo.run("get basket").status()).isEqualTo(200);
    Reply page = atOne.run("add basket one", "error 418");
    assertThat(page.status()).isEqualTo(418);
    assertThat(atTwo.run("add basket two", "get basket").of("get basket"))
        .isEqualTo("[first, one, error-page, two]");
    awaitNobodyInLine();
  }

  private static void awaitNobodyInLine() {
    await()
        .until(
            () ->
                redis.keys().stream()
                    .filter(key -> key.matches("holdfast:root:\\{.{22}}"))
                    .noneMatch(key -> redis.hash(key).containsKey("m:l")));
  }

  @Test
  void aLogoutElsewhereWaitsForNobodyAndEndsTheLine() {
    atOne.run("set color red");
    String gate = "logout-" + one.pid();
    CompletableFuture<Reply> slow = atOne.start("gate " + gate, "get color");
    doorkeeper.run("reached " + gate);
    String cookie =
        atOne.cookies().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .findFirst()
            .orElseThrow();
    CompletableFuture<Reply> next =
        CompletableFuture.supplyAsync(() -> atTwo.alone().runWithCookies(cookie, "session"));
    awaitLine(4);

    Reply ended =
        atTwo.alone().send("GET", "/free?step=invalidate", null, Map.of("Cookie", cookie));

    assertThat(ended.status()).isEqualTo(200);
    assertThat(next.join().of("session")).isEqualTo("none");
    doorkeeper.run("open " + gate);
    assertThat(slow.join().status()).as("whether or not it has heard of the end").isEqualTo(200);
  }

  @Test
  void aRequestWithoutASessionWaitsForNobodyAndItsSessionBeginsUnlocked() {
    Reply created = atOne.run("set color red");
    assertThat(created.status()).isEqualTo(200);
    awaitNobodyInLine();
  }

  /** What is sent before a reply is waited for is no wait; the lock is asked for with the read. */
  @Test
  void aFreeLockIsNoWaitMore() {
    atOne.run("set-list basket first");
    // Its touch is due once, and its copy is here.
    atOne.run("get basket");
    Cost read = cost(() -> free(atOne, "get basket"));
    Cost lockedRead = cost(() -> atOne.run("get basket"));
    Cost change = cost(() -> free(atOne, "add basket more"));
    Cost lockedChange = cost(() -> atOne.run("add basket more"));
    System.out.printf(
        "a read: %s; under the lock: %s%na change in place: %s; under the lock: %s%n",
        read, lockedRead, change, lockedChange);
    assertThat(read.waits()).isEqualTo(1);
    assertThat(lockedRead.waits()).isEqualTo(1);
    assertThat(change.waits()).isEqualTo(2);
    assertThat(lockedChange.waits()).isEqualTo(2);
    assertThat(lockedRead.bytes() - read.bytes()).isBetween(300, 600);
    assertThat(lockedChange.bytes() - change.bytes()).isBetween(200, 400);
  }

  /**
   * What a request costs.
   *
   * @param waits how often it waited for Redis
   * @param bytes both ways
   */
  private record Cost(long waits, int bytes) {}

  private static Cost cost(Supplier<Reply> request) {
    long before = waits();
    proxy.reset();
    assertThat(request.get().status()).isEqualTo(200);
    // What nobody waits for has been answered, too.
    await()
        .until(
            () -> {
              int known = proxy.bytes();
              TimeUnit.MILLISECONDS.sleep(300);
              return proxy.bytes() == known;
            });
    int bytes = proxy.bytes();
    return new Cost(waits() - before, bytes);
  }

  private static long waits() {
    return one.browser("")
        .get("/metrics")
        .text()
        .lines()
        .filter(line -> line.startsWith("holdfast_store_waits_seconds_count"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
