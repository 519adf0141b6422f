package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The table "Whose request is it?" in the documentation of {@code dev.holdfast.servlet}, row by
 * row: no session call touches the response of another request.
 */
@EachContainer
class ActingRequestIT {

  private static final AtomicInteger NAMES = new AtomicInteger();

  private final Container container;
  private final ContainerNode one;
  private final ContainerNode two;
  private final Browser user;
  private final Browser admin;
  private final String name = "acting-" + NAMES.incrementAndGet();

  ActingRequestIT(Container container) {
    this.container = container;
    one = SecurityNodes.of(container).one();
    two = SecurityNodes.of(container).two();
    user = one.browser("/shop");
    admin = one.browser("/shop");
  }

  private static String cookieHeader(Browser browser) {
    Map.Entry<String, String> cookie = browser.cookies().entrySet().iterator().next();
    return cookie.getKey() + "=" + cookie.getValue();
  }

  private String sessionOf(String cookie) {
    return admin.at(two).runWithCookies(cookie, "session").of("session");
  }

  /** A request of the user's session, by the same cookie, that is open until {@link #finish}. */
  private CompletableFuture<Reply> open(String... first) {
    user.run("set color red", "publish " + name);
    return openAgain(first);
  }

  private CompletableFuture<Reply> openAgain(String... first) {
    String[] steps = Arrays.copyOf(first, first.length + 2);
    steps[first.length] = "get color";
    steps[first.length + 1] = "gate " + name;
    CompletableFuture<Reply> open = user.start(steps);
    admin.runWithCookies("", "reached " + name);
    return open;
  }

  private Reply finish(CompletableFuture<Reply> open) {
    admin.runWithCookies("", "open " + name);
    return open.join();
  }

  /** The client has one new id, which leads to the user elsewhere; the old one leads nowhere. */
  private void assertIsLoggedIn(Reply login, String planted) {
    assertThat(login.of("get user")).as(login.toString()).isEqualTo("alice");
    assertThat(login.setCookies()).as(login.toString()).hasSize(1);
    assertThat(user.at(two).run("get user").of("get user")).isEqualTo("alice");
    assertThat(sessionOf(planted)).isEqualTo("none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"invalidate", "by-thread invalidate"})
  void anotherUsersRequestEndsTheSessionAndLeavesItsResponseAlone(String invalidate) {
    CompletableFuture<Reply> open = open();
    String cookie = cookieHeader(user);

    Reply kill = admin.runWithCookies("", "hold " + name, invalidate);

    assertThat(kill.of(invalidate)).isEqualTo("done");
    assertThat(kill.setCookies()).isEmpty();
    assertThat(finish(open).setCookies()).isEmpty();
    assertThat(sessionOf(cookie)).isEqualTo("none");
  }

  @Test
  void anAsynchronousRequestOfTheSessionIsLeftAloneToo() {
    CompletableFuture<Reply> open = open("async");

    assertThat(admin.runWithCookies("", "hold " + name, "invalidate").of("invalidate"))
        .isEqualTo("done");

    assertThat(finish(open).setCookies()).isEmpty();
  }

  @Test
  void aRequestThatIsEndingIsLeftAlone() {
    for (int i = 0; i < 40; i++) {
      user.run("set color red", "publish " + name);
      CompletableFuture<Reply> ending = user.start("get color", "print-chars 10000");
      Reply kill = admin.runWithCookies("", "hold " + name, "invalidate");

      assertThat(kill.of("invalidate")).isEqualTo("done");
      assertThat(kill.setCookies()).isEmpty();
      assertThat(ending.join().setCookies()).isEmpty();
      user.forgetCookies();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "flush", "async"})
  void aLoginOnAThreadOfNobodyTellsNoOpenRequestTheNewId(String openWith) {
    CompletableFuture<Reply> open = openWith.isEmpty() ? open() : open(openWith);
    String cookie = cookieHeader(user);

    Reply login = admin.runWithCookies("", "hold " + name, "by-thread set user alice");

    assertThat(login.of("by-thread set user alice"))
        .startsWith("!java.lang.IllegalStateException")
        .contains("no request acts on this thread");
    assertThat(finish(open).setCookies()).isEmpty();
    assertThat(sessionOf(cookie)).isEqualTo("none");
  }

  @Test
  void aThreadOfARequestOfAnotherSessionIsNobodysForThisOne() {
    CompletableFuture<Reply> open = open();
    String cookie = cookieHeader(user);

    Reply login = admin.run("create", "hold " + name, "set user alice");

    assertThat(login.of("set user alice")).startsWith("!java.lang.IllegalStateException");
    assertThat(login.setCookies()).as("its own new session").hasSize(1);
    assertThat(finish(open).setCookies()).isEmpty();
    assertThat(sessionOf(cookie)).isEqualTo("none");
  }

  /** With {@code keep}, the container's thread does not ask the request for its session. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "set user alice",
        "by-start set user alice",
        "by-thread set user alice",
        "keep;by-start set user alice",
      })
  void anAsynchronousLoginBesideAnotherRequestGetsItsOwnCookie(String login) {
    CompletableFuture<Reply> open = open("async");
    String planted = cookieHeader(user);

    Reply reply = user.run(("async;" + login + ";get user").split(";"));

    assertIsLoggedIn(reply, planted);
    assertThat(finish(open).setCookies()).isEmpty();
  }

  @Test
  void aThreadThatAskedBeforeAnOpenRequestCameIsNobodys() {
    user.run("set color red");
    String planted = cookieHeader(user);
    String first = name + "-first";
    CompletableFuture<Reply> asked =
        user.start("quiet", "async", "keep", "gate " + first, "set user alice", "as " + first);
    admin.runWithCookies("", "reached " + first);
    CompletableFuture<Reply> newcomer = openAgain();

    admin.runWithCookies("", "open " + first);

    assertThat(asked.join().setCookies()).isEmpty();
    assertThat(finish(newcomer).setCookies()).isEmpty();
    assertThat(sessionOf(planted)).isEqualTo("none");
  }

  @Test
  void aThreadThatAskedBeforeARequestThatHasGoneIsStillItsRequests() {
    user.run("set color red");
    String planted = cookieHeader(user);
    CompletableFuture<Reply> asked =
        user.start("async", "keep", "gate " + name, "set user alice", "get user");
    admin.runWithCookies("", "reached " + name);
    user.run("get color");

    Reply login = finish(asked);

    assertThat(login.of("get user")).isEqualTo("alice");
    assertThat(login.setCookies()).hasSize(1);
    assertThat(sessionOf(planted)).isEqualTo("none");
  }

  @Test
  void aHeldSessionOnTheThreadOfARequestThatHasNotAskedIsThatRequests() {
    user.run("set color red", "publish " + name);
    String planted = cookieHeader(user);

    Reply login = user.run("hold " + name, "set user alice", "get user");

    assertThat(login.of("get user")).isEqualTo("alice");
    assertThat(login.setCookies()).hasSize(1);
    assertThat(sessionOf(planted)).isEqualTo("none");
    assertThat(user.at(two).run("get user").of("get user")).isEqualTo("alice");
  }

  /** The page logs in by an object from before: it does not ask the request for its session. */
  @ParameterizedTest
  @ValueSource(strings = {"error 507", "get color;error 507"})
  void anErrorPageActsForTheRequestThatHasFailed(String failing) {
    user.run("set color red", "publish " + SecurityNodes.OF_ERROR_PAGE);
    String planted = cookieHeader(user);

    Reply login = user.run(("quiet;" + failing).split(";"));

    assertThat(login.status()).isEqualTo(507);
    assertIsLoggedIn(login, planted);
  }

  /** Without {@code unwrap}, it is our request that the container dispatches. */
  @ParameterizedTest
  @ValueSource(strings = {"async", "async wrapped", "unwrap;async later"})
  void anAsynchronousDispatchActsForItsRequest(String async) {
    user.run("set color red", "publish " + name);
    String planted = cookieHeader(user);
    String page = Browser.probe("hold " + name, "set user alice", "get user");

    Reply login = user.run((async + ";dispatch " + page).split(";"));

    assertIsLoggedIn(login, planted);
  }

  /** The asynchronous thread has asked for no session, so it is nobody's but for the dispatch. */
  @ParameterizedTest
  @ValueSource(strings = {"forward", "include", "async later;forward", "async later;include"})
  void aNestedDispatchActsForTheRequest(String dispatch) {
    if (container == Container.JETTY_12_1_EE8 && dispatch.startsWith("async")) {
      // There a request has no dispatchers once its thread has left the context.
      return;
    }
    user.run("set color red", "publish " + name);
    String planted = cookieHeader(user);
    String page = Browser.probe("hold " + name, "set user alice", "get user");

    Reply login = user.run((dispatch + " " + page).split(";"));

    assertIsLoggedIn(login, planted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"include", "unwrap;include"})
  void afterAnIncludeTheThreadActsForTheRequestAsBefore(String include) {
    user.run("set color red");
    String planted = cookieHeader(user);
    String page = Browser.probe("quiet", "get color");

    Reply login =
        user.run(("keep;" + include + " " + page + ";set user alice;get user").split(";"));

    assertIsLoggedIn(login, planted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"forward", "include"})
  void aNestedDispatchOfTheUnwrappedRequestEndsNothing(String dispatch) {
    user.run("set color red");
    String planted = cookieHeader(user);
    String late = name + "-late";

    Reply reply =
        user.run(
            "as " + late,
            "quiet",
            "get color",
            "unwrap",
            dispatch + " " + Browser.probe("set user alice", "set inner yes"),
            "rewrap",
            "set outer yes");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.setCookies()).hasSize(1);
    assertThat(sessionOf(planted)).isEqualTo("none");
    Browser elsewhere = user.at(two);
    assertThat(elsewhere.run("get inner").of("get inner")).isEqualTo("yes");
    await().until(() -> elsewhere.run("get outer").of("get outer").equals("yes"));
  }

  @Test
  void anIncludeOfTheUnwrappedRequestLetsTheOuterServletGetANewId() {
    user.run("set color red");
    String planted = cookieHeader(user);

    Reply reply =
        user.run(
            "get color",
            "unwrap",
            "include " + Browser.probe("quiet", "get color"),
            "rewrap",
            "set user alice");

    assertThat(reply.of("set user alice")).isEqualTo("done");
    assertThat(reply.setCookies()).hasSize(1);
    assertThat(user.at(two).run("get user").of("get user")).isEqualTo("alice");
    assertThat(sessionOf(planted)).isEqualTo("none");
  }

  @Test
  void thereIsOneAsyncContextPerCycle() {
    Reply reply = user.run("async", "same-context", "listen complete get color");

    assertThat(reply.of("same-context")).isEqualTo("true");
  }

  /** With {@code keep}, the listener does not ask the request for its session. */
  @ParameterizedTest
  @ValueSource(strings = {"async", "async wrapped", "async;keep"})
  void whatATimeOutsListenerDoesIsSavedBeforeTheEventsContextIsCompleted(String async) {
    user.run("set color red");
    String planted = cookieHeader(user);

    Reply reply = user.run(("time-out 500;" + async + ";listen timeout set user alice").split(";"));

    assertThat(reply.of("same-event")).isEqualTo("true");
    assertThat(reply.setCookies()).as(reply.toString()).hasSize(1);
    assertThat(user.at(two).run("get user").of("get user")).isEqualTo("alice");
    assertThat(sessionOf(planted)).isEqualTo("none");
  }

  @Test
  void whatTheListenerOfTheEndDoesIsSavedToo() {
    user.run("set color red");

    user.run("async", "keep", "listen complete set late yes");

    await().until(() -> user.at(two).run("get late").of("get late").equals("yes"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"async", "async wrapped"})
  void theRequestAndResponseThatTheApplicationWasGivenAreTheOriginalOnes(String async) {
    assertThat(user.run(async, "original").of("original")).isEqualTo("true");
  }

  /** What a thread that has asked a request of the user does once the request has ended. */
  private String afterwards(String step) {
    user.run("set color red", "afterwards " + name + " " + step);
    admin.runWithCookies("", "open " + name);
    String recall = "recall " + name;
    await().until(() -> !admin.runWithCookies("", recall).of(recall).equals("null"));
    Reply result = admin.runWithCookies("", recall);
    assertThat(result.setCookies()).isEmpty();
    return result.of(recall);
  }

  @Test
  void aLoginForARequestThatHasEndedEndsTheSession() {
    assertThat(afterwards("set user alice")).startsWith("!java.lang.IllegalStateException");

    assertThat(sessionOf(cookieHeader(user))).isEqualTo("none");
  }

  @Test
  void aSessionIsEndedForARequestThatHasEnded() {
    assertThat(afterwards("invalidate")).isEqualTo("done");

    assertThat(sessionOf(cookieHeader(user))).isEqualTo("none");
  }

  @Test
  void aChangeForARequestThatHasEndedIsSavedAllTheSame() {
    assertThat(afterwards("set late yes")).isEqualTo("done");

    await().until(() -> user.at(two).run("get late").of("get late").equals("yes"));
  }
}
