package dev.holdfast.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HtmlTest {
  private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");

  private static Html html() {
    return new Html(NOW);
  }

  @Test
  void noTextBecomesAnElementOrLeavesItsAttribute() {
    Random random = new Random(3);
    String odd = "<>\"'&\n\u0000\u202e\ud800 a=/";
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(10); i > 0; i--) {
        text.append(odd.charAt(random.nextInt(odd.length())));
      }
      String chosen = text.toString();

      String shown = html().text(chosen).sentence(chosen).lines(chosen).toString();
      assertThat(shown).doesNotContain("<", ">", "\"", "'", "\u202e", "\u0000");
      assertThat(shown.replaceAll("&(amp|lt|gt|quot|#39);", "")).doesNotContain("&");
      assertThat(html().value("href", chosen).toString()).matches("(?s) href=\"[^\"<>']*\"");
    }
  }

  @Test
  void timesAreToldByTheirDistance() {
    assertThat(html().ago(NOW.minusSeconds(119)).toString()).contains(">119 s ago<");
    assertThat(html().ago(NOW.minusSeconds(120)).toString())
        .contains("datetime=\"2026-11-30T23:58:00Z\"", "title=\"2026-11-30 23:58:00 UTC\"")
        .contains(">2 min ago<");
    assertThat(html().ago(NOW.plusSeconds(5)).toString()).contains(">now<");
    assertThat(html().in(NOW.plus(Duration.ofHours(5))).toString()).contains(">in 5 h<");
    assertThat(html().in(NOW.minusSeconds(1)).toString()).contains(">over<");
    assertThat(html().ago(NOW.minus(Duration.ofDays(9))).toString()).contains(">9 days ago<");
  }

  @Test
  void sizesHaveAUnit() {
    assertThat(html().bytes(999).raw(" ").bytes(1_000).raw(" ").bytes(2_500_000).toString())
        .isEqualTo("999 B 1.0 kB 2.5 MB");
  }
}
