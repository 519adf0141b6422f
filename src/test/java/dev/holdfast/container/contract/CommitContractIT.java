package dev.holdfast.container.contract;

import static dev.holdfast.container.Container.JETTY_12_0;
import static dev.holdfast.container.Container.JETTY_12_1;
import static dev.holdfast.container.Container.JETTY_12_1_EE8;
import static dev.holdfast.container.Container.TOMCAT_10_1;
import static dev.holdfast.container.Container.TOMCAT_11;
import static dev.holdfast.container.Container.TOMCAT_9;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.container.Browser;
import dev.holdfast.container.Reply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever commits a response, the cookie is in it and the data are where the next request looks,
 * on any node, before the client can have a byte.
 */
@Area("Commit")
@EachSubject
class CommitContractIT extends Contract {

  /** By which steps a response is committed. */
  static final Map<String, List<String>> FORMS = new LinkedHashMap<>();

  private static final Map<String, List<String>> FORMS_OF_61 = new LinkedHashMap<>();

  static {
    FORMS.put("nothing but the end of the request", List.of("print x"));
    FORMS.put("sendRedirect(url)", List.of("redirect /elsewhere"));
    FORMS_OF_61.put("sendRedirect(url, status)", List.of("redirect-with 303 /elsewhere"));
    FORMS_OF_61.put("sendRedirect(url, clearBuffer)", List.of("redirect-keeping-body /elsewhere"));
    FORMS.put("sendError(status)", List.of("error 418"));
    FORMS.put("sendError(status, message)", List.of("error 418 no coffee"));
    FORMS.put("sendError with an error page", List.of("error 507"));
    FORMS.put("flushBuffer", List.of("flush"));
    FORMS.put("flush of the writer", List.of("print x", "flush-writer"));
    FORMS.put("close of the writer", List.of("print x", "close-writer"));
    FORMS.put("close of the stream", List.of("stream-bytes 10", "close-stream"));
    FORMS.put("100 KB by print", List.of("print-chars 100000"));
    FORMS.put("100 KB by printf", List.of("printf-chars 100000"));
    FORMS.put("100 KB of multi-byte text", List.of("print-umlauts 50000"));
    FORMS.put("multi-byte text a little larger than the buffer", List.of("print-umlauts 4200"));
    FORMS.put("100 KB by stream", List.of("stream-bytes 100000"));
    FORMS.put("exact Content-Length by writer", List.of("length 5", "print-chars 5"));
    FORMS.put("exact Content-Length by stream", List.of("length 5", "stream-bytes 5"));
    FORMS.put(
        "include, then reset",
        List.of("include " + Browser.probe("set in include"), "reset", "flush"));
    FORMS.put("a small buffer", List.of("buffer-size 100", "print-chars 12000"));
    FORMS.put("reset of the buffer", List.of("print-chars 100", "reset-buffer", "flush"));
  }

  private static Subject current;

  CommitContractIT(Subject subject) {
    super(subject);
  }

  @BeforeParameterizedClassInvocation
  static void remember(Subject subject) {
    current = subject;
  }

  static Stream<String> forms() {
    List<String> names = new ArrayList<>(FORMS.keySet());
    if (current.container().isServlet61()) {
      names.addAll(FORMS_OF_61.keySet());
    }
    return names.stream();
  }

  private static String[] request(String form, String... before) {
    List<String> steps = new ArrayList<>(Arrays.asList(before));
    steps.addAll(FORMS.containsKey(form) ? FORMS.get(form) : FORMS_OF_61.get(form));
    return steps.toArray(String[]::new);
  }

  private static String[] with(String[] steps, String... more) {
    return Stream.concat(Arrays.stream(steps), Arrays.stream(more)).toArray(String[]::new);
  }

  @ParameterizedTest
  @MethodSource("forms")
  @Clause("trap 4; defect 5: the cookie is lost when the response commits unseen")
  @Differs(
      on = {TOMCAT_9, TOMCAT_10_1, TOMCAT_11},
      only = "include, then reset",
      because = "response.reset() drops the cookie of a session created in the same request")
  @Differs(
      on = {JETTY_12_0, JETTY_12_1},
      only = "include, then reset",
      because = "response.reset() repeats the cookie of a session created in the same request")
  void aNewSessionsCookieAndDataArrive(String form) {
    Reply reply = user.run(request(form, "quiet", "set color red"));

    assertThat(reply.setCookies()).as(reply.toString()).hasSize(1);
    assertThat(askElsewhere("get color")).isEqualTo("red");
  }

  @ParameterizedTest
  @MethodSource("forms")
  @Clause("trap 4: a changed id's cookie arrives, whatever commits")
  @Differs(
      on = {TOMCAT_9, TOMCAT_10_1, TOMCAT_11},
      only = "include, then reset",
      because = "response.reset() drops the cookie of an id changed in the same request")
  @Differs(
      on = {JETTY_12_0, JETTY_12_1, JETTY_12_1_EE8},
      only = "include, then reset",
      because = "response.reset() drops the cookie of an id changed in the same request")
  void aChangedIdsCookieArrives(String form) {
    user.run("set color red");
    String old = cookieHeader();
    Reply reply = user.run(request(form, "quiet", "rotate", "set size 7"));

    assertThat(reply.setCookies()).as(reply.toString()).hasSize(1);
    assertThat(askElsewhere("get size")).isEqualTo("7");
    assertThat(sessionsOf(old)).containsOnly("none");
  }

  @ParameterizedTest
  @MethodSource("forms")
  @Clause("trap 4; design of the commit: the data are there before the client has a byte")
  void theDataAreThereWhileTheRequestStillRuns(String form) {
    if (form.startsWith("nothing")) {
      user.run("set color red");
      assertThat(askElsewhere("get color")).isEqualTo("red");
      return;
    }
    user.run("create");
    String gate = newGate();
    CompletableFuture<Reply> slow =
        user.start(with(request(form, "quiet", "set color red"), "gate " + gate, "set later yes"));
    stranger().run("reached " + gate);

    assertThat(askElsewhere("get color")).isEqualTo("red");

    stranger().run("open " + gate);
    slow.join();
    // The client may have its answer before the servlet goes on.
    await().until(() -> askElsewhere("get later").equals("yes"));
    assertThat(askElsewhere("get color")).isEqualTo("red");
  }

  @Test
  @Clause("trap 4: what printf has left in the buffer counts for what follows")
  void aPrintFillsTheBufferThatPrintfHasBegun() {
    user.run("create");
    String gate = newGate();
    CompletableFuture<Reply> slow =
        user.start(
            "quiet", "printf-chars 8100", "set color red", "print-chars 300", "gate " + gate);
    stranger().run("reached " + gate);

    assertThat(askElsewhere("get color")).isEqualTo("red");

    stranger().run("open " + gate);
    slow.join();
  }

  @Test
  @Clause("trap 4: forward")
  void aForwardThatCommits() {
    Reply reply =
        user.run("set color red", "forward " + Browser.probe("quiet", "print-chars 100000"));

    assertThat(reply.setCookies()).hasSize(1);
    assertThat(askElsewhere("get color")).isEqualTo("red");
  }

  @Test
  @Clause("trap 15; defect 5: after a forward the outer servlet's changes are saved as well")
  void whatIsChangedAfterAForwardIsSaved() {
    user.run("set color red", "forward " + Browser.probe("print x"), "set size 7");

    assertThat(askElsewhere("get color")).isEqualTo("red");
    // The client may have its answer before the servlet goes on.
    await().until(() -> askElsewhere("get size").equals("7"));
  }

  @Test
  @Clause("trap 4: HEAD")
  void aHeadRequest() {
    Reply reply = user.send("HEAD", Browser.probe("set color red", "print x"), null, Map.of());

    assertThat(reply.setCookies()).hasSize(1);
    assertThat(askElsewhere("get color")).isEqualTo("red");
  }

  @ParameterizedTest
  @ValueSource(strings = {"throw runtime no luck", "throw servlet no luck", "throw io no luck"})
  @Clause("trap 4: an exception")
  void anException(String failure) {
    Reply reply = user.run("strict", "set color red", failure);

    assertThat(reply.status()).isEqualTo(500);
    assertThat(reply.setCookies()).as(reply.toString()).hasSize(1);
    assertThat(askElsewhere("get color")).isEqualTo("red");
  }

  @Test
  @Clause("trap 4: async, completed by another thread")
  void anAsynchronousRequestCompletedElsewhere() {
    Reply reply = user.run("async", "set color red", "quiet", "print-chars 100000");

    assertThat(reply.setCookies()).hasSize(1);
    assertThat(askElsewhere("get color")).isEqualTo("red");
  }

  @Test
  @Clause("Servlet 6.1, 2.3.3.3; trap 4: async, before the first byte")
  void anAsynchronousFlush() {
    user.run("create");
    String gate = newGate();
    CompletableFuture<Reply> slow =
        user.start("async", "set color red", "flush", "gate " + gate, "set size 7");
    stranger().run("reached " + gate);

    assertThat(askElsewhere("get color")).isEqualTo("red");

    stranger().run("open " + gate);
    slow.join();
    assertThat(askElsewhere("get size")).isEqualTo("7");
  }

  @Test
  @Clause("containers: a redirect's follow-up reads the session while the first request runs")
  void theFollowUpOfARedirectReadsWhatWasSet() {
    user.run("create");
    String gate = newGate();
    CompletableFuture<Reply> slow =
        user.start("set color red", "redirect /elsewhere", "gate " + gate);
    stranger().run("reached " + gate);

    assertThat(askElsewhere("get color")).isEqualTo("red");

    stranger().run("open " + gate);
    slow.join();
  }

  @Test
  @Clause("design of the commit: the body is what the application wrote, byte for byte")
  void theBodyIsUntouched() {
    Reply plain = user.run("quiet", "print-umlauts 50000");
    Reply withSession = user.run("quiet", "set color red", "print-umlauts 50000");

    assertThat(withSession.bytes()).hasSize(100_000).isEqualTo(plain.bytes());
  }

  @Test
  @Clause("design of the commit: a response without a session costs nothing")
  void aResponseWithoutASessionAllocatesNothingPerCall() {
    Browser bare = user.at("/theirs");
    for (String step : List.of("allocated-by-stream 20000", "allocated-by-writer 20000")) {
      // The smallest object takes 16 bytes, 320,000 in all.
      assertThat(allocatedBy(user, step)).as(step).isLessThan(allocatedBy(bare, step) + 250_000);
    }
  }

  private static long allocatedBy(Browser browser, String step) {
    String visit = newGate();
    browser.run("quiet", "as " + visit, step);
    String results = browser.run("recall " + visit).of("recall " + visit);
    return Long.parseLong(results.replaceFirst("(?s).*" + step + " -> (\\d+).*", "$1"));
  }
}
