package dev.holdfast.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Security checklist 1.1, "Entropy, format": a hundred thousand tokens. */
class TokenRandomnessTest {
  private static final int TOKENS = 100_000;
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  /** Index of the character in which the locator ends and the secret begins. */
  private static final int LOCATOR_END = 21;

  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{64}");
  private static final String[] values = new String[TOKENS];

  @BeforeAll
  static void make() {
    SecureRandom random = new SecureRandom();
    SessionToken last = SessionToken.create(random);
    for (int i = 0; i < TOKENS; i++) {
      // Every fourth is a rotation, which leaves the locator: its secret has to be as good.
      last = isRotation(i) ? last.rotated(random) : SessionToken.create(random);
      values[i] = last.value();
    }
  }

  private static boolean isRotation(int i) {
    return i % 4 == 3;
  }

  @Test
  void allHaveOneFormAndNoTwoAreTheSame() {
    Set<String> locators = new HashSet<>();
    boolean wellFormed = true;
    Set<String> secrets = new HashSet<>();
    for (String value : values) {
      wellFormed &= FORM.matcher(value).matches();
      locators.add(value.substring(0, 21));
      secrets.add(value.substring(22));
    }
    assertThat(wellFormed).isTrue();
    assertThat(locators.size()).isEqualTo(TOKENS - TOKENS / 4);
    assertThat(secrets.size()).isEqualTo(TOKENS);
  }

  @Test
  void onesAndZeroesAreInBalance() {
    long ones = 0;
    for (String value : values) {
      for (byte b : Base64.getUrlDecoder().decode(value)) {
        ones += Integer.bitCount(b & 0xff);
      }
    }
    double bits = 384.0 * TOKENS;
    // Monobit test (NIST SP 800-22, 2.1): normal with this deviation; six of them.
    assertThat(Math.abs(ones - bits / 2)).isLessThan(6 * Math.sqrt(bits) / 2);
  }

  @Test
  void everyCharacterIsAsLikelyAsAnyOtherAtEveryPosition() {
    for (int position = 0; position < SessionToken.LENGTH; position++) {
      int[] counts = new int[ALPHABET.length()];
      int drawn = 0;
      for (int i = 0; i < TOKENS; i++) {
        // A locator that a rotation left was drawn once, and the test is for independent draws.
        if (position > LOCATOR_END || !isRotation(i)) {
          counts[ALPHABET.indexOf(values[i].charAt(position))]++;
          drawn++;
        }
      }
      double expected = (double) drawn / ALPHABET.length();
      double chiSquare = 0;
      for (int count : counts) {
        chiSquare += (count - expected) * (count - expected) / expected;
      }
      // 63 degrees of freedom: mean 63, deviation 11.2. Beyond 150 at one of 64 positions less than
      // once in 10^6 runs.
      assertThat(chiSquare).as("position " + position).isLessThan(150);
    }
  }

  @Test
  void aTokenOfAnotherLengthOrAlphabetIsNone() {
    String good = values[0];
    for (String bad :
        new String[] {
          "",
          good.substring(1),
          good + "A",
          good.substring(1) + "=",
          good.substring(1) + "+",
          good.substring(1) + "\u0000",
          good.substring(1) + "\u00e4",
          good.replace(good.charAt(3), '.'),
          "A".repeat(8192)
        }) {
      assertThat(SessionToken.parse(bad)).as(bad).isNull();
    }
    assertThat(SessionToken.parse(good)).isNotNull();
  }
}
