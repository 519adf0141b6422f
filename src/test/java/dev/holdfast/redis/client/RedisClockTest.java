package dev.holdfast.redis.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RedisClockTest {
  private static final long START = 1_700_000_000_000L;

  private final RedisClock clock = new RedisClock(START, System.nanoTime());

  @Test
  void aReplyThatWasLongUnderWayDoesNotSetTheClockBack() {
    clock.observe(START - 4_000, System.nanoTime() - Duration.ofSeconds(5).toNanos());
    assertThat(clock.now()).isBetween(START, START + 1_000);
  }

  @Test
  void aClockThatWasSetBackIsFollowed() {
    clock.observe(START - 60_000, System.nanoTime());
    assertThat(clock.now()).isBetween(START - 60_000, START - 59_000);
  }

  @Test
  void aClockThatWasSetForwardIsFollowed() {
    clock.observe(START + 60_000, System.nanoTime());
    assertThat(clock.now()).isBetween(START + 60_000, START + 61_000);
  }

  @Test
  void aReadingFromATimeToLiveThatIsFarOffIsIgnored() {
    clock.observeDerived(START + 60_000, System.nanoTime());
    assertThat(clock.now()).isBetween(START, START + 1_000);
    clock.observeDerived(START + 3_000, System.nanoTime());
    assertThat(clock.now()).isBetween(START + 3_000, START + 4_000);
  }
}
