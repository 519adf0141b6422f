package dev.holdfast.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.metrics.Metrics.Coding;
import dev.holdfast.metrics.Metrics.Fate;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class MeasurementsTest {
  private final Measurements measured = new Measurements();
  private final Told told = new Told();

  /** Writes down what it hears. */
  private static final class Told implements MeasurementsObserver {
    final List<String> all = new ArrayList<>();

    @Override
    public void gauge(Gauge gauge) {
      all.add(gauge.name());
    }

    @Override
    public void waits(String operation, Timing timing) {
      all.add(operation);
    }

    @Override
    public void coding(Coding coding, Timing timing) {
      all.add(coding.name());
    }

    @Override
    public void fate(Fate fate, String className, LongAdder count) {
      all.add(fate + " " + className);
    }

    @Override
    public void close() {
      all.add("closed");
    }
  }

  @Test
  void anObserverHearsOnceOfWhatIsThereAndOfWhatComesLater() {
    measured.gauge(new Gauge("Before", "", () -> 1));
    measured.waited("load", 1);
    measured.fate(Fate.LOCAL, Thread.class);
    measured.observe(told);
    assertThat(told.all)
        .containsExactly("Before", "load", "ENCODE", "DECODE", "LOCAL java.lang.Thread");
    told.all.clear();

    for (int i = 0; i < 2; i++) {
      measured.waited("load", 1);
      measured.waited("save", 1);
      measured.fate(Fate.REFUSED, Thread.class);
    }
    measured.gauge(new Gauge("Later", "", () -> 1));
    assertThat(told.all).containsExactly("save", "REFUSED java.lang.Thread", "Later");
    told.all.clear();

    measured.close();
    measured.waited("destroy", 1);
    assertThat(told.all).containsExactly("closed");
    measured.observe(told);
    assertThat(told.all).as("one that comes too late").containsExactly("closed", "closed");
  }

  /** Class names may be made while an application runs, as those of proxies are. */
  @Test
  void theNumberOfClassesIsLimited() {
    Class<?> type = String.class;
    for (int i = 0; i < Measurements.MAX_CLASSES + 50; i++) {
      measured.fate(Fate.LOCAL, type);
      // A class that the JVM makes, and another name each time.
      type = i % 50 == 49 ? new Class<?>[] {Long.class, Integer.class, Short.class}[i / 50] : type;
      type = i % 50 == 49 ? type : Array.newInstance(type, 0).getClass();
    }

    assertThat(measured.classes(Fate.LOCAL))
        .hasSize(Measurements.MAX_CLASSES + 1)
        .containsKey("java.lang.String");
    LongAdder other = measured.classes(Fate.LOCAL).get(Measurements.OTHER_CLASSES);
    assertThat(other.sum()).isEqualTo(50);
  }

  @Test
  void aHiddenClassIsNamedWithoutItsAddress() {
    Runnable lambda = () -> {};
    assertThat(lambda.getClass().getName()).contains("/");

    measured.fate(Fate.REFUSED, lambda.getClass());

    assertThat(measured.classes(Fate.REFUSED).keySet())
        .singleElement()
        .asString()
        .startsWith(MeasurementsTest.class.getName() + "$$Lambda")
        .doesNotContain("/");
  }
}
