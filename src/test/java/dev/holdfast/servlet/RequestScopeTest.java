package dev.holdfast.servlet;

import static dev.holdfast.servlet.ShopApplication.COOKIE;
import static dev.holdfast.servlet.ShopApplication.cookies;
import static dev.holdfast.servlet.ShopApplication.end;
import static dev.holdfast.servlet.ShopApplication.found;
import static dev.holdfast.servlet.ShopApplication.session;
import static dev.holdfast.servlet.ShopApplication.tokenIn;
import static dev.holdfast.servlet.ShopApplication.with;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.api.SessionConflictException;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.api.UnencodableValueException;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.Session;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What one request does to its session and its client, dispatch by dispatch, over a real Redis: the
 * client's end is an {@link Exchange}, and another node says what is stored.
 */
class RequestScopeTest {
  private static ShopApplication shop;

  @BeforeAll
  static void openTheShop() {
    shop = new ShopApplication();
  }

  @AfterAll
  static void closeIt() {
    shop.close();
  }

  @AfterEach
  void forget() {
    shop.forget();
  }

  private static SessionToken unknownToken() {
    return SessionToken.create(new SecureRandom());
  }

  /** The only cookie of ours that the client got. */
  private static SessionToken onlyToken(Exchange exchange) {
    assertThat(cookies(exchange)).hasSize(1);
    return requireNonNull(tokenIn(cookies(exchange).get(0)), "a cookie that is to be kept");
  }

  private static void assertThatTheClientForgets(Exchange exchange) {
    assertThat(cookies(exchange))
        .singleElement()
        .satisfies(cookie -> assertThat(cookie).startsWith(COOKIE + "=;").contains("Max-Age=0"));
  }

  /** The session as the application has it. */
  private static HttpSession httpSession(RequestScope scope) {
    return requireNonNull(scope.webSession(true));
  }

  /** On a thread of its own, as the container runs another request. */
  private static void elsewhere(RequestScope scope, Runnable act) {
    CompletableFuture.runAsync(() -> scope.act(act::run), task -> new Thread(task).start()).join();
  }

  // Looking the session up

  @Test
  void aRequestThatLeavesItsSessionAloneDoesNotReadIt() throws IOException {
    Exchange exchange = with(shop.newStored("color", "red"));
    RequestScope scope = shop.open(exchange);

    assertThat(scope.mayHaveSession()).isTrue();
    assertThat(scope.isRequestedSessionIdFromCookie()).isTrue();
    end(scope, exchange);

    assertThat(shop.reads()).isZero();
    assertThat(shop.writes()).isZero();
    assertThat(cookies(exchange)).isEmpty();
  }

  @Test
  void theSessionIsReadOnceHoweverOftenItIsAskedFor() throws IOException {
    SessionToken token = shop.newStored("color", "red");
    Exchange exchange = with(token);
    RequestScope scope = shop.open(exchange);

    assertThat(scope.isRequestedSessionIdValid()).isTrue();
    assertThat(found(scope).attribute("color")).isEqualTo("red");
    assertThat(session(scope)).isSameAs(found(scope));
    assertThat(scope.requestedSessionId()).isEqualTo(token.publicId());
    end(scope, exchange);

    assertThat(shop.reads()).isEqualTo(1);
    assertThat(shop.writes()).as("nothing has changed").isZero();
    assertThat(cookies(exchange)).as("the client has its cookie").isEmpty();
  }

  @Test
  void anIdThatLeadsNowhereIsAskedForOnceAndNotAdopted() throws IOException {
    SessionToken stale = unknownToken();
    Exchange exchange = with(stale);
    RequestScope scope = shop.open(exchange);

    assertThat(scope.session(false)).isNull();
    assertThat(scope.session(false)).isNull();
    assertThat(scope.isRequestedSessionIdValid()).isFalse();
    assertThat(shop.reads()).isEqualTo(1);
    assertThat(scope.mayHaveSession()).isFalse();

    Session session = session(scope);
    end(scope, exchange);
    assertThat(shop.reads()).isEqualTo(1);
    assertThat(onlyToken(exchange)).isEqualTo(session.token()).isNotEqualTo(stale);
    assertThat(session.locator()).isNotEqualTo(stale.locator());
  }

  @Test
  void whatIsNoTokenIsToldToTheApplicationAndToNobodyElse() throws IOException {
    Exchange exchange = new Exchange().cookie(COOKIE, "bogus");
    RequestScope scope = shop.open(exchange);

    assertThat(scope.requestedSessionId()).isEqualTo("bogus");
    assertThat(scope.isRequestedSessionIdFromCookie()).isTrue();
    assertThat(scope.isRequestedSessionIdFromUrl()).isFalse();
    assertThat(scope.isRequestedSessionIdValid()).isFalse();
    assertThat(scope.session(false)).isNull();
    end(scope, exchange);

    assertThat(shop.reads()).isZero();
  }

  @Test
  void ofTwoIdsTheOneThatLeadsToASessionCounts() throws IOException {
    SessionToken live = shop.newStored("color", "red");
    Exchange exchange = with(unknownToken()).cookie(COOKIE, live.value());
    RequestScope scope = shop.open(exchange);

    assertThat(scope.requestedSessionId()).isEqualTo(live.publicId());
    assertThat(found(scope).locator()).isEqualTo(live.locator());
    end(scope, exchange);
  }

  /** One of the two may be planted. */
  @Test
  void ofTwoSessionsNoneIsUsedAndTheCookieGoes() throws IOException {
    SessionToken one = shop.newStored("color", "red");
    SessionToken other = shop.newStored("color", "blue");
    Exchange exchange = with(one).cookie(COOKIE, other.value());
    RequestScope scope = shop.open(exchange);

    assertThat(scope.session(false)).isNull();
    end(scope, exchange);

    assertThatTheClientForgets(exchange);
    assertThat(shop.opens(one) && shop.opens(other)).as("both live on").isTrue();
  }

  // Making one

  @Test
  void aNewSessionCostsOneWriteWhenItIsSavedAndNothingBefore() throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    assertThat(scope.session(false)).isNull();

    Session session = session(scope);
    session.attribute("color", "red");
    assertThat(shop.writes()).isZero();

    end(scope, exchange);
    assertThat(shop.reads()).isZero();
    assertThat(shop.writes()).isEqualTo(1);
    assertThat(shop.stored(onlyToken(exchange), "color")).isEqualTo("red");
  }

  @Test
  void afterTheFirstByteNoSessionIsMade() throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    exchange.response.flushBuffer();

    assertThatIllegalStateException()
        .isThrownBy(() -> scope.session(true))
        .withMessage(
            "getSession: the response is committed, so the cookie of a new session cannot be sent"
                + " any more; call getSession before writing the body");
    assertThat(scope.session(false)).isNull();
    end(scope, exchange);

    assertThat(shop.writes()).isZero();
  }

  @Test
  void afterTheFirstByteASessionThatIsThereIsFoundAndSaved() throws IOException {
    SessionToken token = shop.newStored("color", "red");
    Exchange exchange = with(token);
    RequestScope scope = shop.open(exchange);
    exchange.response.flushBuffer();

    session(scope).attribute("color", "blue");
    end(scope, exchange);

    assertThat(shop.stored(token, "color")).isEqualTo("blue");
  }

  // Saving

  @Test
  void whatMaySendTheFirstByteSavesOncePerChange() throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    Session session = session(scope);
    session.attribute("color", "red");

    scope.beforeFirstByte();
    scope.beforeFirstByte();
    assertThat(shop.writes()).isEqualTo(1);

    session.attribute("color", "blue");
    scope.beforeFirstByte();
    scope.beforeFirstByte();
    assertThat(shop.writes()).isEqualTo(2);
    assertThat(shop.stored(session.token(), "color")).isEqualTo("blue");
    end(scope, exchange);
    assertThat(shop.writes()).isEqualTo(2);
  }

  @Test
  void aSessionWithoutAttributesIsStoredBeforeTheFirstByteToo() throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    Session session = session(scope);

    scope.beforeFirstByte();

    assertThat(shop.opens(session.token())).isTrue();
    end(scope, exchange);
  }

  @Test
  void theTokenThatIsGivenAwayIsStored() throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    assertThat(scope.storedToken()).isNull();
    session(scope).attribute("color", "red");

    SessionToken token = requireNonNull(scope.storedToken());

    assertThat(shop.stored(token, "color")).isEqualTo("red");
    end(scope, exchange);
  }

  @Test
  void theCookieOfASessionThatIsGoneIsTakenBack() throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    Session session = session(scope);
    scope.save();
    assertThat(shop.there().end(session.locator())).isTrue();

    session.attribute("color", "red");
    end(scope, exchange);

    assertThat(cookies(exchange)).isEmpty();
    assertThat(exchange.response.sentStatus()).isEqualTo(200);
  }

  // Changing the id

  @Test
  void aChangedIdIsToldWhenItIsStoredAndOnce() throws IOException {
    SessionToken old = shop.newStored("color", "red");
    Exchange exchange = with(old);
    RequestScope scope = shop.open(exchange);

    scope.changeSessionId();
    String id = scope.changeSessionId();
    assertThat(exchange.response.getHeaders("Set-Cookie")).as("not yet stored").isEmpty();
    scope.save();
    found(scope).attribute("color", "blue");
    end(scope, exchange);

    SessionToken token = onlyToken(exchange);
    assertThat(token.publicId()).isEqualTo(id).isNotEqualTo(old.publicId());
    assertThat(shop.stored(token, "color")).isEqualTo("blue");
    assertThat(shop.opens(old)).isFalse();
  }

  @Test
  void anIdThatNobodyCanBeToldIsNotChanged() throws IOException {
    SessionToken token = shop.newStored("color", "red");
    Exchange exchange = with(token);
    RequestScope scope = shop.open(exchange);
    exchange.response.flushBuffer();

    assertThatIllegalStateException()
        .isThrownBy(scope::changeSessionId)
        .withMessageContaining("the client could not be told the new id");
    assertThat(found(scope).id()).isEqualTo(token.publicId());
    end(scope, exchange);

    assertThat(shop.opens(token)).isTrue();
  }

  @Test
  void withoutASessionThereIsNoIdToChange() throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);

    assertThatIllegalStateException()
        .isThrownBy(scope::changeSessionId)
        .withMessage("changeSessionId: there is no session");
    end(scope, exchange);

    assertThat(cookies(exchange)).isEmpty();
  }

  @Test
  void aLoginChangesTheIdOfASessionThatSomebodyMayKnow() throws IOException {
    SessionToken old = shop.newStored("color", "red");
    Exchange exchange = with(old);
    RequestScope scope = shop.open(exchange);

    httpSession(scope).setAttribute("user", "alice");
    httpSession(scope).setAttribute("user", "bob");
    end(scope, exchange);

    assertThat(shop.stored(onlyToken(exchange), "user")).isEqualTo("bob");
    assertThat(shop.opens(old)).isFalse();
  }

  @Test
  void aLoginLeavesTheIdThatItsOwnRequestHasMade() throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    HttpSession session = httpSession(scope);
    String id = session.getId();

    session.setAttribute("user", "alice");
    assertThat(session.getId()).isEqualTo(id);
    end(scope, exchange);

    assertThat(onlyToken(exchange).publicId()).isEqualTo(id);
  }

  @Test
  void aLoginAfterTheFirstByteEndsTheSession() throws IOException {
    SessionToken token = shop.newStored("color", "red");
    Exchange exchange = with(token);
    RequestScope scope = shop.open(exchange);
    HttpSession session = httpSession(scope);
    exchange.response.flushBuffer();

    assertThatIllegalStateException()
        .isThrownBy(() -> session.setAttribute("user", "alice"))
        .withMessageContaining("The session has been ended");
    end(scope, exchange);

    assertThat(shop.opens(token)).isFalse();
  }

  // Ending the session

  @Test
  void whoInvalidatesTheSessionIsToldToForgetIt() throws IOException {
    SessionToken token = shop.newStored("color", "red");
    Exchange exchange = with(token);
    RequestScope scope = shop.open(exchange);

    httpSession(scope).invalidate();
    assertThat(shop.opens(token)).as("at once").isFalse();
    assertThat(scope.session(false)).isNull();
    assertThat(scope.isRequestedSessionIdValid()).isFalse();
    end(scope, exchange);

    assertThatTheClientForgets(exchange);
    assertThat(exchange.response.sent("Cache-Control")).containsExactly("no-store");
  }

  @Test
  void theSessionThatFollowsAnInvalidatedOneHasTheOnlyCookie() throws IOException {
    SessionToken old = shop.newStored("color", "red");
    Exchange exchange = with(old);
    RequestScope scope = shop.open(exchange);

    httpSession(scope).invalidate();
    Session next = session(scope);
    next.attribute("color", "blue");
    end(scope, exchange);

    assertThat(onlyToken(exchange)).isEqualTo(next.token());
    assertThat(shop.stored(next.token(), "color")).isEqualTo("blue");
    assertThat(next.locator()).isNotEqualTo(old.locator());
  }

  @Test
  void whatIsMadeAndInvalidatedInOneRequestIsNeverStored() throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    Session session = session(scope);

    httpSession(scope).invalidate();
    end(scope, exchange);

    assertThat(shop.writes()).isZero();
    assertThat(shop.opens(session.token())).isFalse();
    assertThatTheClientForgets(exchange);
  }

  @Test
  void whatCannotBeInvalidatedKeepsItsCookieAndIsRefused() throws IOException {
    SessionToken token = shop.newStored("color", "red");
    Exchange exchange = with(token);
    RequestScope scope = shop.open(exchange);
    HttpSession session = httpSession(scope);
    shop.cutOff(true);

    assertThatThrownBy(session::invalidate).isInstanceOf(SessionStoreUnavailableException.class);
    end(scope, exchange);

    assertThat(exchange.response.sentStatus()).isEqualTo(503);
    assertThat(cookies(exchange)).isEmpty();
    assertThat(shop.opens(token)).isTrue();
  }

  /** By its id, as an administrator does. */
  @Test
  void aRequestThatEndsItsOwnSessionFromOutsideGetsAnother() throws IOException {
    Exchange exchange = with(shop.newStored("color", "red"));
    RequestScope scope = shop.open(exchange);

    assertThat(shop.here().end(found(scope).locator())).isTrue();
    Session next = session(scope);
    next.attribute("color", "blue");
    end(scope, exchange);

    assertThat(shop.stored(onlyToken(exchange), "color")).isEqualTo("blue");
  }

  // Another request of the session

  @Test
  void whatAnotherRequestDoesToTheSessionIsNotToldToThisClient() throws IOException {
    SessionToken token = shop.newStored("color", "red");
    Exchange exchange = with(token);
    Exchange otherExchange = with(token);
    RequestScope scope = shop.open(exchange);
    RequestScope other = shop.open(otherExchange);
    assertThat(found(scope)).isSameAs(found(other));

    other.changeSessionId();
    found(scope).attribute("color", "blue");
    end(scope, exchange);
    end(other, otherExchange);

    assertThat(cookies(exchange)).as("of the one that did not log in").isEmpty();
    assertThat(shop.stored(onlyToken(otherExchange), "color")).isEqualTo("blue");
    assertThat(shop.opens(token)).isFalse();
  }

  /** Two of them log in; each client may have the id of its own login only. */
  @Test
  void theIdThatAnotherRequestHasMadeSinceIsNotToldToTheClientOfTheFirst() throws IOException {
    SessionToken token = shop.newStored("color", "red");
    Exchange exchange = with(token);
    Exchange otherExchange = with(token);
    RequestScope scope = shop.open(exchange);
    RequestScope other = shop.open(otherExchange);
    Session session = found(scope);
    assertThat(found(other)).isSameAs(session);

    scope.changeSessionId();
    scope.save();
    SessionToken first = session.token();
    other.changeSessionId();
    end(other, otherExchange);
    session.attribute("color", "blue");
    end(scope, exchange);

    assertThat(onlyToken(exchange)).isEqualTo(first);
    assertThat(onlyToken(otherExchange)).isEqualTo(session.token()).isNotEqualTo(first);
  }

  @Test
  void theEndOfASessionIsToldToTheClientOfTheRequestThatEndedIt() throws IOException {
    SessionToken token = shop.newStored("color", "red");
    Exchange exchange = with(token);
    Exchange otherExchange = with(token);
    RequestScope scope = shop.open(exchange);
    RequestScope other = shop.open(otherExchange);
    HttpSession session = httpSession(scope);
    assertThat(found(other)).isNotNull();

    elsewhere(other, session::invalidate);
    assertThat(scope.session(false)).isNull();
    end(scope, exchange);
    end(other, otherExchange);

    assertThat(cookies(exchange)).isEmpty();
    assertThatTheClientForgets(otherExchange);
  }

  /** The client may have a newer cookie by now. */
  @Test
  void aSessionThatIsMadeAfterOthersHaveEndedTheFirstIsForThisRequestOnly() throws IOException {
    SessionToken token = shop.newStored("color", "red");
    Exchange exchange = with(token);
    Exchange otherExchange = with(token);
    RequestScope scope = shop.open(exchange);
    RequestScope other = shop.open(otherExchange);
    assertThat(found(scope)).isSameAs(found(other));
    HttpSession session = requireNonNull(other.webSession(false));

    elsewhere(other, session::invalidate);
    Session made = session(scope);
    made.attribute("color", "blue");
    assertThat(made.attribute("color")).isEqualTo("blue");
    end(scope, exchange);
    end(other, otherExchange);

    assertThat(cookies(exchange)).isEmpty();
    assertThat(shop.opens(made.token())).isFalse();
    assertThat(made.isValid()).as("after the request").isFalse();
  }

  @Test
  void whoComesWithAnIdThatALoginHasReplacedGetsASessionForThisRequestOnly() throws IOException {
    SessionToken old = shop.newStored("color", "red");
    shop.logInThere(old);
    Exchange exchange = with(old);
    RequestScope scope = shop.open(exchange);

    Session made = session(scope);
    end(scope, exchange);

    assertThat(cookies(exchange)).isEmpty();
    assertThat(shop.opens(made.token())).isFalse();
  }

  // What cannot be saved

  /** Why a save fails, and how that is answered. */
  private enum Failure {
    STORE_UNAVAILABLE(503, SessionStoreUnavailableException.class) {
      @Override
      void befall(Session session, List<Object> cart) {
        shop.cutOff(true);
      }
    },
    LOGIN_ELSEWHERE(409, SessionConflictException.class) {
      @Override
      void befall(Session session, List<Object> cart) {
        shop.logInThere(session.token());
      }
    },
    UNENCODABLE_VALUE(500, UnencodableValueException.class) {
      @Override
      void befall(Session session, List<Object> cart) {
        cart.add(new Thread("not for storage"));
      }
    };

    private final int status;
    private final Class<? extends RuntimeException> exception;

    Failure(int status, Class<? extends RuntimeException> exception) {
      this.status = status;
      this.exception = exception;
    }

    abstract void befall(Session session, List<Object> cart);
  }

  @ParameterizedTest
  @EnumSource
  void whatCannotBeSavedIsRefusedWhateverTheApplicationMakesOfIt(Failure failure)
      throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    Session session = session(scope);
    List<Object> cart = new ArrayList<>(List.of("anvil"));
    session.attribute("cart", cart);
    scope.save();
    session.attribute("color", "blue");
    failure.befall(session, cart);

    Throwable thrown = catchThrowable(scope::save);
    shop.cutOff(false);
    assertThat(thrown).isInstanceOf(failure.exception);
    assertThat(catchThrowable(scope::save)).as("the second time").isSameAs(thrown);
    assertThat(catchThrowable(scope::beforeFirstByte)).as("on a write").isSameAs(thrown);
    exchange.response.setStatus(201);
    exchange.response.getWriter().print("all is well");
    boolean takenOver = end(scope, exchange);

    assertThat(takenOver).isTrue();
    assertThat(exchange.response.sentStatus()).isEqualTo(failure.status);
    assertThat(new String(exchange.response.sentBody(), ISO_8859_1)).doesNotContain("well");
    assertThat(cookies(exchange)).isEmpty();
    assertThat(exchange.response.sent("Retry-After"))
        .hasSize(failure == Failure.STORE_UNAVAILABLE ? 1 : 0);
    assertThat(shop.stored(session.token(), "color")).isNull();
  }

  @Test
  void aLookupThatHasFailedIsNotTriedAgain() throws IOException {
    Exchange exchange = with(shop.newStored("color", "red"));
    RequestScope scope = shop.open(exchange);
    shop.cutOff(true);
    Throwable thrown = catchThrowable(() -> scope.session(false));
    assertThat(thrown).isInstanceOf(SessionStoreUnavailableException.class);
    shop.cutOff(false);

    assertThat(catchThrowable(() -> scope.session(false))).isSameAs(thrown);
    assertThat(catchThrowable(() -> scope.session(true))).isSameAs(thrown);
    end(scope, exchange);

    assertThat(shop.reads()).isEqualTo(1);
    assertThat(exchange.response.sentStatus()).isEqualTo(503);
  }

  @Test
  void whatCannotBeSavedAfterTheFirstByteIsCountedAndTheResponseGoesOn() throws IOException {
    SessionToken token = shop.newStored("color", "red");
    Exchange exchange = with(token);
    RequestScope scope = shop.open(exchange);
    exchange.response.flushBuffer();
    found(scope).attribute("color", "blue");
    shop.cutOff(true);

    boolean takenOver = end(scope, exchange);

    assertThat(takenOver).isFalse();
    assertThat(exchange.response.sentStatus()).isEqualTo(200);
    assertThat(shop.counted()).contains(Counter.LOST_AFTER_COMMIT);
    assertThat(shop.stored(token, "color")).isEqualTo("red");
  }

  /** As {@code Sessions} throws it, of other sessions than the request's own. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFailureThatTheApplicationLetsThroughIsAnswered503AndTheRestIsSaved(boolean wrapped)
      throws IOException {
    SessionToken token = shop.newStored("color", "red");
    Exchange exchange = with(token);
    RequestScope scope = shop.open(exchange);
    found(scope).attribute("color", "blue");
    RuntimeException failure = new SessionStoreUnavailableException("users: no answer", null);

    scope.escaped(wrapped ? new ServletException(new ServletException(failure)) : failure);
    boolean takenOver = end(scope, exchange);

    assertThat(takenOver).isTrue();
    assertThat(exchange.response.sentStatus()).isEqualTo(503);
    assertThat(shop.stored(token, "color")).isEqualTo("blue");
  }

  @Test
  void anotherExceptionOfTheApplicationIsItsOwnAndTheRestIsSaved() throws IOException {
    SessionToken token = shop.newStored("color", "red");
    Exchange exchange = with(token);
    RequestScope scope = shop.open(exchange);
    found(scope).attribute("color", "blue");

    scope.escaped(new ServletException("no luck"));

    assertThat(end(scope, exchange)).as("taken over").isFalse();
    assertThat(shop.stored(token, "color")).isEqualTo("blue");
  }

  @Test
  void theErrorPageOfARefusedRequestHasASessionOnlyIfItInsistsAndForItselfOnly()
      throws IOException {
    Exchange exchange = with(shop.newStored("color", "red"));
    RequestScope scope = shop.open(exchange);
    shop.cutOff(true);
    assertThat(catchThrowable(() -> scope.session(false))).isNotNull();
    assertThat(scope.end()).isTrue();
    shop.cutOff(false);

    scope.enter(exchange.dispatched(DispatcherType.ERROR), exchange.response);
    assertThat(scope.session(false)).isNull();
    Session made = session(scope);
    made.attribute("message", "sorry");
    assertThat(found(scope)).isSameAs(made);
    boolean takenOver = end(scope, exchange);

    assertThat(takenOver).as("the page is sent").isFalse();
    assertThat(shop.opens(made.token())).isFalse();
    assertThat(cookies(exchange)).isEmpty();
    assertThat(exchange.response.sentStatus()).isEqualTo(503);
  }

  // The end of the request

  @Test
  void theEndOfTheRequestSavesAndASecondOneDoesNothing() throws IOException {
    SessionToken token = shop.newStored("color", "red");
    Exchange exchange = with(token);
    RequestScope scope = shop.open(exchange);
    Session session = found(scope);
    session.attribute("color", "blue");

    scope.end();
    assertThat(shop.stored(token, "color")).isEqualTo("blue");
    assertThat(scope.isUnderWay()).isFalse();
    assertThat(scope.get()).as("the response").isNull();

    int before = shop.writes();
    session.attribute("color", "green");
    assertThat(scope.end()).isFalse();
    scope.save();
    assertThat(shop.writes()).isEqualTo(before);
    exchange.response.finish();
  }

  @Test
  void aRefusalIsAnsweredOnce() throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    session(scope).attribute("color", "red");
    shop.cutOff(true);

    assertThat(scope.end()).isTrue();
    assertThat(scope.end()).isFalse();
    assertThat(exchange.response.sentStatus()).isEqualTo(503);
  }

  @Test
  void afterTheEndNoSessionIsLookedUpOrMade() throws IOException {
    Exchange exchange = with(shop.newStored("color", "red"));
    RequestScope scope = shop.open(exchange);
    scope.end();

    assertThat(scope.session(false)).isNull();
    assertThatIllegalStateException()
        .isThrownBy(() -> scope.session(true))
        .withMessage("getSession: the request has ended");
    assertThatIllegalStateException().isThrownBy(scope::changeSessionId);
    assertThat(shop.reads()).isZero();
    exchange.response.finish();
  }

  @Test
  void afterTheEndTheSessionThatTheRequestHadIsStillItsSession() throws IOException {
    Exchange exchange = with(shop.newStored("color", "red"));
    RequestScope scope = shop.open(exchange);
    Session session = found(scope);
    end(scope, exchange);

    assertThat(scope.session(false)).isSameAs(session);
    assertThat(scope.session(true)).isSameAs(session);
    assertThatIllegalStateException()
        .isThrownBy(scope::changeSessionId)
        .withMessageContaining("the client could not be told the new id");
  }

  @Test
  void anotherDispatchGoesOnWithTheSessionAndSavesIt() throws IOException {
    SessionToken token = shop.newStored("color", "red");
    Exchange exchange = with(token);
    RequestScope scope = shop.open(exchange);
    Session session = found(scope);
    scope.end();

    scope.enter(exchange.dispatched(DispatcherType.ERROR), exchange.response);
    assertThat(scope.isUnderWay()).isTrue();
    assertThat(session(scope)).isSameAs(session);
    session.attribute("color", "blue");
    end(scope, exchange);

    assertThat(shop.stored(token, "color")).isEqualTo("blue");
    assertThat(shop.reads()).as("reads").isEqualTo(1);
  }

  @Test
  void aDispatchThatLeavesAnAsynchronousPartBehindDoesNotEndTheRequest() throws IOException {
    SessionToken token = shop.newStored("color", "red");
    Exchange exchange = with(token);
    RequestScope scope = shop.open(exchange);
    Session session = found(scope);
    List<RequestScope> watched = new ArrayList<>();

    exchange.asyncStarted(true);
    assertThat(scope.leave(false, (request, left) -> watched.add(left))).isFalse();
    assertThat(watched).containsExactly(scope);
    assertThat(scope.isUnderWay()).isTrue();
    session.attribute("color", "blue");
    exchange.asyncStarted(false);
    end(scope, exchange);

    assertThat(shop.stored(token, "color")).isEqualTo("blue");
  }

  @Test
  void theLastDispatchEndsTheRequest() throws IOException {
    SessionToken token = shop.newStored("color", "red");
    Exchange exchange = with(token);
    RequestScope scope = shop.open(exchange);
    found(scope).attribute("color", "blue");

    assertThat(scope.leave(false, (request, left) -> {})).isFalse();

    assertThat(scope.isUnderWay()).isFalse();
    assertThat(shop.stored(token, "color")).isEqualTo("blue");
    exchange.response.finish();
  }
}
