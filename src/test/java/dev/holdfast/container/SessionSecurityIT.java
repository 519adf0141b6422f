package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.redis.testing.RunningRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Security checklist 1.1 over HTTP, two nodes: identifier, rotation, lifetimes, logout. None of it
 * depends on the container, and much of it waits for time to pass: on one container, on all with
 * profile {@code full}.
 */
@ParameterizedClass
@MethodSource("containers")
class SessionSecurityIT {
  private static final int PARALLEL = 50;

  static List<Container> containers() {
    List<Container> all = Container.ofEach();
    return Boolean.getBoolean("holdfast.full") ? all : all.subList(0, 1);
  }

  private final ContainerNode one;
  private final ContainerNode two;

  SessionSecurityIT(Container container) {
    one = SecurityNodes.of(container).one();
    two = SecurityNodes.of(container).two();
  }

  private static String cookieHeader(Browser browser) {
    return browser.cookies().entrySet().stream()
        .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
        .findFirst()
        .orElseThrow();
  }

  private static String value(Browser browser) {
    return browser.cookies().values().iterator().next();
  }

  private boolean opens(Browser browser, String cookie, ContainerNode node) {
    return !browser.at(node).runWithCookies(cookie, "session").of("session").equals("none");
  }

  /** Sends them all with the same cookie, by turns to the two nodes. */
  private List<CompletableFuture<Reply>> flood(Browser browser, String cookie) {
    return IntStream.range(0, PARALLEL)
        .mapToObj(
            i ->
                CompletableFuture.supplyAsync(
                    () ->
                        browser
                            .at(i % 2 == 0 ? one : two)
                            .runWithCookies(cookie, "session", "sleep 20", "set key" + i + " " + i),
                    task -> new Thread(task).start()))
        .toList();
  }

  /** "What rotation leaves": login. */
  @Test
  void ofFiftyRequestsAcrossALoginNoneIsAcknowledgedAndDroppedAndOneIdIsLeft() {
    Browser user = one.browser("/shop");
    user.run("set color red");
    String before = cookieHeader(user);
    List<CompletableFuture<Reply>> flood = flood(one.browser("/shop"), before);
    Reply login = user.run("sleep 20", "set user alice");
    assertThat(login.status()).isEqualTo(200);
    String after = cookieHeader(user);

    Set<String> acknowledged = new HashSet<>();
    Set<Integer> statuses = new HashSet<>();
    for (int i = 0; i < PARALLEL; i++) {
      Reply reply = flood.get(i).join();
      statuses.add(reply.status());
      if (reply.status() == 200 && !reply.of("session").equals("none")) {
        acknowledged.add("key" + i);
      }
      assertThat(reply.setCookies())
          .as("a cookie of a request that came with the old one: " + reply)
          .allMatch(cookie -> after.endsWith(cookie.value()));
    }

    assertThat(statuses).isSubsetOf(200, 409, 503);
    String names = user.at(two).run("names").of("names");
    assertThat(Set.of(names.substring(1, names.length() - 1).split(", ")))
        .containsAll(acknowledged)
        .contains("color", "user");
    for (ContainerNode node : List.of(one, two)) {
      assertThat(opens(user, before, node)).isFalse();
      assertThat(opens(user, after, node)).isTrue();
    }
  }

  /** "What rotation leaves": renewal. */
  @Test
  void fiftyRequestsAtARenewalAreAllServedAndOneIdWins() throws Exception {
    Browser user = one.browser("/renewing");
    user.run("set color red");
    String before = cookieHeader(user);
    TimeUnit.MILLISECONDS.sleep(1100);

    Set<String> issued = new HashSet<>();
    List<CompletableFuture<Reply>> flood = flood(one.browser("/renewing"), before);
    for (CompletableFuture<Reply> future : flood) {
      Reply reply = future.join();
      assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
      assertThat(reply.of("session")).isNotEqualTo("none");
      reply.setCookies().forEach(cookie -> issued.add(cookie.value()));
    }

    assertThat(issued).as("one winner").hasSize(1);
    String after = user.cookies().keySet().iterator().next() + "=" + issued.iterator().next();
    assertThat(user.runWithCookies(after, "names").of("names").split(", ")).hasSize(PARALLEL + 1);
  }

  /** "Renewal timeout". */
  @Test
  void aClientThatIgnoresTheNewCookieWorksNoLongerThanTheGrace() throws Exception {
    Browser user = one.browser("/limits");
    user.run("set color red");
    String before = cookieHeader(user);
    TimeUnit.MILLISECONDS.sleep(1100);
    long renewal = System.nanoTime();
    assertThat(user.run("get color").setCookies()).hasSize(1);

    int served = 0;
    while (opens(user, before, served % 2 == 0 ? two : one)) {
      served++;
      assertThat(Duration.ofNanos(System.nanoTime() - renewal)).isLessThan(Duration.ofSeconds(10));
    }
    assertThat(served).isPositive();
    assertThat(opens(user, before, one)).isFalse();
    assertThat(opens(user, before, two)).isFalse();
    assertThat(user.run("get color").of("get color")).isEqualTo("red");
  }

  /** "Absolute timeout". */
  @Test
  void aSessionInUseEndsAtItsAbsoluteTimeOut() {
    Browser user = one.browser("/absolute");
    long start = System.nanoTime();
    user.run("create");

    await()
        .pollInterval(Duration.ofMillis(100))
        .atMost(Duration.ofSeconds(5))
        .until(() -> user.run("rotate", "session").of("session").equals("none"));

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1900));
  }

  /** "Idle timeout": by the deadline that is stored, also while the key is still there. */
  @Test
  void aSessionWhoseKeySomebodyKeepsAliveIsOverAllTheSame() {
    Browser user = one.browser("/shop");
    String locator = user.run("create").of("create").substring(0, 21);
    RunningRedis redis = RunningRedis.shared();
    String key =
        redis.keys().stream().filter(name -> name.contains(locator)).findFirst().orElseThrow();
    assertThat(redis.command("PEXPIRE", key, 365L * 86_400_000)).isEqualTo(1L);

    assertThat(user.at(two).run("session").of("session")).isEqualTo("none");
    assertThat(user.run("session").of("session")).isEqualTo("none");
    assertThat(Complaints.of(two)).anyMatch(line -> line.contains("FOREIGN_TTL"));
  }

  /** "Idle timeout": requests that do not count as activity. */
  @Test
  void pollersKeepNoSessionAliveAndMoveNoTime() throws Exception {
    Browser user = one.browser("/limits");
    user.run("set color red", "max-inactive 2");
    String accessed = null;
    long start = System.nanoTime();
    while (true) {
      Reply poll = user.get("/poll?" + Browser.query("session", "last-accessed", "get color"));
      Reply marked = user.send("GET", Browser.probe("session"), null, Map.of("X-Background", "1"));
      if (poll.of("session").equals("none") || marked.of("session").equals("none")) {
        break;
      }
      assertThat(poll.of("get color")).isEqualTo("red");
      accessed = accessed == null ? poll.of("last-accessed") : accessed;
      assertThat(poll.of("last-accessed")).isEqualTo(accessed);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  /** "Logout": CVE-2021-34428. */
  @Test
  void aListenerThatThrowsCannotKeepASessionAlive() {
    Browser user = one.browser("/throwing");
    user.run(
        "set color red",
        "set-new bomb dev.holdfast.container.app.hostile.ThrowingListener$Value x");
    String cookie = cookieHeader(user);
    user.run("events");

    Reply logout = user.run("invalidate", "session", "events");

    assertThat(logout.status()).isEqualTo(200);
    assertThat(logout.of("session")).isEqualTo("none");
    assertThat(logout.of("events")).contains("destroyed with color red");
    assertThat(logout.setCookies()).singleElement().matches(SetCookie::expires);
    assertThat(opens(user, cookie, one)).isFalse();
    String locator = cookie.substring(cookie.indexOf('=') + 1).substring(0, 21);
    assertThat(RunningRedis.shared().keys())
        .as("nothing is left for any node to find")
        .noneMatch(key -> key.contains(locator));
  }

  /** "Entropy, format": the generator itself is {@code TokenRandomnessTest}'s. */
  @Test
  void idsOverHttpHaveOneFormAndNothingOfTheNodeInThem() {
    Map<String, String> ids = new LinkedHashMap<>();
    for (int i = 0; i < 100; i++) {
      Browser browser = (i % 2 == 0 ? one : two).browser("/shop");
      browser.run("create");
      ids.put(value(browser), value(browser));
    }

    assertThat(ids).hasSize(100);
    assertThat(ids.keySet()).allMatch(id -> id.matches("[A-Za-z0-9_-]{64}"));
    List<String> secrets = new ArrayList<>();
    ids.keySet().forEach(id -> secrets.add(id.substring(22)));
    assertThat(secrets).doesNotHaveDuplicates();
  }

  /** "Security events": log-injection ids. */
  @Test
  void whatAClientSendsAsAnIdIsNoLineInTheLog() {
    Browser user = one.browser("/shop");
    user.run("create");
    String name = user.cookies().keySet().iterator().next();
    String unknown = "forged-WARNING-line-" + "A".repeat(64 - "forged-WARNING-line-".length());
    for (String id :
        List.of(
            unknown,
            "x%0d%0aWARNING%20forged",
            "x\\r\\nWARNING forged",
            "${jndi:ldap://127.0.0.1/forged}",
            "A".repeat(8000 - name.length()))) {
      Reply reply = user.runWithCookies(name + "=" + id, "session");
      assertThat(reply.status()).isIn(200, 400, 431);
    }

    assertThat(one.log().lines().filter(line -> line.contains("dev.holdfast")))
        .as("our lines; Tomcat has one of its own that shows a malformed cookie")
        .anyMatch(line -> line.contains("UNKNOWN_ID"))
        .noneMatch(line -> line.contains("forged"));
  }

  /** Checklist 1.4, "Giant attribute / session": a gigabyte is {@code SessionLimitsTest}'s. */
  @Test
  void aGiantAttributeIsRefusedByNameAndTheSessionGoesOn() {
    Browser user = one.browser("/shop");
    user.run("set color red", "set-bytes photo 1000");

    Reply giant = user.run("set-bytes photo 50000000", "get photo");

    assertThat(giant.of("set-bytes photo 50000000"))
        .contains("SessionLimitExceededException", "\"photo\"", "attribute.max-size");
    assertThat(giant.of("get photo")).isEqualTo("byte[1000]");
    Reply other = user.at(two).run("get color", "get photo");
    assertThat(other.of("get color")).isEqualTo("red");
    assertThat(other.of("get photo")).isEqualTo("byte[1000]");
  }

  /** "Binding to client properties": not now, so a change of the browser changes nothing. */
  @Test
  void aSessionIsNotBoundToTheBrowsersName() {
    Browser user = one.browser("/shop");
    user.run("set color red");

    Reply other =
        user.send("GET", Browser.probe("get color"), null, Map.of("User-Agent", "another/2.0"));

    assertThat(other.of("get color")).isEqualTo("red");
  }
}
