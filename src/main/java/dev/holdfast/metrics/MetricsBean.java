package dev.holdfast.metrics;

import dev.holdfast.metrics.Metrics.Coding;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.metrics.Metrics.Fate;
import dev.holdfast.text.Loggers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import org.jspecify.annotations.Nullable;

/**
 * The MBean of one application: {@code dev.holdfast:type=Sessions,app="..."}, with {@code
 * version="..."} behind it where versions of it run side by side. All attributes are numbers that
 * can only be read: the counts, the gauges, how often and how long Redis was waited for and values
 * were encoded and decoded, and the classes of values that were not stored. Nothing in it names a
 * session, a user or a key.
 */
public final class MetricsBean implements DynamicMBean, AutoCloseable {
  private static final Logger LOG = Loggers.of(MetricsBean.class);

  private final Measurements measured;
  private final ObjectName name;
  private boolean registered;

  /** One attribute. */
  private record Reading(String text, LongSupplier value) {}

  private MetricsBean(String app, @Nullable String version, Measurements measured) {
    this.measured = measured;
    String text =
        "dev.holdfast:type=Sessions,app="
            + ObjectName.quote(app)
            + (version == null ? "" : ",version=" + ObjectName.quote(version));
    try {
      this.name = new ObjectName(text);
    } catch (MalformedObjectNameException e) {
      throw new IllegalArgumentException(text + " cannot be an MBean's name", e);
    }
  }

  /**
   * Registers the MBean at the platform's server. If that fails, for instance because another
   * application of this JVM has the name, the log says so, and there is none.
   *
   * @param app the setting {@code app}
   * @param version which of several of the application; null for an only one
   */
  public static MetricsBean register(String app, @Nullable String version, Measurements measured) {
    MetricsBean bean = new MetricsBean(app, version, measured);
    bean.register();
    return bean;
  }

  private void register() {
    try {
      server().registerMBean(this, name);
      registered = true;
    } catch (JMException e) {
      LOG.log(
          Level.WARNING,
          "There is no MBean {0}: {1}. Give each application of this JVM an app of its own.",
          name,
          e);
    }
  }

  /** Takes the MBean away. */
  @Override
  public void close() {
    if (registered) {
      registered = false;
      try {
        server().unregisterMBean(name);
      } catch (JMException e) {
        LOG.log(Level.DEBUG, "The MBean {0} was gone already: {1}", name, e);
      }
    }
  }

  private static MBeanServer server() {
    return ManagementFactory.getPlatformMBeanServer();
  }

  /** As a table for the pages: a row for each attribute that is always there. */
  static String markdown(Measurements measured) {
    Stream<String> counters =
        Stream.of(Counter.values()).map(counter -> row(camel(counter.name()), counter.text()));
    return Stream.concat(
            measured.gauges().stream().map(gauge -> row(gauge.name(), gauge.text())), counters)
        .collect(Collectors.joining("", "| attribute | tells |\n|---|---|\n", ""));
  }

  private static String row(String name, String text) {
    return "| `" + name + "` | " + text + " |\n";
  }

  /**
   * {@code SAVE_GONE} or {@code listing sessions} becomes {@code SaveGone}, {@code
   * ListingSessions}.
   */
  private static String camel(String words) {
    return Stream.of(words.toLowerCase(Locale.ROOT).split("[^a-z0-9]+", -1))
        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
        .collect(Collectors.joining());
  }

  private Map<String, Reading> readings() {
    Map<String, Reading> readings = new LinkedHashMap<>();
    for (Gauge gauge : measured.gauges()) {
      readings.put(gauge.name(), new Reading(gauge.text(), gauge.value()));
    }
    for (Counter counter : Counter.values()) {
      readings.put(
          camel(counter.name()), new Reading(counter.text(), () -> measured.value(counter)));
    }
    for (Map.Entry<String, Timing> wait : measured.waits().entrySet()) {
      String operation = wait.getKey();
      String prefix = "Waits." + camel(operation);
      String of = "for Redis: " + operation;
      readings.put(prefix + ".Count", new Reading("Waits " + of, wait.getValue()::count));
      put(readings, prefix, "Microseconds waited " + of, "The longest wait " + of, wait.getValue());
    }
    for (Map.Entry<Coding, Timing> coding : measured.codings().entrySet()) {
      String prefix = "Codec." + camel(coding.getKey().name());
      String of = coding.getKey().name().toLowerCase(Locale.ROOT) + " a value";
      readings.put(prefix + ".Count", new Reading("Calls to " + of, coding.getValue()::count));
      put(readings, prefix, "Microseconds to " + of, "The longest to " + of, coding.getValue());
    }
    for (Fate fate : Fate.values()) {
      for (Map.Entry<String, LongAdder> met : measured.classes(fate).entrySet()) {
        readings.put(
            camel(fate.name()) + "." + met.getKey(), new Reading(fate.text(), met.getValue()::sum));
      }
    }
    return readings;
  }

  private static void put(
      Map<String, Reading> readings, String prefix, String all, String longest, Timing timing) {
    readings.put(prefix + ".Micros", new Reading(all, micros(timing::nanos)));
    readings.put(prefix + ".MaxMicros", new Reading(longest, micros(timing::longestNanos)));
  }

  private static LongSupplier micros(LongSupplier nanos) {
    return () -> TimeUnit.NANOSECONDS.toMicros(nanos.getAsLong());
  }

  @Override
  public Object getAttribute(String attribute) throws AttributeNotFoundException {
    Reading reading = readings().get(attribute);
    if (reading == null) {
      throw new AttributeNotFoundException(name + " has no attribute " + attribute);
    }
    return reading.value().getAsLong();
  }

  /** The attributes of these names; those that there are not are left out. */
  @Override
  public AttributeList getAttributes(String[] attributes) {
    Map<String, Reading> readings = readings();
    AttributeList found = new AttributeList();
    for (String attribute : attributes) {
      Reading reading = readings.get(attribute);
      if (reading != null) {
        found.add(new Attribute(attribute, reading.value().getAsLong()));
      }
    }
    return found;
  }

  @Override
  public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
    throw new AttributeNotFoundException(attribute.getName() + " of " + name + " can only be read");
  }

  /** Sets nothing: all attributes can only be read. */
  @Override
  public AttributeList setAttributes(AttributeList attributes) {
    return new AttributeList();
  }

  @Override
  public @Nullable Object invoke(
      String operation, @Nullable Object @Nullable [] arguments, String @Nullable [] signature)
      throws ReflectionException {
    throw new ReflectionException(
        new NoSuchMethodException(operation), name + " has no operations");
  }

  @Override
  public MBeanInfo getMBeanInfo() {
    MBeanAttributeInfo[] attributes =
        readings().entrySet().stream()
            .map(
                entry ->
                    new MBeanAttributeInfo(
                        entry.getKey(), "long", entry.getValue().text(), true, false, false))
            .toArray(MBeanAttributeInfo[]::new);
    return new MBeanInfo(
        MetricsBean.class.getName(), "Sessions in Redis", attributes, null, null, null);
  }
}
