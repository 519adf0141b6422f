package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.redis.testing.RunningRedis;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/**
 * Random sequences of what an application does to its response and session, each taken by three
 * applications of one container: on the container's own sessions, on ours, and on ours without a
 * Redis. Whatever the order:
 *
 * <ol>
 *   <li>a response that carries our cookie may not be stored by a cache
 *   <li>what was set before the response was committed is on the other node by then
 *   <li>the status and the body are those of the bare container, or the status is our 503
 * </ol>
 *
 * <p>A seed that failed can be tried again with {@code -Dholdfast.sequence=<seed>}.
 */
@EachContainer
class SequenceIT {

  private static final int SEQUENCES = Container.isFull() ? 2_000 : 200;

  private static final String NO_REDIS =
      """
      <context-param><param-name>holdfast.redis.uri</param-name>
        <param-value>redis://127.0.0.1:1</param-value></context-param>
      <context-param><param-name>holdfast.redis.timeout</param-name>
        <param-value>50ms</param-value></context-param>
      """;

  @TempDir static Path directory;
  private static ContainerNode one;
  private static ContainerNode two;

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    ContainerNode.Builder builder =
        ContainerNode.on(container)
            .deploy("/ours", WarBuilder.probe().holdfast().in(directory))
            .environment("HOLDFAST_REDIS_URI", RunningRedis.shared().uri());
    two = builder.begin();
    one =
        builder
            .deploy("/theirs", WarBuilder.probe().in(directory))
            .deploy("/none", WarBuilder.probe(NO_REDIS).holdfast().in(directory))
            .start();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    one.close();
    two.close();
  }

  /** The headers are only shown. */
  private record Answer(int status, String body, String shown) {

    /**
     * Jetty finds out when all is over that more or less was written than the length that was
     * declared last, and answers 500 without any header that was set, the application's cookies
     * included.
     */
    boolean isThrownAway() {
      return status == 500
          && shown.matches(
              "(?s).*(written \\d+ &gt; \\d+ content-length|content-length \\d+ != \\d+ written).*");
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Answer that && that.status == status && that.body.equals(body);
    }

    @Override
    public int hashCode() {
      return status;
    }
  }

  private final Random random = new Random();
  private final Container container;
  private int counter;

  SequenceIT(Container container) {
    this.container = container;
  }

  @Test
  void noOrderOfCallsGetsPastTheSaveOrIntoACache() {
    Long given = Long.getLong("holdfast.sequence");
    int answered = 0;
    for (int i = 0; i < (given == null ? SEQUENCES : 1); i++) {
      long seed = given == null ? i : given;
      random.setSeed(seed);
      boolean returning = random.nextBoolean();
      List<String> steps = sequence();
      String what = container.title() + ", seed " + seed + ": " + steps;
      Answer bare = answer(one.browser("/theirs"), returning, steps, what);
      Browser ours = one.browser("/ours");
      List<String> watched = new ArrayList<>(steps);
      watched.add(0, "watch s" + seed + " " + two.address() + "/ours");
      Answer answer = answer(ours, returning, watched, what);
      assertThat(answer).as(what).isEqualTo(bare);
      if (answer.status() > 0 && !bare.isThrownAway()) {
        assertSaved("s" + seed, ours, what + answer.shown());
      }
      if (i % 4 == 0) {
        Browser none = one.browser("/none");
        Answer refused = answer(none, false, steps, what);
        assertThat(refused.status()).as(what).isIn(statusOfNewcomer(returning, steps, bare, what));
        assertThat(none.cookies().keySet()).as(what).noneMatch(name -> name.endsWith("-sid"));
      }
      answered += bare.status() > 0 ? 1 : 0;
    }
    assertThat(one.browser("/ours").run("violations").of("violations")).isEmpty();
    assertThat(answered).as("a sequence that breaks the connection shows nothing").isPositive();
  }

  /** Jetty does if the including page has the stream and the included one the writer. */
  @Test
  void whatIsFlushedAsAnIncludeOfTheUnwrappedResponseEndsIsSavedBefore() {
    Browser ours = one.browser("/ours");
    ours.run("set n 0");

    ours.run(
        "watch include " + two.address() + "/ours",
        "quiet",
        "stream-bytes 100",
        "unwrap",
        "include " + Browser.probe("quiet", "set n 1", "print x"),
        "rewrap");

    assertThat(ours.run("violations").of("violations")).isEmpty();
    assertThat(ours.at(two).run("get n").of("get n")).isEqualTo("1");
  }

  private List<Integer> statusOfNewcomer(
      boolean returning, List<String> steps, Answer bare, String what) {
    Answer newcomer = returning ? answer(one.browser("/theirs"), false, steps, what) : bare;
    return List.of(newcomer.status(), 503);
  }

  private static Answer answer(
      Browser browser, boolean returning, List<String> steps, String what) {
    if (returning) {
      browser.run("set n 0");
    }
    // What an asynchronous part of the bare application does after an error was sent, Jetty does to
    // the connection's next request.
    boolean mayOutlive = steps.stream().anyMatch(step -> step.startsWith("async"));
    try {
      Reply reply = (mayOutlive ? browser.alone() : browser).run(steps.toArray(String[]::new));
      assertNotStorable(reply, what);
      // An error page names the application.
      return new Answer(reply.status(), reply.status() < 300 ? reply.text() : "", reply.toString());
    } catch (UncheckedIOException e) {
      return new Answer(-1, "", e.toString());
    }
  }

  private static void assertNotStorable(Reply reply, String what) {
    boolean ours = reply.setCookies().stream().anyMatch(cookie -> cookie.name().endsWith("-sid"));
    if (!ours || isPageThatJettyMadeAnew(reply)) {
      return;
    }
    List<String> directives =
        reply.headers("Cache-Control").stream()
            .flatMap(value -> Arrays.stream(value.toLowerCase(Locale.ROOT).split("\\s*,\\s*")))
            .toList();
    assertThat(directives).as(what + reply).contains("no-store");
    assertThat(reply.header("CDN-Cache-Control").orElse("no-store")).as(what).isEqualTo("no-store");
  }

  /**
   * Jetty's own error page, when it is larger than the buffer that the application has asked for:
   * made anew without any header but the cookies. No cache keeps a 500 that names no lifetime (RFC
   * 9111, 3; RFC 9110, 15.1).
   */
  private static boolean isPageThatJettyMadeAnew(Reply reply) {
    return reply.status() == 500
        && reply.header("Server").orElse("").startsWith("Jetty")
        && Stream.of("Cache-Control", "Expires", "CDN-Cache-Control")
            .allMatch(name -> reply.headers(name).isEmpty());
  }

  /** What was set before the first byte is there at once, what was set later soon after. */
  private static void assertSaved(String name, Browser ours, String what) {
    Browser asking = ours.at(two);
    String[] end = new String[1];
    await(what)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(
            () -> {
              end[0] = one.browser("/ours").run("end-of " + name).of("end-of " + name);
              return !end[0].equals("null");
            });
    String expected = end[0].split(" ")[0];
    if (expected.equals("null") || ours.cookies().isEmpty()) {
      return;
    }
    if (end[0].endsWith(" uncommitted")) {
      assertThat(asking.run("get n").of("get n")).as(what + end[0]).isEqualTo(expected);
    } else {
      await()
          .untilAsserted(
              () -> assertThat(asking.run("get n").of("get n")).as(what).isEqualTo(expected));
    }
  }

  private List<String> sequence() {
    List<String> steps = new ArrayList<>();
    steps.add("quiet");
    boolean async = random.nextInt(5) == 0;
    int length = 2 + random.nextInt(9);
    int asyncAt = async ? random.nextInt(length) : -1;
    for (int i = 0; i < length; i++) {
      if (i == asyncAt) {
        steps.add(random.nextBoolean() ? "async" : "async wrapped");
      }
      steps.addAll(step(true));
    }
    if (random.nextInt(10) == 0) {
      // Declared last: who promises more than is sent has no answer.
      steps.addAll(List.of("length 20", "print-chars 20"));
    } else if (!async && random.nextInt(10) == 0) {
      steps.add("strict");
      steps.add("throw runtime boom");
    }
    if (async
        && container == Container.TOMCAT_10_1
        && steps.stream().anyMatch(step -> step.contains("stream-"))) {
      // As a forward ends, it asks a wrapped response for its writer, its own for nothing.
      steps.removeIf(step -> step.startsWith("forward"));
    }
    // As its thread leaves, Tomcat opens a response again that a forward has closed
    // (StandardHostValve.invoke): what an asynchronous thread writes counts or not, by chance.
    if (async
        && steps.stream().anyMatch(step -> step.contains("error") || step.startsWith("forward"))) {
      steps.replaceAll(step -> step.startsWith("async") ? step + " later" : step);
    }
    return steps;
  }

  private List<String> step(boolean nest) {
    return switch (random.nextInt(nest ? 10 : 8)) {
      case 0, 1 ->
          one(
              "create",
              "set n " + ++counter,
              "set n " + ++counter,
              "set n " + ++counter,
              "get n",
              "set user u" + ++counter,
              "rotate",
              "invalidate",
              "set color red");
      case 2 -> List.of("set n " + ++counter);
      case 3, 4 ->
          one(
              "header Cache-Control public",
              "header Cache-Control max-age=60",
              "add-header Cache-Control private=\"no-store\"",
              "header Pragma public",
              "add-header Cache-Control No-Store",
              "date-header Expires 1900000000000",
              "header CDN-Cache-Control max-age=60",
              "header X-Other x",
              "cookie other 1",
              "header Set-Cookie other=1",
              "header Cache-Control x-no-store");
      case 5, 6 ->
          one(
              "print x",
              "println x",
              "print-chars 3000",
              "print-chars 9000",
              "print-umlauts 3000",
              "printf-chars 50",
              "printf-chars 9000",
              "stream-bytes 100",
              "stream-bytes 5000",
              "stream-bytes 70000",
              "print-all",
              "check-error");
      case 7 ->
          one(
              "flush",
              "flush-writer",
              "close-writer",
              "close-stream",
              "reset",
              "reset-buffer",
              "buffer-size 100",
              "status 201",
              "error 404",
              "error 507 oh",
              "redirect /elsewhere");
      case 8 -> nested("include");
      default -> nested("forward");
    };
  }

  private List<String> nested(String dispatch) {
    List<String> inner = new ArrayList<>(List.of("quiet"));
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      inner.addAll(step(false));
    }
    String step = dispatch + " " + Browser.probe(inner.toArray(String[]::new));
    return random.nextInt(3) == 0 ? List.of("unwrap", step, "rewrap") : List.of(step);
  }

  private List<String> one(String... choices) {
    return List.of(choices[random.nextInt(choices.length)]);
  }
}
