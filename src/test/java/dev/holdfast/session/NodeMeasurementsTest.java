package dev.holdfast.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Gauge;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.metrics.MeasurementsObserver;
import dev.holdfast.metrics.Metrics.Coding;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.metrics.Metrics.Fate;
import dev.holdfast.metrics.Timing;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.security.SessionToken;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What two nodes measure while they do what is counted. */
class NodeMeasurementsTest {
  private static final RunningRedis REDIS = RunningRedis.shared();
  private static final Duration HALF_HOUR = Duration.ofMinutes(30);

  private final MeasuredNode here = new MeasuredNode("unserializable", "local");
  private final MeasuredNode there = new MeasuredNode("unserializable", "refuse");

  /** A node and its measurements. */
  private static final class MeasuredNode implements MeasurementsObserver {
    final Measurements measured = new Measurements();
    final Map<Coding, Timing> codings = new EnumMap<>(Coding.class);
    final Map<String, LongAdder> fates = new HashMap<>();
    final Map<String, Gauge> gauges = new HashMap<>();
    final SessionManager manager;
    final RedisSessionStore redis;

    MeasuredNode(String... more) {
      String[] settings = {
        "redis.timeout", "5s", "expiry.interval", "1s", "app", "measured", more[0], more[1]
      };
      Settings made = TestSettings.of(REDIS.uri(), settings);
      ClassLoader loader = NodeMeasurementsTest.class.getClassLoader();
      redis = new RedisSessionStore(made, SecurityEvents.logging(), loader, measured);
      manager = TestNodes.measured(redis, made, measured);
      measured.observe(this);
    }

    long count(Counter counter) {
      return measured.value(counter);
    }

    SessionToken made(String name, Object value) {
      Session session = manager.create(HALF_HOUR);
      session.attribute(name, value);
      manager.commit(session);
      manager.release(session);
      return session.token();
    }

    void set(SessionToken token, String name, Object value) {
      Session session = requireNonNull(manager.join(token).session());
      session.attribute(name, value);
      manager.commit(session);
      manager.release(session);
    }

    Object read(SessionToken token, String name) {
      Session session = requireNonNull(manager.join(token).session());
      Object value = session.attribute(name);
      manager.commit(session);
      manager.release(session);
      return value;
    }

    @Override
    public void gauge(Gauge gauge) {
      gauges.put(gauge.name(), gauge);
    }

    @Override
    public void waits(String operation, Timing timing) {}

    @Override
    public void coding(Coding coding, Timing timing) {
      codings.put(coding, timing);
    }

    @Override
    public void fate(Fate fate, String className, LongAdder count) {
      fates.put(fate + " " + className, count);
    }

    @Override
    public void close() {}
  }

  /** Cannot be stored: it is neither serializable nor a bean that could be written otherwise. */
  private static final class Unstorable {
    final Thread thread = new Thread(() -> {}, "unstorable");
  }

  @AfterEach
  void close() {
    here.manager.close();
    there.manager.close();
  }

  @Test
  void aJoinTellsWhatTheNodeHadOfTheSession() {
    SessionToken token = here.made("color", "red");

    assertThat(here.read(token, "color")).isEqualTo("red");
    assertThat(there.read(token, "color")).isEqualTo("red");
    there.set(token, "color", "blue");
    assertThat(here.read(token, "color")).isEqualTo("blue");
    assertThat(here.read(token, "color")).isEqualTo("blue");

    assertThat(here.count(Counter.COPY_CURRENT)).isEqualTo(2);
    assertThat(here.count(Counter.COPY_STALE)).isEqualTo(1);
    assertThat(here.count(Counter.COPY_MISSING)).isZero();
    assertThat(there.count(Counter.COPY_MISSING)).isEqualTo(1);
    assertThat(there.count(Counter.COPY_CURRENT)).as("the write").isEqualTo(1);
  }

  @Test
  void valuesAreCountedInBytesAndTimed() {
    byte[] value = new byte[10_000];
    SessionToken token = here.made("value", value);
    assertThat(there.read(token, "value")).isEqualTo(value);

    assertThat(here.count(Counter.VALUE_BYTES_WRITTEN)).isBetween(10_000L, 10_100L);
    assertThat(here.count(Counter.VALUE_BYTES_READ)).isZero();
    assertThat(there.count(Counter.VALUE_BYTES_READ))
        .isEqualTo(here.count(Counter.VALUE_BYTES_WRITTEN));
    assertThat(requireNonNull(here.codings.get(Coding.ENCODE)).count()).isPositive();
    assertThat(requireNonNull(here.codings.get(Coding.ENCODE)).nanos()).isPositive();
    assertThat(requireNonNull(here.codings.get(Coding.DECODE)).count()).isZero();
    assertThat(requireNonNull(there.codings.get(Coding.DECODE)).count()).isEqualTo(1);
  }

  @Test
  void everyEndHasItsCauseAndIsCountedOnOneNode() {
    SessionToken invalidated = here.made("color", "red");
    Session session = requireNonNull(here.manager.join(invalidated).session());
    here.manager.invalidate(session);
    here.manager.release(session);

    SessionToken ended = here.made("color", "red");
    Session held = requireNonNull(here.manager.join(ended).session());
    assertThat(there.manager.users().end(ended.locator(), "a test")).isTrue();
    assertThat(here.manager.join(ended).session()).isNull();
    here.manager.release(held);

    assertThat(here.count(Counter.INVALIDATED)).isEqualTo(1);
    assertThat(there.count(Counter.ENDED_BY_CALL)).isEqualTo(1);
    assertThat(here.count(Counter.ENDED_ELSEWHERE)).isEqualTo(1);
    assertThat(here.count(Counter.ENDED_BY_CALL)).isZero();
    assertThat(there.count(Counter.ENDED_ELSEWHERE)).isZero();
    assertThat(here.count(Counter.EXPIRED) + there.count(Counter.EXPIRED)).isZero();
  }

  @Test
  void aSessionThatTwoNodesInvalidateIsCountedByTheOneThatEndsIt() {
    SessionToken token = here.made("color", "red");
    Session first = requireNonNull(here.manager.join(token).session());
    Session second = requireNonNull(there.manager.join(token).session());

    here.manager.invalidate(first);
    there.manager.invalidate(second);

    here.manager.release(first);
    there.manager.release(second);
    assertThat(here.count(Counter.INVALIDATED)).isEqualTo(1);
    assertThat(there.count(Counter.INVALIDATED)).isZero();
    assertThat(there.count(Counter.ENDED_ELSEWHERE)).isEqualTo(1);
  }

  @Test
  void whatCannotBeStoredIsCountedByItsClass() {
    SessionToken token = here.made("here", new Unstorable());
    assertThatThrownBy(() -> there.set(token, "there", new Unstorable()))
        .isInstanceOf(IllegalArgumentException.class);

    String name = Unstorable.class.getName();
    assertThat(requireNonNull(here.fates.get("LOCAL " + name)).sum()).isPositive();
    assertThat(here.fates).doesNotContainKey("REFUSED " + name);
    assertThat(requireNonNull(there.fates.get("REFUSED " + name)).sum()).isEqualTo(1);
    assertThat(there.fates.keySet()).isEqualTo(Set.of("REFUSED " + name));
  }

  @Test
  void aSweepThatWasFinishedMakesTheAgeSmall() {
    here.manager.sweep(here.redis.expiryIndex(), null);
    Gauge age = requireNonNull(here.gauges.get("SweepAgeMillis"));

    await().until(() -> age.value().getAsLong() > 100);
    await().until(() -> age.value().getAsLong() < 100);
  }
}
