package dev.holdfast.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
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

  private enum Field {
    NAME,
    PASSWORD {
      @Override
      public String toString() {
        return "second field";
      }
    }
  }

  /** As of a framework: a map that says nothing of itself. */
  private static final class FlashMap extends HashMap<String, Object> {
    private static final long serialVersionUID = 1L;
  }

  private static final class Goods extends ArrayList<Object> {
    private static final long serialVersionUID = 1L;
  }

  private static List<Object> holdersOf(Map<String, ?> secret) {
    FlashMap flash = new FlashMap();
    flash.putAll(secret);
    Goods goods = new Goods();
    goods.add(secret);
    Map.Entry<String, ?> entry = secret.entrySet().iterator().next();
    return List.of(
        new AtomicReference<>(secret),
        new AtomicReferenceArray<>(new Object[] {secret}),
        Optional.of(secret),
        entry,
        Map.entry(entry.getKey(), entry.getValue()),
        new AbstractMap.SimpleEntry<>(entry),
        new AtomicReference<>(new AbstractMap.SimpleImmutableEntry<>(entry)),
        new EnumMap<>(Map.of(Field.PASSWORD, entry.getValue())),
        Map.of(new AtomicReference<>(secret), 1),
        flash,
        goods);
  }

  @Test
  void keysAreMaskedWhateverOfTheJdkHoldsThem() {
    for (Object holder : holdersOf(new HashMap<>(Map.of("password", "hunter2")))) {
      assertThat(text(holder)).as(holder.getClass().getName()).doesNotContain("hunter2");
      assertThat(text(List.of(holder))).as(holder.getClass().getName()).doesNotContain("hunter2");
    }
    assertThat(text(Map.entry("color", "red")))
        .isEqualTo("java.util.KeyValueHolder of 1\n  \"color\": \"red\"");
    assertThat(text(new AtomicReference<>("x")))
        .isEqualTo("java.util.concurrent.atomic.AtomicReference of 1\n  \"x\"");
    assertThat(text(new AbstractMap.SimpleEntry<>("password", "hunter2")))
        .endsWith(ValueText.MASKED);
    assertThat(text(new EnumMap<>(Map.of(Field.NAME, "ada")))).endsWith("NAME: \"ada\"");
  }

  @Test
  void aReferenceToItselfHasAnEnd() {
    AtomicReference<Object> cycle = new AtomicReference<>();
    cycle.set(Map.entry("key", cycle));

    assertThat(text(cycle).lines().count()).isLessThan(10);
  }

  private static List<String> failing(Runnable trouble) {
    return new AbstractList<>() {
      @Override
      public String get(int index) {
        trouble.run();
        return "";
      }

      @Override
      public int size() {
        return 1;
      }
    };
  }

  @Test
  void whatAContainerThrowsIsShownInItsPlace() {
    Runnable missing =
        () -> {
          throw new NoClassDefFoundError("gone");
        };
    Runnable asserting =
        () -> {
          throw new AssertionError();
        };
    for (Runnable trouble : List.of(missing, asserting, ValueTextTest::overflow)) {
      assertThat(text(Arrays.asList(Collections.unmodifiableList(failing(trouble)), "after")))
          .contains("    (cannot be read on: java.lang.")
          .endsWith("\n  \"after\"");
      assertThat(text(failing(trouble))).contains("(cannot be read on: java.lang.");
    }
  }

  @Test
  void charactersAreCountedAndNotShown() {
    assertThat(text("secret".toCharArray())).isEqualTo("char[6]");
  }
}
