package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.redis.testing.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples that come with Tomcat, an application that nobody here wrote, on two nodes by turns
 * with our jar dropped in and nothing else configured than where Redis is. Its filters are Tomcat's
 * own classes, so it runs nowhere else.
 */
class TomcatExamplesIT {

  private static final Pattern TRIES = Pattern.compile("You have made (\\d+) guesses");

  @TempDir Path directory;
  private RedisServer redis;
  private ContainerNode one;
  private ContainerNode two;
  private Browser atOne;
  private Browser atTwo;

  @BeforeEach
  void start() {
    redis = RedisServer.start();
    ContainerNode.Builder builder =
        ContainerNode.on(Container.TOMCAT_11)
            .deploy("/examples", WarBuilder.copyOf(examples()).holdfastAll().in(directory))
            .environment("HOLDFAST_REDIS_URI", redis.uri());
    one = builder.begin();
    two = builder.start();
    atOne = one.browser("/examples");
    atTwo = atOne.at(two);
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
    redis.close();
  }

  /** The folder in between names Tomcat's version. */
  private static Path examples() {
    Path distribution =
        Path.of(
            System.getProperty("holdfast.containers", "target/containers"),
            "tomcat-examples",
            "dist");
    try (Stream<Path> versions = Files.list(distribution)) {
      return versions.findFirst().orElseThrow().resolve("webapps/examples");
    } catch (IOException e) {
      throw new UncheckedIOException(
          distribution + " is missing; \"mvn pre-integration-test\" makes it", e);
    }
  }

  @Test
  void itsCartItsGameAndItsAttributesGoOnWhenANodeIsKilled() {
    fillTheCart();
    String secondGuess = playTheFirstGuesses();
    atOne.post(
        "/servlets/servlet/SessionExample", Map.of("dataname", "color", "datavalue", "red & blue"));
    assertThat(Complaints.of(one)).isEmpty();

    one.kill();

    assertThat(cart(atTwo, "")).contains("Beavis").contains("JSP Book").doesNotContain("X-files");
    assertThat(cart(atTwo, "?itemId=0&submit=remove"))
        .doesNotContain("Beavis")
        .contains("JSP Book");
    assertThat(attributes(atTwo)).contains("color = red &amp; blue");
    playOn(secondGuess);

    assertThat(atOne.history())
        .as("one session, in one cookie of ours")
        .extracting(SetCookie::name)
        .containsExactly("__Host-examples-sid");
    assertThat(redis.keys().stream().filter(key -> key.startsWith("holdfast:examples:{")))
        .hasSize(1);
    two.stop();
    assertThat(Complaints.of(two)).isEmpty();
  }

  @Test
  void itsSessionListenerHearsOfOurSessions() {
    atOne.post("/servlets/servlet/SessionExample", Map.of("dataname", "a", "datavalue", "b"));
    atTwo.get("/servlets/servlet/SessionExample?dataname=a");

    assertThat(one.log()).contains("sessionCreated('").contains("'a', 'b')");
    assertThat(two.log()).contains("attributeRemoved('").doesNotContain("sessionCreated('");
  }

  /** Its cart holds a synchronized set, which each request changes in place. */
  private void fillTheCart() {
    assertThat(cart(atOne, "?itemId=0&submit=add")).contains("Beavis");
    assertThat(cart(atTwo, "?itemId=1&submit=add")).contains("Beavis").contains("X-files");
    assertThat(cart(atOne, "?itemId=1&submit=remove")).doesNotContain("X-files");
    assertThat(cart(atTwo, "?itemId=4&submit=add")).contains("Beavis").contains("JSP Book");
  }

  /** What stands in the cart, not what could be put into it. */
  private static String cart(Browser browser, String query) {
    String page = page(browser.get("/jsp/sessions/carts.jsp" + query));
    return page.substring(page.indexOf("<ol>"), page.indexOf("</ol>"));
  }

  private static String attributes(Browser browser) {
    return page(browser.get("/servlets/servlet/SessionExample"));
  }

  private String playTheFirstGuesses() {
    assertThat(page(atOne.get("/jsp/num/numguess.jsp"))).contains("Welcome");
    String first = guess(atTwo, 0);
    assertThat(first).contains("Try <b>higher</b>");
    assertThat(tries(first)).isEqualTo(1);
    String second = guess(atOne, 101);
    assertThat(second).contains("Try <b>lower</b>");
    assertThat(tries(second)).isEqualTo(2);
    return second;
  }

  private void playOn(String page) {
    int low = 1;
    int high = 100;
    int tries = tries(page);
    while (low <= high) {
      int middle = (low + high) / 2;
      String answer = guess(atTwo, middle);
      tries++;
      if (answer.contains("Congratulations")) {
        assertThat(answer).contains("after just " + tries + " tries");
        return;
      }
      assertThat(tries(answer)).isEqualTo(tries);
      if (answer.contains("higher")) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    throw new AssertionError("the number changed in the middle of the game");
  }

  private static String guess(Browser browser, int number) {
    return page(browser.get("/jsp/num/numguess.jsp?guess=" + number));
  }

  private static int tries(String page) {
    Matcher matcher = TRIES.matcher(page);
    assertThat(matcher.find()).as(page).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  private static String page(Reply reply) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    return reply.text();
  }
}
