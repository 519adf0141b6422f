package dev.holdfast.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which versions of servers have which faults. */
class KnownFaultsTest {
  private static ServerVersion redis(String numbers) {
    return ServerVersion.parse(ServerVersion.REDIS, numbers);
  }

  private static ServerVersion valkey(String numbers) {
    return ServerVersion.parse(ServerVersion.VALKEY, numbers);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"6.2.23", "7.2.15", "7.4.10", "8.2.8", "8.4.5", "8.6.5", "8.8.1", "8.10.0"})
  void theNewestOfEachLineHasNone(String numbers) {
    assertThat(KnownFaults.of(redis(numbers))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"7.2.14", "8.0.10", "8.1.9", "9.0.5", "9.1.1", "9.2.0"})
  void theNewestOfEachLineOfValkeyHasNone(String numbers) {
    assertThat(KnownFaults.of(valkey(numbers))).isEmpty();
  }

  @Test
  void aFaultEndsWithTheVersionOfItsLineThatMendsIt() {
    assertThat(KnownFaults.of(redis("7.2.10"))).contains("CVE-2025-49844", "CVE-2026-23479");
    assertThat(KnownFaults.of(redis("7.2.11")))
        .doesNotContain("CVE-2025-49844")
        .contains("CVE-2026-23479");
    assertThat(KnownFaults.of(valkey("8.1.3"))).contains("CVE-2025-49844");
    assertThat(KnownFaults.of(valkey("8.1.4"))).doesNotContain("CVE-2025-49844");
    assertThat(KnownFaults.of(valkey("9.0.0"))).doesNotContain("CVE-2025-49844");
  }

  @Test
  void aLineThatWasNeverMendedHasIt() {
    assertThat(KnownFaults.of(redis("7.0.15"))).contains("CVE-2025-49844", "CVE-2024-51741");
    assertThat(KnownFaults.of(redis("8.0.9"))).contains("CVE-2026-25243");
  }

  @Test
  void aFaultBeginsWithTheVersionThatBroughtIt() {
    assertThat(KnownFaults.of(redis("6.2.16"))).doesNotContain("CVE-2024-51741");
    assertThat(KnownFaults.of(redis("7.0.15"))).doesNotContain("CVE-2026-23479");
  }

  @ParameterizedTest
  @CsvSource({"6.2.7, 6.2.23", "7.0.15, 7.2.15", "7.2.4, 7.2.15", "8.0.9, 8.2.8", "8.8.0, 8.8.1"})
  void theUpdateIsOfTheSameLineIfThereIsOne(String has, String needs) {
    assertThat(KnownFaults.leastGood(redis(has))).isEqualTo(needs);
  }

  @Test
  void whatIsNoVersionIsNone() {
    assertThat(ServerVersion.of(ServerVersion.REDIS, null)).isNull();
    assertThat(ServerVersion.of(ServerVersion.REDIS, "unstable")).isNull();
    assertThat(List.of(redis("7.4"), redis("7.4.0-rc1"))).allMatch(redis("7.4.0")::equals);
  }
}
