package dev.holdfast.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n",
        "\r",
        "\u0085",
        "\u2028",
        "\u2029",
        "\u000b",
        "\f",
        "\0",
        "\t",
        "\u007f",
        "\u009b",
        "\u001b",
        "\u202e",
        "\u2066",
        "\u200f",
        "\u200b",
        "\ufeff",
        "\u00a0",
        "\u3000",
        "\ud800",
        "\udc00",
        "\ue000",
        "\uffff",
        "\ud83f\udfff",
        "\udb40\udc41",
        "\u00ad"
      })
  void whatCannotBeSeenStandsAsItsEscape(String bad) {
    for (String safe : new String[] {Printable.of("a" + bad + "b"), Printable.message(bad)}) {
      assertThat(safe).matches("a?(\\\\u[0-9a-f]{4})+b?");
    }
    assertThat(Printable.ascii("a" + bad + "b", 200)).matches("[ -~]+").doesNotContain(bad);
  }

  @Test
  void anAnsiSequenceIsNone() {
    assertThat(Printable.of("\u001b[2Jx\u001b]0;t\u0007"))
        .isEqualTo("\\u001b[2Jx\\u001b]0;t\\u0007");
  }

  @Test
  void whatCanBeReadStaysAsItIs() {
    String text = "Zo\u00eb \u4e2d\u6587 \u0645\u0631\u062d\u0628\u0627 \ud83d\ude00 a'b\"<c>\\";
    assertThat(Printable.of(text)).isEqualTo(text);
    assertThat(Printable.message(null)).isEqualTo("null");
  }

  @Test
  void longTextIsCutBetweenCodePoints() {
    String face = "\ud83d\ude00";
    assertThat(Printable.of(face.repeat(200))).isEqualTo(face.repeat(200));
    assertThat(Printable.of(face.repeat(201))).isEqualTo(face.repeat(200) + "...");
    assertThat(Printable.of("\n".repeat(1_000_000))).hasSizeLessThan(1_300);
    assertThat(Printable.message("x".repeat(1_000_000))).hasSizeLessThan(4_100);
  }

  @Test
  void noTextMakesALineOrTurnsOne() {
    Random random = new Random(6);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int c = random.nextInt(12); c >= 0; c--) {
        text.append((char) random.nextInt(0x10000));
      }
      String safe = Printable.of(text.toString());
      assertThat(safe.codePoints())
          .noneMatch(
              point ->
                  Character.isISOControl(point)
                      || Character.getType(point) == Character.FORMAT
                      || Character.getType(point) == Character.SURROGATE
                      || Character.getType(point) == Character.LINE_SEPARATOR
                      || Character.getType(point) == Character.PARAGRAPH_SEPARATOR);
    }
  }
}
