package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.SessionConflictException;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.Conflict;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.redis.testing.CountingProxy;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.SessionManager.Commit;
import java.io.Serializable;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules of a session on two nodes of one application, over a real Redis. */
class SessionManagerTest {
  private static final Duration HALF_HOUR = Duration.ofMinutes(30);

  private static final RunningRedis REDIS = RunningRedis.shared();
  private static final Queue<Counter> COUNTED = new ConcurrentLinkedQueue<>();

  private static CountingProxy proxy;
  private static SessionManager here;
  private static SessionManager there;

  @BeforeAll
  static void openTwoNodes() {
    proxy = new CountingProxy(REDIS.port());
    here = node(proxy.uri(), Conflict.DROP);
    there = node(REDIS.uri(), Conflict.DROP);
    here.release(newSession(here));
  }

  @AfterAll
  static void closeThem() {
    here.close();
    there.close();
    proxy.close();
  }

  @BeforeEach
  void forget() {
    REDIS.flush();
    proxy.reset();
    COUNTED.clear();
  }

  private static SessionManager node(String uri, Conflict conflict) {
    return TestNodes.manager(TestNodes.settings(uri, conflict), COUNTED::add);
  }

  private static Session newSession(SessionManager node) {
    Session session = node.create(HALF_HOUR);
    node.commit(session);
    return session;
  }

  private static SessionToken storedSession(String name, Object value) {
    Session session = here.create(HALF_HOUR);
    session.attribute(name, value);
    assertThat(here.commit(session)).isEqualTo(Commit.SAVED);
    here.release(session);
    proxy.reset();
    return session.token();
  }

  private static Session join(SessionManager node, SessionToken token) {
    Session session = node.join(token).session();
    assertThat(session).as("the session that the token opens").isNotNull();
    return session;
  }

  private static Object read(SessionManager node, SessionToken token, String name) {
    Session session = join(node, token);
    try {
      return session.attribute(name);
    } finally {
      node.release(session);
    }
  }

  // Waits

  @Test
  void aNewSessionCostsOneWait() {
    Session session = here.create(HALF_HOUR);
    session.attribute("user", "alice");
    assertThat(proxy.waits()).isZero();

    here.commit(session);

    assertThat(proxy.waits()).isEqualTo(1);
  }

  @Test
  void readingCostsOneWaitWhetherOrNotTheNodeHoldsACopy() {
    SessionToken token = storedSession("user", "alice");

    Session copy = join(here, token);
    copy.attribute("user");
    assertThat(here.commit(copy)).isEqualTo(Commit.UNCHANGED);
    here.release(copy);
    assertThat(proxy.waits()).as("with a copy").isEqualTo(1);

    SessionToken unknownHere = there.create(HALF_HOUR).token();
    Session elsewhere = there.create(HALF_HOUR);
    there.commit(elsewhere);
    proxy.reset();
    Session loaded = join(here, elsewhere.token());
    here.commit(loaded);
    assertThat(proxy.waits()).as("without a copy").isEqualTo(1);

    proxy.reset();
    assertThat(here.join(unknownHere).session()).isNull();
    assertThat(proxy.waits()).as("a stale cookie").isEqualTo(1);
  }

  @Test
  void writingRotatingAndInvalidatingCostTwoWaitsWithTheirLoad() {
    SessionToken token = storedSession("user", "alice");

    Session session = join(here, token);
    session.attribute("user", "bob");
    here.commit(session);
    assertThat(proxy.waits()).as("write").isEqualTo(2);
    here.release(session);

    proxy.reset();
    session = join(here, token);
    here.rotate(session);
    here.commit(session);
    assertThat(proxy.waits()).as("rotation").isEqualTo(2);
    here.release(session);

    proxy.reset();
    session = join(here, session.token());
    here.invalidate(session);
    here.commit(session);
    assertThat(proxy.waits()).as("invalidate").isEqualTo(2);
    here.release(session);
  }

  @Test
  void aSessionCreatedAndInvalidatedInOneRequestLeavesNothing() {
    List<String> before = REDIS.keys();
    Session session = here.create(HALF_HOUR);
    session.attribute("user", "alice");
    here.invalidate(session);
    assertThat(here.commit(session)).isEqualTo(Commit.UNCHANGED);

    assertThat(REDIS.keys()).isEqualTo(before);
    assertThat(proxy.waits()).isZero();
  }

  // Sharing

  @Test
  void requestsOfOneNodeShareTheSessionAndItsAttributes() {
    SessionToken token = storedSession("cart", new ArrayList<>(List.of("anvil")));

    Session one = join(here, token);
    Session other = join(here, token);

    assertThat(other).isSameAs(one);
    assertThat(other.attribute("cart")).isSameAs(one.attribute("cart"));
  }

  @Test
  void whatAnotherNodeWroteIsSeenAndTheRestKeepsItsInstance() {
    Session session = here.create(HALF_HOUR);
    session.attribute("cart", new ArrayList<>(List.of("anvil")));
    session.attribute("user", "alice");
    here.commit(session);
    here.release(session);
    Object cart = read(here, session.token(), "cart");

    Session elsewhere = join(there, session.token());
    elsewhere.attribute("user", "bob");
    there.commit(elsewhere);
    there.release(elsewhere);

    assertThat(read(here, session.token(), "user")).isEqualTo("bob");
    assertThat(read(here, session.token(), "cart")).isSameAs(cart);
  }

  @Test
  void writesOfTwoNodesToDifferentAttributesBothSurvive() {
    SessionToken token = storedSession("a", "0");
    Session one = join(here, token);
    Session other = join(there, token);
    one.attribute("b", "1");
    other.attribute("c", "2");
    here.commit(one);
    there.commit(other);
    here.release(one);
    there.release(other);

    assertThat(read(here, token, "c")).isEqualTo("2");
    assertThat(read(there, token, "b")).isEqualTo("1");
  }

  // Changes in place

  @Test
  void aChangeInPlaceIsSavedWithoutSetAttribute() {
    SessionToken token = storedSession("cart", new ArrayList<>(List.of("anvil")));
    Session session = join(here, token);
    @SuppressWarnings("unchecked")
    List<String> cart = (List<String>) session.attribute("cart");
    cart.add("rocket");
    assertThat(here.commit(session)).isEqualTo(Commit.SAVED);

    assertThat(read(there, token, "cart")).isEqualTo(List.of("anvil", "rocket"));
  }

  @Test
  void aPureReadWritesNothingEvenOfASetWithoutHashCode() {
    Set<Item> items = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      items.add(new Item("item " + i));
    }
    SessionToken token = storedSession("items", items);

    Session session = join(there, token);
    assertThat((Set<?>) session.attribute("items")).hasSize(50);
    assertThat(there.commit(session)).isEqualTo(Commit.UNCHANGED);
  }

  @Test
  void aChangeInPlaceLosesAgainstAnotherNodesWriteAndTheRestIsSaved() {
    SessionToken token = storedSession("cart", new ArrayList<>(List.of("anvil")));
    Session one = join(here, token);
    @SuppressWarnings("unchecked")
    List<String> cart = (List<String>) one.attribute("cart");
    Session other = join(there, token);
    other.attribute("cart", new ArrayList<>(List.of("theirs")));
    there.commit(other);
    there.release(other);

    cart.add("mine");
    one.attribute("page", "2");
    assertThat(here.commit(one)).isEqualTo(Commit.SAVED);
    here.release(one);

    assertThat(COUNTED).contains(Counter.CHANGE_LOST);
    assertThat(read(here, token, "cart")).isEqualTo(List.of("theirs"));
    assertThat(read(there, token, "page")).isEqualTo("2");
  }

  @Test
  void aLostChangeInPlaceFailsTheRequestIfSoConfigured() {
    SessionToken token = storedSession("cart", new ArrayList<>(List.of("anvil")));
    try (SessionManager strict = node(REDIS.uri(), Conflict.FAIL)) {
      Session one = join(strict, token);
      @SuppressWarnings("unchecked")
      List<String> cart = (List<String>) one.attribute("cart");
      Session other = join(there, token);
      other.attribute("cart", new ArrayList<>(List.of("theirs")));
      there.commit(other);

      cart.add("mine");
      assertThatThrownBy(() -> strict.commit(one))
          .isInstanceOf(SessionConflictException.class)
          .hasMessageContaining("cart");
    }
  }

  // Ends

  @Test
  void invalidatedElsewhereMeansGoneForASlowRequestAndNoKeyIsLeft() {
    SessionToken token = storedSession("user", "alice");
    Session slow = join(here, token);
    Session logout = join(there, token);
    there.invalidate(logout);
    there.release(logout);

    slow.attribute("user", "mallory");
    assertThat(here.commit(slow)).isEqualTo(Commit.GONE);
    here.release(slow);

    assertThat(slow.isValid()).isFalse();
    assertThat(here.join(token).session()).isNull();
    assertThat(REDIS.keys()).noneMatch(key -> key.contains(token.locator()));
  }

  @Test
  void changedIdAndThenInvalidatedBothTokensAreDead() {
    SessionToken before = storedSession("user", "alice");
    Session session = join(here, before);
    here.rotate(session);
    SessionToken after = session.token();
    here.invalidate(session);
    here.release(session);

    assertThat(here.join(before)).isEqualTo(Join.NOTHING);
    assertThat(here.join(after)).isEqualTo(Join.NOTHING);
    assertThat(there.join(after)).isEqualTo(Join.NOTHING);
  }

  @Test
  void aSecretThatIsNotTheSessionsOpensNothing() {
    SessionToken token = storedSession("user", "alice");
    SessionToken forged = token.rotated(new SecureRandom());

    assertThat(here.join(forged)).isEqualTo(Join.NOTHING);
    assertThat(COUNTED).contains(Counter.UNKNOWN_TOKEN);
    assertThat(read(here, token, "user")).isEqualTo("alice");
  }

  // Rotation

  @Test
  void aLoginElsewhereFencesARequestThatEnteredBefore() {
    SessionToken token = storedSession("user", "nobody");
    Session slow = join(here, token);
    Session login = join(there, token);
    login.attribute("user", "alice");
    there.rotate(login);
    there.commit(login);
    there.release(login);

    // A request with the new token on the slow request's node is not fenced, nor lifts its fence.
    Session fresh = join(here, login.token());
    assertThat(fresh).isNotSameAs(slow);
    assertThat(fresh.id()).isEqualTo(login.id());
    fresh.attribute("page", "1");
    assertThat(here.commit(fresh)).isEqualTo(Commit.SAVED);
    here.release(fresh);
    slow.attribute("user", "mallory");
    assertThatThrownBy(() -> here.commit(slow)).isInstanceOf(SessionConflictException.class);
    here.release(slow);

    assertThat(read(here, login.token(), "user")).isEqualTo("alice");
  }

  @Test
  void theSecretThatALoginReplacedIsRecognisedAndOpensNothing() {
    SessionToken token = storedSession("user", "nobody");
    Session login = join(there, token);
    there.rotate(login);
    there.commit(login);

    assertThat(here.join(token)).isEqualTo(Join.ROTATED_AWAY);
    assertThat(login.id()).isNotEqualTo(token.publicId());
    assertThat(login.locator()).isEqualTo(token.locator());
  }

  @Test
  void aSessionForOneRequestOnlyIsNeverStored() {
    Session session = here.createUnkept(HALF_HOUR);
    session.attribute("user", "alice");
    assertThat(here.commit(session)).isEqualTo(Commit.UNCHANGED);
    assertThat(proxy.waits()).isZero();
  }

  // Failures

  @Test
  void afterAFailedSaveALaterRequestSeesOnlyWhatTheStoreTook() {
    SessionToken token = storedSession("user", "alice");
    Session session = join(here, token);
    session.attribute("user", "bob");
    proxy.pause();
    assertThatThrownBy(() -> here.commit(session))
        .isInstanceOf(SessionStoreUnavailableException.class);
    proxy.disconnect();
    proxy.resume();
    here.release(session);

    Awaitility.await()
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(read(here, token, "user")).isEqualTo("alice"));
    assertThat(read(there, token, "user")).isEqualTo("alice");
  }

  // Time

  @Test
  void lastAccessedTimeIsThePreviousRequestsAndDoesNotMoveDuringARequest() {
    SessionToken token = storedSession("user", "alice");
    Session first = join(here, token);
    assertThat(first.lastAccessedTime()).isEqualTo(first.creationTime());
    assertThat(first.isNew()).isFalse();
    here.release(first);

    Session second = join(here, token);
    assertThat(second.lastAccessedTime()).isAfterOrEqualTo(second.creationTime());
    Instant seen = second.lastAccessedTime();
    second.attribute("user", "bob");
    here.commit(second);
    assertThat(second.lastAccessedTime()).isEqualTo(seen);
  }

  @Test
  void theIntervalIsStoredEvenIfNothingElseChanged() {
    SessionToken token = storedSession("user", "alice");
    for (int seconds : new int[] {-1, 0, 60, Integer.MAX_VALUE, -5}) {
      Session session = join(here, token);
      session.maxInactiveInterval(Duration.ofSeconds(seconds));
      assertThat(here.commit(session)).isEqualTo(Commit.SAVED);
      here.release(session);

      Session elsewhere = join(there, token);
      assertThat(elsewhere.maxInactiveInterval()).hasSeconds(seconds);
      assertThat(elsewhere.attribute("user")).isEqualTo("alice");
      there.release(elsewhere);
    }
  }

  @Test
  void anUnusedSessionEnds() {
    Session session = here.create(Duration.ofSeconds(1));
    here.commit(session);
    here.release(session);

    Awaitility.await()
        .pollInterval(Duration.ofMillis(1300))
        .untilAsserted(() -> assertThat(there.join(session.token()).session()).isNull());
    assertThat(here.join(session.token()).session()).isNull();
    assertThat(REDIS.keys()).noneMatch(key -> key.contains(session.locator()));
  }

  @Test
  void requestsThatLeaveTheSessionAloneKeepItAlive() throws Exception {
    Session session = here.create(Duration.ofSeconds(1));
    here.commit(session);
    here.release(session);
    long end = System.nanoTime() + Duration.ofMillis(2500).toNanos();
    while (System.nanoTime() - end < 0) {
      here.touch(session.token());
      TimeUnit.MILLISECONDS.sleep(50);
    }

    assertThat(there.join(session.token()).session()).isNotNull();
  }

  @Test
  void attributesThatLookLikeMetadataAreAttributes() {
    Session session = here.create(HALF_HOUR);
    for (String name : List.of("m:h", "m:e", "a:user", "r:user", "", "\u00e4\u4e2d\ud83d\ude80")) {
      session.attribute(name, "value of " + name);
    }
    here.commit(session);
    here.release(session);

    Session elsewhere = join(there, session.token());
    assertThat(elsewhere.attributeNames())
        .containsExactlyInAnyOrder(
            "m:h", "m:e", "a:user", "r:user", "", "\u00e4\u4e2d\ud83d\ude80");
    assertThat(elsewhere.attribute("m:h")).isEqualTo("value of m:h");
  }

  @Test
  void aValueThatCannotBeStoredIsRefusedAndTheOldOneStays() {
    SessionToken token = storedSession("user", "alice");
    Session session = join(here, token);
    assertThatThrownBy(() -> session.attribute("user", new Thread("not for storage")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Thread");
    assertThat(session.attribute("user")).isEqualTo("alice");
  }

  /** Has neither equals nor hashCode, like many a legacy bean. */
  static final class Item implements Serializable {
    private static final long serialVersionUID = 1L;
    final String name;

    Item(String name) {
      this.name = name;
    }
  }
}
