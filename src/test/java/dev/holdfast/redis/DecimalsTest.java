package dev.holdfast.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@link Decimals} takes and what it refuses, beside a regular expression. */
class DecimalsTest {
  private static final Pattern NUMBERS = Pattern.compile("-?\\d{1,18}( -?\\d{1,18}){0,4}");
  private static final String[] PARTS = {
    "0", "7", "42", "1700000000000", "999999999999999999", "1234567890123456789", "-", " ", " ", "x"
  };

  @Test
  void itAgreesWithARegularExpression() {
    Random random = new Random(7);
    int taken = 0;
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int parts = random.nextInt(10); parts >= 0; parts--) {
        text.append(PARTS[random.nextInt(PARTS.length)]);
      }
      long[] expected =
          NUMBERS.matcher(text).matches()
              ? Arrays.stream(text.toString().split(" ")).mapToLong(Long::parseLong).toArray()
              : new long[0];
      taken += expected.length > 0 ? 1 : 0;
      assertThat(Decimals.of(text.toString().getBytes(US_ASCII)))
          .as("%s", text)
          .isEqualTo(expected);
    }
    assertThat(taken).isGreaterThan(10_000);
  }

  @Test
  void whatFollowsOtherBytesIsReadAlone() {
    assertThat(Decimals.of("abc12 -3".getBytes(US_ASCII), 3)).containsExactly(12, -3);
    assertThat(Decimals.of("abc".getBytes(US_ASCII), 3)).isEmpty();
    assertThat(Decimals.of("abc".getBytes(US_ASCII), 32)).isEmpty();
  }
}
