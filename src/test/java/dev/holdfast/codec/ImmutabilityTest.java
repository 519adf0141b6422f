package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ImmutabilityTest {
  private final AttributeCodec codec = Codecs.ofTests();

  static Stream<Object> neverChanging() {
    return Stream.of(
        "a",
        1,
        1L,
        true,
        'c',
        1.5,
        BigDecimal.ONE,
        Instant.EPOCH,
        new UUID(1, 2),
        URI.create("a:b"),
        Locale.ROOT,
        Pattern.compile("a"),
        String.class,
        TimeUnit.DAYS,
        List.of(),
        List.of("a", List.of(1)),
        Set.of(1, 2),
        Map.of("k", Set.of(1)),
        Stream.of("a", null).toList(),
        Collections.emptyList(),
        Collections.singletonList("a"),
        Optional.of(1),
        Optional.empty(),
        new Pair("a", List.of(1)),
        new Primitive(1, 2),
        new AsSequence("a"),
        new Promised());
  }

  static Stream<Arguments> changing() {
    return Stream.<Object>of(
            new Date(),
            new int[0],
            new String[0],
            new ArrayList<>(),
            Collections.unmodifiableList(new ArrayList<>()),
            Collections.unmodifiableMap(Map.of()),
            Arrays.asList("a"),
            List.of(new Date()),
            Map.of("k", new Date()),
            Map.of(List.of(new Date()), 1),
            Set.of(new ArrayList<>()),
            new Pair("a", new ArrayList<>()),
            new Pair(new int[0], 1),
            new AtomicInteger(),
            new StringBuilder(),
            new Object(),
            new Decimal("1"),
            Optional.of(new Date()),
            Collections.singletonList(new Date()),
            new Holder(),
            new Marked(new ArrayList<>()),
            new OfHibernate(),
            new NotFinal(),
            new AddsState(),
            new Container<>(new ArrayList<>()),
            new Guarded(new ArrayList<>()),
            new Hiding(new Date()),
            new AsSequence(new StringBuilder("a")),
            new NotFinal[0])
        .map(value -> Arguments.of(new Object[] {value}));
  }

  @ParameterizedTest
  @MethodSource("neverChanging")
  void isImmutable(Object value) {
    assertThat(codec.isImmutable(value)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("changing")
  void isNotImmutable(Object value) {
    assertThat(codec.isImmutable(value)).isFalse();
  }

  record Pair(Object left, Object right) {}

  record Primitive(int x, double y) {}

  /** Any annotation of that name, Hibernate's for one. */
  @Retention(RetentionPolicy.RUNTIME)
  @interface Immutable {}

  @com.google.errorprone.annotations.Immutable
  static final class Promised {
    final String name = "a";
  }

  @com.google.errorprone.annotations.Immutable
  static class NotFinal {
    final String name = "a";
  }

  /** The promise is inherited, and is none about this class. */
  static final class AddsState extends NotFinal {
    int count;
  }

  @com.google.errorprone.annotations.Immutable(containerOf = "T")
  static final class Container<T> {
    final T content;

    Container(T content) {
      this.content = content;
    }
  }

  @org.hibernate.annotations.Immutable
  static final class OfHibernate {
    String name;
  }

  /** Its accessor hands out a copy. */
  record Guarded(List<Object> items) {
    @Override
    public List<Object> items() {
      return List.copyOf(items);
    }
  }

  /** Its accessor hides what it has. */
  record Hiding(Object content) {
    @Override
    public Object content() {
      return "";
    }
  }

  record AsSequence(CharSequence text) {}

  @Immutable
  static final class Marked {
    final List<Object> list;

    Marked(List<Object> list) {
      this.list = list;
    }
  }

  static final class Decimal extends BigDecimal {
    Decimal(String text) {
      super(text);
    }
  }

  static final class Holder {
    final String text = "a";
  }
}
