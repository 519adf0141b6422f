package dev.holdfast.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.backup.BackedUpStore;
import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.ClassAllowList;
import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.session.SessionEvents;
import dev.holdfast.session.SessionManager;
import dev.holdfast.session.SettingsAgreement;
import dev.holdfast.store.SessionBackup;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import org.junit.jupiter.api.Test;

/** What an admin's tool sees of an application. */
class MetricsBeanTest {
  private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();
  private static final Path PAGE = Path.of("src/site/markdown/operations.md");
  private static final String BEGIN = "<!-- metrics: begin -->\n";
  private static final String END = "<!-- metrics: end -->";

  private final Measurements measured = new Measurements();
  private final AtomicLong open = new AtomicLong(3);

  MetricsBeanTest() {
    measured.gauge(new Gauge("Open", "What is open.", open::get));
  }

  private static ObjectName name(String app) throws JMException {
    return new ObjectName("dev.holdfast:type=Sessions,app=" + ObjectName.quote(app));
  }

  @Test
  void itTellsCountsGaugesAndWaits() throws JMException {
    try (MetricsBean bean = MetricsBean.register("shop.example/a=*?", null, measured)) {
      ObjectName name = name("shop.example/a=*?");
      measured.count(Counter.SAVE_GONE);
      measured.count(Counter.SAVE_GONE);
      open.set(7);
      measured.waited("listing sessions", 5_000_000);
      measured.waited("listing sessions", 2_000_000);

      assertThat(SERVER.getAttribute(name, "SaveGone")).isEqualTo(2L);
      assertThat(SERVER.getAttribute(name, "Created")).isEqualTo(0L);
      assertThat(SERVER.getAttribute(name, "Open")).isEqualTo(7L);
      assertThat(SERVER.getAttribute(name, "Waits.ListingSessions.Count")).isEqualTo(2L);
      assertThat(SERVER.getAttribute(name, "Waits.ListingSessions.Micros")).isEqualTo(7_000L);
      assertThat(SERVER.getAttribute(name, "Waits.ListingSessions.MaxMicros")).isEqualTo(5_000L);
      assertThat(SERVER.getAttributes(name, new String[] {"Open", "None", "SaveGone"}))
          .containsExactly(new Attribute("Open", 7L), new Attribute("SaveGone", 2L));
    }
  }

  @Test
  void everyAttributeSaysWhatItIsAndCanBeRead() throws JMException {
    try (MetricsBean bean = MetricsBean.register("described", null, measured)) {
      measured.waited("load", 1_000);
      MBeanAttributeInfo[] all = SERVER.getMBeanInfo(name("described")).getAttributes();

      assertThat(all).hasSize(1 + Counter.values().length + 3 + 2 * 3);
      for (MBeanAttributeInfo attribute : all) {
        assertThat(attribute.getDescription()).isNotBlank();
        assertThat(attribute.isWritable()).isFalse();
        assertThat(SERVER.getAttribute(name("described"), attribute.getName()))
            .isInstanceOf(Long.class);
      }
    }
  }

  @Test
  void nothingCanBeChangedOrCalled() throws JMException {
    try (MetricsBean bean = MetricsBean.register("fixed", null, measured)) {
      ObjectName name = name("fixed");
      Attribute change = new Attribute("Open", 1L);

      assertThatThrownBy(() -> SERVER.setAttribute(name, change))
          .isInstanceOf(AttributeNotFoundException.class)
          .hasMessageContaining("can only be read");
      assertThat(SERVER.setAttributes(name, new AttributeList(List.of(change)))).isEmpty();
      assertThatThrownBy(() -> SERVER.invoke(name, "reset", null, null))
          .isInstanceOf(ReflectionException.class);
      assertThatThrownBy(() -> SERVER.getAttribute(name, "Nothing"))
          .isInstanceOf(AttributeNotFoundException.class);
    }
  }

  @Test
  void itGoesWithItsApplicationAndNotWithAnotherOfItsName() throws JMException {
    try (MetricsBean first = MetricsBean.register("twice", null, measured)) {
      measured.count(Counter.CREATED);
      try (MetricsBean second = MetricsBean.register("twice", null, new Measurements())) {
        assertThat(SERVER.getAttribute(name("twice"), "Created")).isEqualTo(1L);
      }
      assertThat(SERVER.isRegistered(name("twice"))).as("the first one's").isTrue();
    }
    assertThat(SERVER.isRegistered(name("twice"))).isFalse();
  }

  @Test
  void versionsOfAnApplicationSideBySideHaveOneEach() throws JMException {
    try (MetricsBean older = MetricsBean.register("versions", "1", measured);
        MetricsBean newer = MetricsBean.register("versions", "2=\"?", new Measurements())) {
      measured.count(Counter.CREATED);
      ObjectName both = new ObjectName(name("versions") + ",*");

      assertThat(SERVER.queryNames(both, null)).hasSize(2);
      assertThat(SERVER.getAttribute(versioned("1"), "Created")).isEqualTo(1L);
      assertThat(SERVER.getAttribute(versioned("2=\"?"), "Created")).isEqualTo(0L);
    }
  }

  private static ObjectName versioned(String version) throws JMException {
    return new ObjectName(name("versions") + ",version=" + ObjectName.quote(version));
  }

  @Test
  void thePageNamesThemAll() throws Exception {
    Settings settings = TestSettings.of("redis://127.0.0.1:1", "lock.paths", "/cart/*");
    ClassLoader loader = getClass().getClassLoader();
    Measurements all = new Measurements();
    try (RedisSessionStore redis =
            new RedisSessionStore(settings, SecurityEvents.logging(), loader, all);
        BackedUpStore backedUp = new BackedUpStore(redis, noBackup(), settings, all, loader);
        SessionManager manager =
            new SessionManager(
                redis,
                new AttributeCodec(new ClassAllowList(loader, null, Set.of())),
                settings,
                all,
                SessionEvents.NONE,
                SecurityEvents.logging())) {
      var unused = new SettingsAgreement(redis.nodes(), "shop", Map::of, all);
      manager.sweep(redis.expiryIndex(), loader);
      assertThat(all.gauges()).hasSize(10);
    }
    String page = Files.readString(PAGE);
    String expected =
        page.substring(0, page.indexOf(BEGIN) + BEGIN.length())
            + MetricsBean.markdown(all)
            + page.substring(page.indexOf(END));
    if (Boolean.getBoolean("holdfast.write.pages")) {
      Files.writeString(PAGE, expected);
    }

    assertThat(Files.readString(PAGE))
        .as("made by mvn test -Dtest=MetricsBeanTest -Dholdfast.write.pages=true")
        .isEqualTo(expected);
  }

  private static SessionBackup noBackup() {
    return (SessionBackup)
        Proxy.newProxyInstance(
            MetricsBeanTest.class.getClassLoader(),
            new Class<?>[] {SessionBackup.class},
            (proxy, method, arguments) -> null);
  }
}
