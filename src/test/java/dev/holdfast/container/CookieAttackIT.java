package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.holdfast.redis.testing.RedisMonitor;
import dev.holdfast.redis.testing.RunningRedis;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Security checklist 1.2 over HTTP: planted cookies, one cookie per response, header injection, and
 * two applications on one host.
 */
@AnyContainer(Container.TOMCAT_11)
class CookieAttackIT {
  private static final String NAME = "__Host-shop-sid";
  private static final int FUZZED = Boolean.getBoolean("holdfast.full") ? 5000 : 100;

  @TempDir Path directory;

  private final Container container;
  private final ContainerNode one;
  private final ContainerNode two;
  private final Browser victim;
  private final Browser attacker;

  CookieAttackIT(Container container) {
    this.container = container;
    one = SecurityNodes.of(container).one();
    two = SecurityNodes.of(container).two();
    victim = one.browser("/shop");
    attacker = two.browser("/shop");
  }

  private static String token(Browser browser) {
    return browser.cookies().values().iterator().next();
  }

  private static String header(List<String> values) {
    return values.stream().map(value -> NAME + "=" + value).collect(Collectors.joining("; "));
  }

  private void startBoth() {
    victim.run("set color red");
    attacker.run("set color black");
  }

  /** As a client with these {@code Cookie} headers, which no HTTP client would send apart. */
  private String raw(String... headers) {
    StringBuilder request =
        new StringBuilder("GET /shop")
            .append(Browser.probe("session", "get color").replace("+", "%20"))
            .append(" HTTP/1.1\r\nHost: x\r\n");
    for (String cookies : headers) {
      request.append("Cookie: ").append(cookies).append("\r\n");
    }
    return victim.raw(request + "Connection: close\r\n\r\n");
  }

  private long events(String kind) {
    return one.log().lines().filter(line -> line.contains(kind)).count();
  }

  /** "Duplicate cookies, tossing": the victim's and the attacker's. */
  @Test
  void ofTwoLiveSessionsNeitherIsUsedInEitherOrderOrOverTwoHeaders() {
    startBoth();
    String mine = token(victim);
    String planted = token(attacker);
    long before = events("DUPLICATE_IDS");

    for (List<String> order : List.of(List.of(mine, planted), List.of(planted, mine))) {
      Reply reply = victim.at(one).runWithCookies(header(order), "session");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.of("session")).isEqualTo("none");
      assertThat(reply.setCookies()).singleElement().matches(SetCookie::expires);
      assertThat(raw(header(order.subList(0, 1)), header(order.subList(1, 2))))
          .contains("session -> none", "get color -> !")
          .containsOnlyOnce("Set-Cookie: " + NAME + "=;");
    }

    await().untilAsserted(() -> assertThat(events("DUPLICATE_IDS")).isGreaterThan(before));
    assertThat(
            two.browser("/shop").runWithCookies(header(List.of(mine)), "get color").of("get color"))
        .as("the victim's session is as it was")
        .isEqualTo("red");
  }

  /** Behind what looks like no session, few look-ups must not make the first one win. */
  @Test
  void aPlantedCookieBeforeMoreThanAreLookedUpIsNotUsedEither() {
    startBoth();
    String mine = token(victim);
    String planted = token(attacker);
    Random random = new Random(17);
    List<String> bogus = IntStream.range(0, 85).mapToObj(i -> wellFormed(random)).toList();
    List<String> junk = IntStream.range(0, 197).mapToObj(i -> "x" + i).toList();

    for (List<String> between : List.of(bogus, junk, junk.subList(0, 5), bogus.subList(0, 4))) {
      List<String> values = new ArrayList<>(List.of(planted));
      values.addAll(between);
      values.add(mine);
      long before = events("DUPLICATE_IDS");
      try (RedisMonitor monitor = new RedisMonitor(RunningRedis.shared())) {
        Reply reply = victim.runWithCookies(header(values), "session");
        assertThat(reply.of("session")).as("%s between", between.size()).isEqualTo("none");
        assertThat(
                monitor.sent().stream()
                    .filter(line -> Set.of("HGETALL", "HMGET").contains(line.name()))
                    .filter(line -> values.stream().anyMatch(v -> isOf(line.text(), v))))
            .as("look-ups")
            .hasSizeLessThanOrEqualTo(4);
      }
      await().untilAsserted(() -> assertThat(events("DUPLICATE_IDS")).isEqualTo(before + 1));
    }
  }

  private static boolean isOf(String command, String value) {
    return value.length() == 64 && command.contains("holdfast:shop:{" + value.substring(0, 21));
  }

  private static String wellFormed(Random random) {
    return random
        .ints(64, 0, 64)
        .mapToObj(
            i ->
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
                    .substring(i, i + 1))
        .collect(Collectors.joining());
  }

  @Test
  void theOnlyLiveSessionAmongStrangersIsUsedAndThatIsTold() {
    startBoth();
    for (String stranger : List.of(wellFormed(new Random(3)), "junk")) {
      long before = events("SPARE_IDS");

      Reply reply =
          victim.runWithCookies(header(List.of(stranger, token(victim), stranger)), "get color");

      assertThat(reply.of("get color")).isEqualTo("red");
      assertThat(reply.setCookies()).isEmpty();
      await().untilAsserted(() -> assertThat(events("SPARE_IDS")).isEqualTo(before + 1));
    }
  }

  /** "Lifetime, count, size". */
  @Test
  void howeverOftenTheSessionChangesInARequestItSetsOneCookieTheLast() {
    victim.run("create");
    Reply reply =
        victim.run(
            "rotate",
            "invalidate",
            "set color green",
            "cookie taste sweet",
            "rotate",
            "invalidate",
            "set color blue",
            "rotate");

    assertThat(reply.setCookies())
        .extracting(SetCookie::name)
        .containsExactlyInAnyOrder(NAME, "taste");
    assertThat(victim.at(two).run("get color").of("get color")).isEqualTo("blue");

    assertThat(victim.run("invalidate", "create", "invalidate").setCookies())
        .singleElement()
        .matches(SetCookie::expires);
  }

  /** "Header injection": whatever a request holds, the cookie is made of constants. */
  @Test
  void nothingOfARequestGetsIntoTheCookie() {
    Random random = new Random(29);
    String[] pieces = {
      "%0d%0a",
      "%0D%0ASet-Cookie:%20a=b",
      ";",
      "; Domain=evil.example",
      "\u00e4",
      "%3b",
      "\t",
      "\"",
      "__Host-shop-sid=",
      "jsessionid=",
      "\\r\\n",
      "%00",
      "../",
      "=",
      ",",
      "x",
      "%e5%98%8a%e5%98%8d"
    };
    int cookies = 0;
    for (int i = 0; i < FUZZED; i++) {
      String hostile =
          random
              .ints(1 + random.nextInt(6), 0, pieces.length)
              .mapToObj(piece -> pieces[piece])
              .collect(Collectors.joining());
      // Containers refuse many of these in a URL themselves; every other request has none there.
      String inUrl = i % 2 == 0 ? "x" : hostile.replaceAll("[^\\x21-\\x7e]|[\"\\\\]", "%20");
      String answer =
          victim.raw(
              "GET /shop/probe;jsessionid="
                  + inUrl.replace("/", "")
                  + "?step=create&step=rotate&x="
                  + inUrl
                  + " HTTP/1.1\r\nHost: localhost\r\nCookie: "
                  + NAME
                  + "="
                  + hostile
                  + "\r\nX-Forwarded-Proto: "
                  + hostile
                  + "\r\nX-Forwarded-Host: "
                  + hostile
                  + "\r\nConnection: close\r\n\r\n");
      List<String> set =
          answer.split("\r\n\r\n", 2)[0].lines().filter(l -> l.startsWith("Set-Cookie")).toList();
      cookies += set.size();
      assertThat(set)
          .as(hostile)
          .allMatch(
              line ->
                  line.matches(
                      "Set-Cookie: __Host-shop-sid=[A-Za-z0-9_-]{64}; Path=/; Secure; HttpOnly;"
                          + " SameSite=Lax"));
    }
    assertThat(cookies).as("requests that got through").isGreaterThan(FUZZED / 5);
  }

  /** "__Host-" and "Cross-app leakage". */
  @Test
  void inTwoApplicationsOfAHostOneIsLoggedInAtOnceAndNoCookieOpensTheOther() {
    Browser bank = victim.at("/off");
    victim.run("create");
    victim.run("login alice wonderland");
    bank.run("create");
    bank.run("login root toor");

    assertThat(victim.cookies()).containsOnlyKeys(NAME, "__Host-off-sid");
    assertThat(victim.run("user").of("user")).isEqualTo("alice true");
    assertThat(bank.run("user").of("user")).isEqualTo("root true");
    String ofShop = victim.cookies().get(NAME);
    for (String cookie : List.of("__Host-off-sid=" + ofShop, NAME + "=" + ofShop)) {
      Reply reply = bank.runWithCookies(cookie, "session", "user");
      assertThat(reply.of("session")).isEqualTo("none");
      assertThat(reply.of("user")).isEqualTo("null false");
      assertThat(reply.setCookies()).isEmpty();
    }
    victim.run("invalidate");
    assertThat(bank.run("user").of("user")).isEqualTo("root true");
  }

  /** "Cross-app leakage": both would be {@code a-b}. */
  @Test
  void anApplicationUnderTheNameOfAnotherIsRefused() {
    Path war = WarBuilder.probe().holdfast().in(directory);
    assertThatExceptionOfType(ContainerNode.DeploymentFailedException.class)
        .isThrownBy(
            () ->
                ContainerNode.on(container)
                    .deploy("/a/b", war)
                    .deploy("/a-b", war)
                    .environment("HOLDFAST_REDIS_URI", RunningRedis.shared().uri())
                    .start()
                    .close())
        .withMessageContaining("has its sessions under holdfast:a-b too")
        .withMessageContaining("set another app");
  }
}
