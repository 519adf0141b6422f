package dev.holdfast.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.metrics.AppMeasurements;
import dev.holdfast.metrics.Gauge;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.metrics.Metrics.Coding;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.metrics.Metrics.Fate;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What an application's registry shows. */
class RegisteredMetersTest {
  private final Measurements measured = new Measurements();
  private final AppMeasurements shop = new AppMeasurements("shop", measured);

  RegisteredMetersTest() {
    measured.gauge(new Gauge("SessionsInUse", "Sessions in use.", "sessions", () -> 7));
    measured.gauge(new Gauge("SweepAgeMillis", "Since the sweep.", () -> 1_500));
    measured.gauge(new Gauge("SettingsMixed", "Has no unit.", () -> 1));
  }

  private static double count(MeterRegistry registry, String name, String... tags) {
    return registry.get(name).tags("app", "shop").tags(tags).functionCounter().count();
  }

  @Test
  void itShowsCountsGaugesAndTimes() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    measured.waited("load", 3_000_000);
    measured.observe(new RegisteredMeters(registry, shop));
    measured.count(Counter.CREATED);
    measured.count(Counter.EXPIRED);
    measured.count(Counter.EXPIRED);
    measured.count(Counter.COPY_CURRENT);
    measured.count(Counter.SAVE_GONE);
    measured.count(Counter.ENDED_ELSEWHERE);
    measured.add(Counter.VALUE_BYTES_READ, 1_000);
    measured.waited("load", 1_000_000);
    measured.waited("save", 2_000_000);
    measured.coded(Coding.ENCODE, 5_000);
    measured.fate(Fate.LOCAL, Thread.class);

    assertThat(count(registry, "holdfast.sessions.created")).isEqualTo(1);
    assertThat(count(registry, "holdfast.sessions.ended", "cause", "expired")).isEqualTo(2);
    assertThat(count(registry, "holdfast.sessions.ended", "cause", "limit")).isZero();
    assertThat(count(registry, "holdfast.joins", "copy", "current")).isEqualTo(1);
    assertThat(count(registry, "holdfast.saves", "outcome", "gone")).isEqualTo(1);
    assertThat(count(registry, "holdfast.events", "event", "ended_elsewhere")).isEqualTo(1);
    assertThat(count(registry, "holdfast.values.read")).isEqualTo(1_000);
    assertThat(count(registry, "holdfast.attributes.local", "class", "java.lang.Thread"))
        .isEqualTo(1);
    var load = registry.get("holdfast.store.waits").tags("operation", "load").functionTimer();
    assertThat(load.count()).isEqualTo(2);
    assertThat(load.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(4);
    var save = registry.get("holdfast.store.waits").tags("operation", "save").functionTimer();
    assertThat(save.mean(TimeUnit.MILLISECONDS)).isEqualTo(2);
    assertThat(
            registry
                .get("holdfast.codec.calls")
                .tags("operation", "encode")
                .functionTimer()
                .count())
        .isEqualTo(1);
    assertThat(registry.get("holdfast.sessions.in.use").gauge().value()).isEqualTo(7);
    assertThat(registry.get("holdfast.sweep.age").timeGauge().value(TimeUnit.SECONDS))
        .isEqualTo(1.5);
    assertThat(registry.get("holdfast.settings.mixed").gauge().value()).isEqualTo(1);
  }

  /** Micrometer's convention: lower case and dots, and one set of tags for each name. */
  @Test
  void everyCounterHasAConventionalNameAndNoTwoAreOne() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    measured.fate(Fate.LOCAL, Thread.class);
    measured.fate(Fate.REFUSED, Thread.class);
    measured.waited("load", 1);

    measured.observe(new RegisteredMeters(registry, shop));

    assertThat(registry.getMeters())
        .as("counters, gauges, waits, codings, fates")
        .hasSize(Counter.values().length + 3 + 1 + 2 + 2);
    Map<String, Set<String>> keys = new HashMap<>();
    for (Meter meter : registry.getMeters()) {
      Meter.Id id = meter.getId();
      assertThat(id.getName()).matches("holdfast(\\.[a-z]+)+");
      assertThat(id.getDescription()).isNotBlank();
      assertThat(id.getTag("app")).isEqualTo("shop");
      if (!id.getName().equals("holdfast.settings.mixed")) {
        assertThat(id.getBaseUnit()).as(id.getName()).isNotBlank();
      }
      Set<String> tags = id.getTags().stream().map(tag -> tag.getKey()).collect(Collectors.toSet());
      assertThat(keys.computeIfAbsent(id.getName(), name -> tags)).isEqualTo(tags);
    }
  }

  @Test
  void prometheusTakesThemAll() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    TreeSet<String> refused = new TreeSet<>();
    registry.config().onMeterRegistrationFailed((id, reason) -> refused.add(id + ": " + reason));
    measured.waited("load", 3_000_000);
    measured.fate(Fate.LOCAL, Thread.class);
    measured.observe(new RegisteredMeters(registry, shop));
    measured.observe(
        new RegisteredMeters(registry, new AppMeasurements("other", new Measurements())));
    measured.count(Counter.CREATED);

    String page = registry.scrape();

    assertThat(refused).isEmpty();
    assertThat(page)
        .contains("holdfast_sessions_created_sessions_total{app=\"shop\"} 1.0")
        .contains("holdfast_sessions_ended_sessions_total{app=\"shop\",cause=\"invalidated\"} 0.0")
        .contains("holdfast_joins_total{app=\"other\",copy=\"missing\"} 0.0")
        .contains("holdfast_values_read_bytes_total{app=\"shop\"} 0.0")
        .contains("holdfast_events_total{app=\"shop\",event=\"store_unavailable\"} 0.0")
        .contains("holdfast_store_waits_seconds_count{app=\"shop\",operation=\"load\"} 1")
        .contains("holdfast_store_waits_seconds_sum{app=\"shop\",operation=\"load\"} 0.003")
        .contains("holdfast_sweep_age_seconds{app=\"shop\"} 1.5")
        .contains("holdfast_sessions_in_use_sessions{app=\"shop\"} 7.0")
        .contains(
            "holdfast_attributes_local_attributes_total{app=\"shop\",class=\"java.lang.Thread\"}");
    Map<String, String> names = new HashMap<>();
    NamingConvention prometheus = registry.config().namingConvention();
    for (Meter meter : registry.getMeters()) {
      Meter.Id id = meter.getId();
      String there = prometheus.name(id.getName(), id.getType(), id.getBaseUnit());
      assertThat(names.computeIfAbsent(there, name -> id.getName()))
          .as("two names that are one in Prometheus")
          .isEqualTo(id.getName());
    }
  }

  /** Registries hold weakly what they read. */
  @Test
  void theyAreReadAsLongAsTheMeasurementsLive() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    measured.observe(new RegisteredMeters(registry, shop));
    measured.count(Counter.CREATED);
    measured.fate(Fate.REFUSED, Thread.class);

    System.gc();

    assertThat(count(registry, "holdfast.sessions.created")).isEqualTo(1);
    assertThat(registry.get("holdfast.sessions.in.use").gauge().value()).isEqualTo(7);
    assertThat(count(registry, "holdfast.attributes.refused")).isEqualTo(1);
  }

  @Test
  void theyGoWithTheApplicationFromTheGlobalRegistryAndFromWhatWasAddedToIt() {
    SimpleMeterRegistry before = new SimpleMeterRegistry();
    SimpleMeterRegistry later = new SimpleMeterRegistry();
    CompositeMeterRegistry global = Metrics.globalRegistry;
    global.add(before);
    try {
      Micrometer.bindGlobally(shop);
      global.add(later);
      measured.waited("load", 1);
      assertThat(before.getMeters()).hasSizeGreaterThan(Counter.values().length);
      assertThat(later.getMeters()).hasSameSizeAs(before.getMeters());

      measured.close();
      measured.waited("save", 1);

      assertThat(global.getMeters()).isEmpty();
      assertThat(before.getMeters()).isEmpty();
      assertThat(later.getMeters()).isEmpty();
    } finally {
      global.remove(before);
      global.remove(later);
    }
  }

  /** The same meter may have been asked for through two registries of which one has the other. */
  @Test
  void boundTwiceIsShownOnceAndGoesWhole() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    measured.observe(new RegisteredMeters(registry, shop));
    int once = registry.getMeters().size();

    measured.observe(new RegisteredMeters(registry, shop));
    assertThat(registry.getMeters()).hasSize(once);

    measured.close();
    assertThat(registry.getMeters()).isEmpty();
  }
}
