package dev.holdfast.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 5);
  private final RateLimit rate = new RateLimit(100, Duration.ofSeconds(10), nanoTime::get);

  private int admitted(int asked) {
    int admitted = 0;
    for (int i = 0; i < asked; i++) {
      admitted += rate.admit() ? 1 : 0;
    }
    return admitted;
  }

  private void pass(Duration time) {
    nanoTime.addAndGet(time.toNanos());
  }

  @Test
  void tenSecondsWorthAtOnceThenTheRate() {
    assertThat(admitted(5_000)).isEqualTo(1_000);
    pass(Duration.ofSeconds(1));
    assertThat(admitted(5_000)).isEqualTo(100);
    pass(Duration.ofMillis(10));
    assertThat(admitted(5_000)).isEqualTo(1);
    pass(Duration.ofHours(1));
    assertThat(admitted(5_000)).as("rest is not saved up").isEqualTo(1_000);
  }

  @Test
  void whatComesEvenlyIsNeverRefused() {
    for (int i = 0; i < 10_000; i++) {
      pass(Duration.ofMillis(10));
      assertThat(rate.admit()).isTrue();
    }
  }

  @Test
  void zeroIsAnyNumber() {
    RateLimit any = new RateLimit(0, Duration.ofSeconds(10), nanoTime::get);
    for (int i = 0; i < 100_000; i++) {
      assertThat(any.admit()).isTrue();
    }
  }
}
