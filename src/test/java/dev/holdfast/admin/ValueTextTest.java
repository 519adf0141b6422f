package dev.holdfast.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ValueTextTest {
  private static final Mask MASK = new Mask(Set.of("*pass*", "*card*", "exact"));

  private static String text(Object value) {
    return ValueText.of(value, MASK);
  }

  @Test
  void whatTheJdkDefinesIsShownAsItIsBuilt() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("since", Instant.ofEpochSecond(1));
    map.put("Password", "hunter2");
    map.put("goods", new ArrayList<>(Arrays.asList("rope", 2, null, new int[] {3})));

    assertThat(text(map))
        .isEqualTo(
            """
            java.util.LinkedHashMap of 3
              "since": 1970-01-01T00:00:01Z
              "Password": (masked by admin.mask)
              "goods": java.util.ArrayList of 4
                "rope"
                2
                null
                int[1]
                  3""");
  }

  @Test
  void namesAreMaskedWhateverTheirCase() {
    assertThat(MASK.hides("userPASSword")).isTrue();
    assertThat(MASK.hides("card")).isTrue();
    assertThat(MASK.hides("Exact")).isTrue();
    assertThat(MASK.hides("exactly")).isFalse();
    assertThat(MASK.hides("a\npass\nb")).isTrue();
  }

  private static final class Odd {
    private final Runnable trouble;

    Odd(Runnable trouble) {
      this.trouble = trouble;
    }

    @Override
    public String toString() {
      trouble.run();
      return "odd".repeat(2_000);
    }
  }

  private static void overflow() {
    throw new StackOverflowError();
  }

  @Test
  void anObjectOfTheApplicationIsAskedForItsTextWhichIsCut() {
    assertThat(text(new Odd(() -> {})))
        .startsWith(Odd.class.getName() + ": oddodd")
        .endsWith("(cut)")
        .hasSizeLessThan(ValueText.MAX_TEXT + 200);
  }

  @Test
  void whateverItThrowsIsShownInItsPlace() {
    Runnable throwing =
        () -> {
          throw new IllegalStateException("no <b>");
        };
    assertThat(text(List.of(new Odd(throwing), "after")))
        .contains("(its toString() threw java.lang.IllegalStateException: no <b>)")
        .endsWith("\"after\"");
    assertThat(text(new Odd(ValueTextTest::overflow)))
        .contains("threw java.lang.StackOverflowError");
  }

  @Test
  void aLargeOrDeepOrCyclicValueHasAnEnd() {
    List<Object> cycle = new ArrayList<>();
    cycle.add(cycle);
    assertThat(text(cycle).lines().count()).isLessThan(10);
    assertThat(text(new int[1_000_000])).endsWith("(and 999900 more)");
    assertThat(text("x".repeat(1_000_000))).hasSizeLessThan(3_000);
    List<Object> wide = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      wide.add(new ArrayList<>(List.of("y".repeat(1_900))));
    }
    assertThat(text(wide)).hasSizeLessThan(25_000);
  }

  @Test
  void aCollectionOfTheApplicationTellsForItself() {
    List<String> own =
        new AbstractList<>() {
          @Override
          public String get(int index) {
            throw new IllegalStateException();
          }

          @Override
          public int size() {
            return 1;
          }

          @Override
          public String toString() {
            return "mine";
          }
        };
    assertThat(text(own)).endsWith(": mine");
  }

  @Test
  void charactersAreCountedAndNotShown() {
    assertThat(text("secret".toCharArray())).isEqualTo("char[6]");
  }
}
