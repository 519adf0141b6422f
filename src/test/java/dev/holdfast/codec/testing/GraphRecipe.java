package dev.holdfast.codec.testing;

import java.io.Serializable;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.jspecify.annotations.Nullable;

/**
 * A graph as a list of nodes and a list of references between them, so that shared objects and
 * cycles come by themselves and a failing graph shrinks to a small one.
 *
 * @param kinds of the nodes, the first is the root
 * @param references pairs of positions in {@code kinds}, taken modulo its size
 * @param seed varies the content of leaves
 */
public record GraphRecipe(List<Kind> kinds, List<int[]> references, int seed) {

  /** What a node can be. */
  public enum Kind {
    PLAIN_BEAN,
    BEAN,
    ARRAY_LIST,
    LINKED_LIST,
    DEQUE,
    HASH_MAP,
    LINKED_MAP,
    ACCESS_ORDERED_MAP,
    TREE_MAP,
    ARRAY,
    UNMODIFIABLE,
    SYNCHRONIZED,
    PAGE,
    HASH_SET,
    TEXT,
    NUMBER,
    TIMESTAMP,
    VALUES,
    RECORD,
    CONSTANT
  }

  /** Graphs of up to 25 nodes and 40 references. */
  public static Arbitrary<GraphRecipe> all() {
    Arbitrary<int[]> reference = Arbitraries.integers().between(0, 24).array(int[].class).ofSize(2);
    return Combinators.combine(
            Arbitraries.of(Kind.class).list().ofMinSize(1).ofMaxSize(25),
            reference.list().ofMaxSize(40),
            Arbitraries.integers())
        .as(GraphRecipe::new);
  }

  /** Graphs of which every part is Serializable: none may be refused. */
  public static Arbitrary<GraphRecipe> serializable() {
    return all()
        .map(
            recipe ->
                new GraphRecipe(
                    recipe.kinds.stream()
                        .map(kind -> kind == Kind.PLAIN_BEAN ? Kind.BEAN : kind)
                        .toList(),
                    recipe.references,
                    recipe.seed));
  }

  /** The root of a new graph. */
  public Object build() {
    List<Object> nodes = new ArrayList<>();
    List<Object> backing = new ArrayList<>();
    for (int i = 0; i < kinds.size(); i++) {
      Object inner = make(kinds.get(i), seed + i);
      backing.add(inner);
      nodes.add(wrap(kinds.get(i), inner));
    }
    for (int[] reference : references) {
      refer(backing.get(reference[0] % nodes.size()), nodes.get(reference[1] % nodes.size()));
    }
    return nodes.get(0);
  }

  private static Object wrap(Kind kind, Object inner) {
    return switch (kind) {
      case UNMODIFIABLE -> Collections.unmodifiableMap((Map<?, ?>) inner);
      case SYNCHRONIZED -> Collections.synchronizedMap((Map<?, ?>) inner);
      default -> inner;
    };
  }

  private static Object make(Kind kind, int seed) {
    return switch (kind) {
      case PLAIN_BEAN -> new PlainBean();
      case BEAN -> new Bean(seed);
      case ARRAY_LIST -> new ArrayList<>();
      case LINKED_LIST -> new LinkedList<>();
      case DEQUE -> new ArrayDeque<>();
      case HASH_MAP, SYNCHRONIZED -> new HashMap<>();
      case LINKED_MAP, UNMODIFIABLE -> new LinkedHashMap<>();
      case ACCESS_ORDERED_MAP -> new LinkedHashMap<>(16, 0.75f, true);
      case TREE_MAP -> new TreeMap<>();
      case ARRAY -> new Object[3];
      case PAGE -> new Page(seed);
      case HASH_SET -> new HashSet<>(Arrays.asList(seed, "s" + seed, null));
      case TEXT -> "text \u00e4\ud83d\ude80 " + seed;
      case NUMBER -> seed % 2 == 0 ? (Object) seed : new BigDecimal(seed).movePointLeft(3);
      case TIMESTAMP -> timestamp(seed);
      case VALUES -> List.of(Instant.ofEpochSecond(seed, 7), new UUID(seed, 1), true, 'c');
      case RECORD -> new Line("article", seed);
      case CONSTANT -> seed % 2 == 0 ? java.time.DayOfWeek.FRIDAY : Size.LARGE;
    };
  }

  private static Timestamp timestamp(int seed) {
    Timestamp timestamp = new Timestamp(seed * 1000L);
    timestamp.setNanos(123_456_789);
    return timestamp;
  }

  @SuppressWarnings("unchecked")
  private static void refer(Object from, Object to) {
    if (from instanceof PlainBean bean) {
      bean.second = bean.first;
      bean.first = to;
    } else if (from instanceof Bean bean) {
      bean.second = bean.first;
      bean.first = to;
    } else if (from instanceof Object[] array) {
      array[2] = array[1];
      array[1] = array[0];
      array[0] = to;
    } else if (from instanceof Map<?, ?> map) {
      ((Map<Object, Object>) map).put("key" + map.size() % 5, to);
    } else if (from instanceof ArrayDeque<?> deque) {
      ((ArrayDeque<Object>) deque).add(to);
    } else if (from instanceof ArrayList<?> || from instanceof LinkedList<?>) {
      ((List<Object>) from).add(to);
    }
  }

  @Override
  public String toString() {
    return kinds + " " + references.stream().map(Arrays::toString).toList() + " " + seed;
  }

  static final class PlainBean {
    @Nullable Object first;
    @Nullable Object second;
  }

  static final class Bean implements Serializable {
    private static final long serialVersionUID = 1L;
    @Nullable Object first;
    final int number;
    final double fraction;
    @Nullable Object second;

    Bean(int number) {
      this.number = number;
      this.fraction = number / 3.0;
    }
  }

  /** A subclass of a list with a field. */
  static final class Page extends ArrayList<Object> {
    private static final long serialVersionUID = 1L;
    final int number;

    Page(int number) {
      this.number = number;
    }
  }

  record Line(String article, int amount) implements Serializable {}

  enum Size {
    LARGE {
      @Override
      public String toString() {
        return "large";
      }
    }
  }
}
