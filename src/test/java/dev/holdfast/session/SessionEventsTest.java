package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.Settings;
import dev.holdfast.config.Unserializable;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.SessionManager.Commit;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.zip.DataFormatException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is told of sessions, by which node and in which order, over a real Redis. */
class SessionEventsTest {
  private static final Duration HALF_HOUR = Duration.ofMinutes(30);
  private static final RunningRedis REDIS = RunningRedis.shared();
  private static final Queue<Counter> COUNTED = new ConcurrentLinkedQueue<>();
  private static final List<String> TOLD = Collections.synchronizedList(new ArrayList<>());

  private static SessionManager here;
  private static SessionManager there;

  @BeforeAll
  static void openTwoNodes() {
    here = node("here", Unserializable.LOCAL);
    there = node("there", Unserializable.LOCAL);
  }

  @AfterAll
  static void closeThem() {
    here.close();
    there.close();
  }

  @BeforeEach
  void forget() {
    REDIS.flush();
    COUNTED.clear();
    TOLD.clear();
  }

  private static SessionManager node(String name, Unserializable unserializable) {
    return node(name, "unserializable", unserializable.name().toLowerCase(Locale.ROOT));
  }

  private static SessionManager node(String name, String setting, String value) {
    Settings settings =
        TestSettings.of(
            REDIS.uri(), "redis.timeout", "5s", "redis.connect-timeout", "5s", setting, value);
    return TestNodes.manager(settings, COUNTED::add, new Recorder(name));
  }

  private static SessionToken stored(Object... namesAndValues) {
    return stored(HALF_HOUR, namesAndValues);
  }

  private static SessionToken stored(Duration interval, Object... namesAndValues) {
    Session session = here.create(interval);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      session.attribute((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    assertThat(here.commit(session)).isEqualTo(Commit.SAVED);
    here.release(session);
    TOLD.clear();
    COUNTED.clear();
    return session.token();
  }

  private static Session join(SessionManager node, SessionToken token) {
    Session session = node.join(token).session();
    assertThat(session).as("the session that the token opens").isNotNull();
    return session;
  }

  // Attributes

  @Test
  void aValueIsBoundBeforeItCanBeSeenAndAddedAfter() {
    Session session = here.create(HALF_HOUR);
    session.attribute("a", new Value("one"));

    assertThat(TOLD).containsExactly("here bound a one, seen null", "here added a one, seen one");
  }

  @Test
  void aReplacedValueIsUnboundAfterTheNewOneIsBoundAndTheEventHasTheOldOne() {
    Session session = here.create(HALF_HOUR);
    session.attribute("a", new Value("one"));
    TOLD.clear();
    session.attribute("a", new Value("two"));

    assertThat(TOLD)
        .containsExactly(
            "here bound a two, seen one",
            "here unbound a one, seen two",
            "here replaced a one, seen two");
  }

  @Test
  void theSameValueAgainIsReplacedAndNeitherBoundNorUnboundButWritten() {
    SessionToken token = stored("a", new Value("one"));
    Session session = join(here, token);
    session.attribute("a", session.attribute("a"));

    assertThat(TOLD).containsExactly("here replaced a one, seen one");
    assertThat(here.commit(session)).isEqualTo(Commit.SAVED);
  }

  @Test
  void aRemovedValueIsGoneThenUnboundThenTold() {
    Session session = here.create(HALF_HOUR);
    session.attribute("a", new Value("one"));
    TOLD.clear();
    session.removeAttribute("a");
    session.removeAttribute("a");

    assertThat(TOLD)
        .containsExactly("here unbound a one, seen null", "here removed a one, seen null");
  }

  @Test
  void aValueThatWasNeverReadHereIsUnboundAllTheSame() {
    SessionToken token = stored("a", new Value("one"), "b", new Value("two"), "c", "text");
    Session session = join(there, token);
    session.attribute("a", new Value("new"));
    session.removeAttribute("b");
    session.removeAttribute("c");

    assertThat(TOLD)
        .contains("there unbound a one, seen new", "there replaced a one, seen new")
        .contains("there unbound b two, seen null", "there removed b two, seen null")
        .contains("there removed c text, seen null");
  }

  @Test
  void aRefusedValueIsNotBound() {
    try (SessionManager strict = node("strict", Unserializable.REFUSE)) {
      Session session = strict.create(HALF_HOUR);
      assertThatThrownBy(() -> session.attribute("a", new StuckValue("one")))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(TOLD).isEmpty();
  }

  @Test
  void whatUnboundThrowsReachesWhoRemovesAndNobodyElse() {
    Session session = here.create(HALF_HOUR);
    session.attribute("a", new Value("throws"));
    session.attribute("a", new Value("throws"));
    TOLD.clear();

    assertThatThrownBy(() -> session.removeAttribute("a")).hasMessage("unbound failed");
    assertThat(session.attribute("a")).isNull();
    session.attribute("b", new Value("throws"));
    session.attribute("c", new Value("two"));
    here.invalidate(session);
    assertThat(TOLD).contains("here removed b throws, seen ISE", "here removed c two, seen ISE");
    assertThat(COUNTED).contains(Counter.LISTENER_FAILED);
  }

  // Ends

  @Test
  void anEndIsToldWithTheSessionWholeThenItsValuesAreUnboundFromAnInvalidOne() {
    SessionToken token = stored("a", new Value("one"), "b", "text");
    Session session = join(here, token);
    here.invalidate(session);

    assertThat(TOLD)
        .containsExactly(
            "here destroyed [a, b] of " + token.publicId() + ", valid false",
            "here unbound a one, seen ISE",
            "here removed a one, seen ISE",
            "here removed b text, seen ISE");
    assertThatThrownBy(() -> session.attribute("a")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void endingTwiceOrFromAListenerIsRefused() {
    Session session = join(here, stored("invalidate-again", "yes"));
    here.invalidate(session);

    assertThat(TOLD).contains("here re-entrant invalidate: IllegalStateException");
    assertThat(TOLD).filteredOn(event -> event.contains("destroyed [")).hasSize(1);
    assertThatThrownBy(() -> here.invalidate(session)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theKeyIsGoneBeforeAnybodyIsTold() {
    SessionToken token = stored("look-for-key", "yes");
    here.invalidate(join(here, token));

    assertThat(TOLD).contains("here key there: false");
  }

  @Test
  void ofTwoNodesOnlyTheOneThatEndsItTells() {
    SessionToken token = stored("a", new Value("one"));
    Session slow = join(here, token);
    slow.attribute("a");
    there.invalidate(join(there, token));
    slow.attribute("b", "text");
    TOLD.removeIf(event -> event.startsWith("here"));
    assertThat(here.commit(slow)).isEqualTo(Commit.GONE);

    assertThat(TOLD).noneMatch(event -> event.startsWith("here"));
    assertThat(TOLD).filteredOn(event -> event.contains("destroyed [")).hasSize(1);
  }

  @Test
  void ofTwoNodesThatEndASessionAtOnceOneTells() throws Exception {
    for (int i = 0; i < 20; i++) {
      SessionToken token = stored("a", new Value("one"));
      Session one = join(here, token);
      Session other = join(there, token);
      CyclicBarrier start = new CyclicBarrier(2);
      CompletableFuture.allOf(
              CompletableFuture.runAsync(() -> at(start, () -> here.invalidate(one))),
              CompletableFuture.runAsync(() -> at(start, () -> there.invalidate(other))))
          .get();

      assertThat(TOLD).filteredOn(event -> event.contains("destroyed [")).hasSize(1);
      assertThat(TOLD).filteredOn(event -> event.contains("unbound a one")).hasSize(1);
    }
  }

  private static void at(CyclicBarrier start, Runnable work) {
    try {
      start.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    work.run();
  }

  @Test
  void whoFindsASessionExpiredTellsItOnceFromWhatWasStored() {
    SessionToken token = stored(Duration.ofSeconds(1), "a", new Value("one"));
    awaitExpiry(token);

    assertThat(there.join(token)).isEqualTo(Join.NOTHING);
    assertThat(here.join(token)).isEqualTo(Join.NOTHING);

    assertThat(TOLD)
        .containsExactly(
            // The listener asks for the names, and only what can be read has one.
            "there activated one",
            "there destroyed [a] of " + token.publicId() + ", valid false",
            "there unbound a one, seen ISE",
            "there removed a one, seen ISE");
    assertThat(COUNTED).contains(Counter.EXPIRED);
  }

  @Test
  void anExpiredSessionThatIsStillHereEndsWithItsOwnInstances() {
    Value value = new Value("one");
    StuckValue stuck = new StuckValue("stuck");
    SessionToken token = stored(Duration.ofSeconds(1), "a", value, "s", stuck);
    awaitExpiry(token);

    assertThat(here.join(token)).isEqualTo(Join.NOTHING);

    assertThat(value.unbound).isEqualTo(1);
    assertThat(stuck.unbound).isEqualTo(1);
    assertThat(TOLD).filteredOn(event -> event.contains("destroyed [")).hasSize(1);
  }

  /** Without asking for it: the first who asks ends it. */
  private static void awaitExpiry(SessionToken token) {
    long end = System.nanoTime() + Duration.ofMillis(1300).toNanos();
    Awaitility.await().until(() -> System.nanoTime() - end > 0);
    assertThat(REDIS.keys()).anyMatch(key -> key.contains(token.locator()));
  }

  // Ids

  @Test
  void aChangedIdIsToldWhenItHasChanged() {
    SessionToken token = stored("a", "text");
    Session session = join(here, token);
    here.rotate(session);

    assertThat(TOLD).containsExactly("here id " + token.publicId() + " changed to " + session.id());
  }

  // Ended by somebody else

  @Test
  void aSessionEndedByAnotherThanItsClientIsToldOnceWithWhatWasStored() {
    SessionToken token = stored("a", new Value("one"));
    TOLD.clear();

    assertThat(there.end(token.locator())).isTrue();
    assertThat(here.end(token.locator())).isFalse();

    assertThat(TOLD)
        .containsExactly(
            "there activated one",
            "there destroyed [a] of " + token.publicId() + ", valid false",
            "there unbound a one, seen ISE",
            "there removed a one, seen ISE");
    assertThat(here.join(token).session()).isNull();
    assertThat(there.join(token).session()).isNull();
  }

  @Test
  void aSessionEndedWhileARequestHoldsItIsSavedNoMore() {
    SessionToken token = stored("a", "one");
    Session held = join(here, token);
    held.attribute("a", "two");

    assertThat(there.end(token.locator())).isTrue();

    assertThat(here.commit(held)).isEqualTo(Commit.GONE);
    assertThat(here.join(token).session()).isNull();
    here.release(held);
  }

  // Activation

  @Test
  void aValueIsPassivatedForARealSaveAndActivatedAfterARealLoadAndNeitherIsAChange() {
    Session session = here.create(HALF_HOUR);
    session.attribute("a", new Value("one"));
    TOLD.clear();
    here.commit(session);
    assertThat(TOLD).containsExactly("here passivating one", "here activated one");
    TOLD.clear();
    session.attribute("a");
    assertThat(here.commit(session)).isEqualTo(Commit.UNCHANGED);
    assertThat(TOLD).isEmpty();

    Session elsewhere = join(there, session.token());
    assertThat(((Value) elsewhere.attribute("a")).passivations).isEqualTo(1);
    assertThat(TOLD).containsExactly("there activated one");
    assertThat(there.commit(elsewhere)).isEqualTo(Commit.UNCHANGED);
    TOLD.clear();

    ((Value) elsewhere.attribute("a")).name = "changed";
    assertThat(there.commit(elsewhere)).isEqualTo(Commit.SAVED);
    assertThat(TOLD).containsExactly("there passivating changed", "there activated changed");
    assertThat(there.commit(elsewhere)).isEqualTo(Commit.UNCHANGED);
  }

  // Values of this node

  @Test
  void aValueThatCannotBeStoredStaysHereAndTheSessionIsStoredAllTheSame() {
    StuckValue stuck = new StuckValue("stuck");
    SessionToken token;
    Session session = here.create(HALF_HOUR);
    session.attribute("s", stuck);
    assertThat(here.commit(session)).isEqualTo(Commit.SAVED);
    token = session.token();
    here.release(session);

    assertThat(COUNTED).contains(Counter.KEPT_LOCAL);
    Session again = join(here, token);
    assertThat(again.attribute("s")).isSameAs(stuck);
    assertThat(here.commit(again)).as("nothing to save").isEqualTo(Commit.UNCHANGED);
    here.release(again);
    Session elsewhere = join(there, token);
    assertThat(elsewhere.attributeNames()).isEmpty();
    there.release(elsewhere);
  }

  @Test
  void aValueOfThisNodeHidesTheStoredOneItReplacedFromAllNodes() {
    SessionToken token = stored("s", "stored");
    Session session = join(here, token);
    session.attribute("s", new StuckValue("stuck"));
    assertThat(here.commit(session)).isEqualTo(Commit.SAVED);
    here.release(session);

    Session elsewhere = join(there, token);
    assertThat(elsewhere.attribute("s")).isNull();
    there.release(elsewhere);
  }

  @Test
  void anotherNodesValueOfThatNameReplacesItAndItIsUnbound() {
    StuckValue stuck = new StuckValue("stuck");
    SessionToken token = stored("s", stuck);
    Session elsewhere = join(there, token);
    elsewhere.attribute("s", "theirs");
    there.commit(elsewhere);
    there.release(elsewhere);
    Session session = join(here, token);

    assertThat(session.attribute("s")).isEqualTo("theirs");
    assertThat(stuck.unbound).isEqualTo(1);
  }

  @Test
  void whatWasStoredAndCannotBeAnyMoreStaysHereToo() {
    ArrayList<Object> list = new ArrayList<>(List.of("one"));
    SessionToken token = stored("list", list);
    Session session = join(here, token);
    assertThat(session.attribute("list")).isSameAs(list);
    list.add(new Thread("not for storage"));
    assertThat(here.commit(session)).isEqualTo(Commit.SAVED);
    assertThat(session.attribute("list")).isSameAs(list);
    here.release(session);

    assertThat(join(there, token).attribute("list")).isNull();
  }

  @Test
  void aValueOfThisNodeIsUnboundWhenTheSessionEndsElsewhere() {
    StuckValue stuck = new StuckValue("stuck");
    SessionToken token = stored("s", stuck, "a", new Value("one"));
    there.invalidate(join(there, token));
    TOLD.clear();

    assertThat(here.join(token)).isEqualTo(Join.NOTHING);
    assertThat(stuck.unbound).isEqualTo(1);
    assertThat(TOLD)
        .containsExactly("here unbound s stuck, seen ISE", "here removed s stuck, seen ISE");
  }

  @Test
  void aValueOfThisNodeSurvivesAFullCache() {
    StuckValue stuck = new StuckValue("stuck");
    SessionToken token = stored("s", stuck);
    for (int i = 0; i < 80; i++) {
      Session big = here.create(HALF_HOUR);
      big.attribute("big", new byte[1_000_000]);
      here.commit(big);
      here.release(big);
    }

    assertThat(join(here, token).attribute("s")).isSameAs(stuck);
    assertThat(stuck.unbound).isZero();
  }

  @Test
  void aValueOfThisNodeIsUnboundWhenTheNodeEnds() {
    StuckValue stuck = new StuckValue("stuck");
    try (SessionManager brief = node("brief", Unserializable.LOCAL)) {
      Session session = brief.create(HALF_HOUR);
      session.attribute("s", stuck);
      brief.commit(session);
      brief.release(session);
    }
    assertThat(stuck.unbound).isEqualTo(1);
  }

  @Test
  void aClassThatIsNotAllowedStaysHereOrIsRefusedAsConfigured() {
    Session session = here.create(HALF_HOUR);
    DataFormatException value = new DataFormatException();
    session.attribute("a", value);
    here.commit(session);
    assertThat(session.attribute("a")).isSameAs(value);
    assertThat(join(there, session.token()).attribute("a")).isNull();

    try (SessionManager strict = node("strict", Unserializable.REFUSE)) {
      Session refusing = strict.create(HALF_HOUR);
      assertThatThrownBy(() -> refusing.attribute("a", value))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("encryption.keys-file")
          .hasMessageContaining("codec.allow=java.util.zip.DataFormatException");
      assertThat(refusing.attributeNames()).isEmpty();
    }
  }

  @Test
  void aListThatGrewAClassThatIsNotAllowedBecomesAnAttributeOfThisNode() {
    List<Object> list = new ArrayList<>(List.of("stored"));
    SessionToken token = stored("list", list, "other", "stays");
    Session session = join(here, token);
    @SuppressWarnings("unchecked")
    List<Object> live = (List<Object>) session.attribute("list");
    live.add(new DataFormatException());
    here.commit(session);

    assertThat(session.attribute("list")).isSameAs(live);
    Session elsewhere = join(there, token);
    assertThat(elsewhere.attribute("list")).isNull();
    assertThat(elsewhere.attribute("other")).isEqualTo("stays");
  }

  @Test
  void attributesOfTheSettingStayHereAndLeaveTheStore() {
    SessionToken token = stored("socket", new Value("before"), "other", 1);
    try (SessionManager choosing = node("choosing", "attributes.local", "sock*, .[x\\E*")) {
      Session session = join(choosing, token);
      assertThat(session.attribute("socket")).as("stored under other settings").isNull();
      Value value = new Value("socket");
      session.attribute("socket", value);
      session.attribute(".[x\\E", value);
      session.attribute("a socket", value);
      choosing.commit(session);

      Session elsewhere = join(there, token);
      assertThat(elsewhere.attributeNames()).containsExactlyInAnyOrder("other", "a socket");
      elsewhere.attribute("other", 2);
      there.commit(elsewhere);
      choosing.release(session);
      Session again = join(choosing, token);
      assertThat(again.attribute("other")).isEqualTo(2);
      assertThat(again.attribute("socket")).isSameAs(value);
      int unbound = value.unbound;
      choosing.invalidate(again);
      assertThat(value.unbound).isEqualTo(unbound + 3);
    }
  }

  @Test
  void bindingRacingTheEndIsBoundAndUnboundOnceEach() throws Exception {
    for (int i = 0; i < 200; i++) {
      Value value = new Value("raced");
      Session session = here.create(HALF_HOUR);
      CyclicBarrier start = new CyclicBarrier(2);
      CompletableFuture<Void> set =
          CompletableFuture.runAsync(() -> at(start, () -> session.attribute("a", value)));
      CompletableFuture<Void> end =
          CompletableFuture.runAsync(() -> at(start, () -> here.invalidate(session)));
      end.get();
      set.exceptionally(e -> null).get();

      assertThat(value.unbound).as("round " + i).isEqualTo(value.bound);
    }
  }

  /** Knows when it is bound, and counts it. */
  static class Value implements Serializable {
    private static final long serialVersionUID = 1L;
    String name;
    transient volatile int bound;
    transient volatile int unbound;
    int passivations;
    int activations;

    Value(String name) {
      this.name = name;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Cannot be stored. */
  static final class StuckValue extends Value {
    private static final long serialVersionUID = 1L;
    final Thread thread = Thread.currentThread();

    StuckValue(String name) {
      super(name);
    }
  }

  /** Writes down everything, with what a listener could see at that moment. */
  private record Recorder(String node) implements SessionEvents {
    private void tell(String event) {
      TOLD.add(node + " " + event);
    }

    private void tell(String event, Session session, String name, Object value) {
      String seen;
      try {
        seen = String.valueOf(session.attribute(name));
      } catch (IllegalStateException e) {
        seen = "ISE";
      }
      tell(event + " " + name + " " + value + ", seen " + seen);
    }

    private SessionManager manager() {
      return node.equals("here") ? here : there;
    }

    @Override
    public boolean isOfContainer(Object value) {
      return false;
    }

    @Override
    public boolean endsObserved() {
      return true;
    }

    @Override
    public boolean attributesObserved() {
      return true;
    }

    @Override
    public boolean isBindingListener(Object value) {
      return value instanceof Value;
    }

    @Override
    public boolean isActivationListener(Object value) {
      return value instanceof Value;
    }

    @Override
    public void created(Session session) {
      tell("created " + session.id());
    }

    @Override
    public void destroyed(Session session) {
      tell(
          "destroyed "
              + session.attributeNames().stream().sorted().toList()
              + " of "
              + session.id()
              + ", valid "
              + session.isValid());
      if (session.attribute("invalidate-again") != null) {
        try {
          manager().invalidate(session);
        } catch (IllegalStateException e) {
          tell("re-entrant invalidate: " + e.getClass().getSimpleName());
        }
      }
      if (session.attribute("look-for-key") != null) {
        tell(
            "key there: " + REDIS.keys().stream().anyMatch(key -> key.contains(session.locator())));
      }
    }

    @Override
    public void idChanged(Session session, String oldId) {
      tell("id " + oldId + " changed to " + session.id());
    }

    @Override
    public void attributeAdded(Session session, String name, Object value) {
      tell("added", session, name, value);
    }

    @Override
    public void attributeReplaced(Session session, String name, Object oldValue) {
      tell("replaced", session, name, oldValue);
    }

    @Override
    public void attributeRemoved(Session session, String name, Object oldValue) {
      tell("removed", session, name, oldValue);
    }

    @Override
    public void valueBound(Session session, String name, Object value) {
      ((Value) value).bound++;
      tell("bound", session, name, value);
    }

    @Override
    public void valueUnbound(Session session, String name, Object value) {
      ((Value) value).unbound++;
      tell("unbound", session, name, value);
      if (((Value) value).name.equals("throws")) {
        throw new IllegalStateException("unbound failed");
      }
    }

    @Override
    public void willPassivate(Session session, Object value) {
      ((Value) value).passivations++;
      tell("passivating " + value);
    }

    @Override
    public void didActivate(Session session, Object value) {
      ((Value) value).activations++;
      tell("activated " + value);
    }
  }
}
