package dev.holdfast.codec.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The measure of the differential test: it sees what it should, and takes copies for equal. */
class ComparisonTest {

  private static class Base {
    private Object name = "base";
  }

  private static final class Bean extends Base implements Serializable {
    private static final long serialVersionUID = 1L;
    private transient Object cache;
    private Object name;

    private Bean(Object cache, Object name) {
      this.cache = cache;
      this.name = name;
    }
  }

  private static List<Object> list(Object... elements) {
    return new ArrayList<>(Arrays.asList(elements));
  }

  private static Object twice(boolean shared) {
    List<Object> inner = list("inner");
    return list(inner, shared ? inner : list("inner"));
  }

  private static Object byAccess(boolean order) {
    Map<Object, Object> map = new LinkedHashMap<>(16, 0.75f, order);
    map.put("a", 1);
    return map;
  }

  private static Object sortedAfterwards(boolean broken) {
    List<Object> element = list("a");
    Set<List<Object>> set = new TreeSet<>(Comparator.comparing(Object::toString));
    set.add(element);
    set.add(list("b"));
    if (broken) {
      element.set(0, "c");
    }
    return new ArrayList<>(set);
  }

  private static Object base(String name) {
    Bean bean = new Bean(null, "name");
    ((Base) bean).name = name;
    return bean;
  }

  private static Object changedKey(boolean found) {
    List<Object> key = list("a");
    Set<Object> set = new HashSet<>(Set.of(key));
    key.set(0, "b");
    return found ? new HashSet<>(Set.of(key)) : set;
  }

  private static Object byIdentity(String... keys) {
    Map<Object, Object> map = new IdentityHashMap<>();
    for (String key : keys) {
      map.put(list(key), key);
    }
    return map;
  }

  private static Object cycle(int length) {
    List<Object> first = list("x");
    List<Object> last = first;
    for (int i = 1; i < length; i++) {
      List<Object> next = list("x");
      last.add(next);
      last = next;
    }
    last.add(first);
    return first;
  }

  private static Object trace(int line) {
    Exception exception = new Exception("x");
    exception.setStackTrace(
        new StackTraceElement[] {new StackTraceElement("A", "b", "A.java", line)});
    return exception;
  }

  static Stream<Arguments> different() {
    return Stream.of(
        Arguments.of("number", 1, 2),
        Arguments.of("class of a number", 1, 1L),
        Arguments.of("shared or not", twice(true), twice(false)),
        Arguments.of("order", list(1, 2), list(2, 1)),
        Arguments.of("null", list((Object) null), list("null")),
        Arguments.of("size", list(1), list(1, 1)),
        Arguments.of("transient field", new Bean("warm", 1), new Bean(null, 1)),
        Arguments.of("field that hides another", base("a"), base("b")),
        Arguments.of("class of an array", new Object[] {"a"}, new String[] {"a"}),
        Arguments.of("primitive array", new int[] {1}, new int[] {2}),
        Arguments.of("negative zero", list(0.0), list(-0.0)),
        Arguments.of("access order", byAccess(true), byAccess(false)),
        Arguments.of(
            "comparator", new TreeSet<>(), new TreeSet<Object>(Collections.reverseOrder())),
        Arguments.of("sorted again", sortedAfterwards(true), sortedAfterwards(false)),
        Arguments.of("lookup of its own key", changedKey(true), changedKey(false)),
        Arguments.of("identities", byIdentity("a", "b"), byIdentity("a", "c")),
        Arguments.of("length of a cycle", cycle(2), cycle(3)),
        Arguments.of("capacity", new LinkedBlockingQueue<>(3), new LinkedBlockingQueue<>(4)),
        Arguments.of("flags", Pattern.compile("a"), Pattern.compile("a", Pattern.DOTALL)),
        Arguments.of("stack trace", trace(1), trace(2)),
        Arguments.of(
            "wrapped",
            Collections.unmodifiableList(list(1)),
            Collections.unmodifiableList(list(2))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("different")
  void seesADifference(String what, Object expected, Object actual) {
    assertThat(Comparison.difference(expected, actual)).isNotNull();
  }

  static Stream<Arguments> equal() {
    return Stream.of(
        Arguments.of("strings", list("a"), list(new String("a"))),
        Arguments.of("room", new ArrayList<>(1000), new ArrayList<>()),
        Arguments.of(
            "identities in any order", byIdentity("a", "b", "c"), byIdentity("c", "a", "b")),
        Arguments.of("cycle", cycle(3), cycle(3)),
        Arguments.of("shared", twice(true), twice(true)),
        Arguments.of(
            "hash table", new HashMap<>(Map.of(1, 2, 3, 4)), new HashMap<>(Map.of(3, 4, 1, 2))),
        Arguments.of(
            "set of objects",
            new HashSet<>(List.of(new Bean(1, 2), new Bean(3, 4))),
            new HashSet<>(List.of(new Bean(3, 4), new Bean(1, 2)))),
        Arguments.of("exception", trace(1), trace(1)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("equal")
  void takesACopyForEqual(String what, Object expected, Object actual) {
    assertThat(Comparison.difference(expected, actual)).isNull();
  }

  @Test
  void namesThePath() {
    assertThat(Comparison.difference(list(new Bean(1, list(5))), list(new Bean(1, list(6)))))
        .isEqualTo("ArrayList<0>.name<0>: Java brings Integer 5, we Integer 6");
  }
}
