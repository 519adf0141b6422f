package dev.holdfast.codec.differential;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How to build one random graph, as data, so that a failing graph can be built again with less in
 * it: a seed for each node, references that are set once all nodes are there, and numbers that
 * change after their owners have become keys.
 *
 * @param nodes a seed each; {@link #GONE} stands for a node that was taken out
 * @param links in the order in which they are set
 * @param root the node that is the value
 */
record GraphPlan(List<Long> nodes, List<Link> links, int root) {
  static final long GONE = Long.MIN_VALUE;

  /**
   * A reference, or a change of number.
   *
   * @param to the node that is referred to; less than 0 for a change of number
   */
  record Link(int from, int to, long seed) {}

  static GraphPlan random(Random random) {
    int size = 1 + random.nextInt(random.nextInt(3) == 0 ? 14 : 7);
    List<Long> nodes = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      nodes.add(random.nextLong() >> 1);
    }
    List<Link> links = new ArrayList<>();
    int count = random.nextInt(size * 3 + 1);
    for (int i = 0; i < count; i++) {
      int to = random.nextInt(6) == 0 ? -1 : random.nextInt(size);
      links.add(new Link(random.nextInt(size), to, random.nextLong()));
    }
    return new GraphPlan(nodes, links, random.nextInt(4) == 0 ? random.nextInt(size) : size - 1);
  }

  /** Builds the graph anew; the same plan and shapes always give the same graph. */
  Object build(Shapes shapes) {
    List<Object> made = new ArrayList<>();
    for (long seed : nodes) {
      made.add(seed == GONE ? 7 : node(shapes, new Random(seed), made));
    }
    for (Link link : links) {
      try {
        set(made, link);
      } catch (RuntimeException | StackOverflowError e) {
        // A set that cannot compare the element, a list that cannot change, a hash code of a cycle.
        continue;
      }
    }
    return made.get(root);
  }

  private static Object node(Shapes shapes, Random random, List<Object> made) {
    Object a = made.isEmpty() ? JdkNodes.leaf(random) : made.get(random.nextInt(made.size()));
    Object b =
        random.nextInt(3) == 0 || made.isEmpty()
            ? JdkNodes.leaf(random)
            : made.get(random.nextInt(made.size()));
    int kind = random.nextInt(100);
    try {
      if (kind < 50) {
        Shapes.Factory factory = shapes.factories().get(random.nextInt(shapes.factories().size()));
        Object shape = factory.make(random.nextInt(10), a, b);
        // Most graphs should be Serializable throughout, else nothing else is seen.
        return shape instanceof java.io.Serializable || random.nextInt(6) == 0 ? shape : "plain";
      }
      if (kind < 56) {
        return basket(random, made);
      }
      return kind < 74
          ? JdkNodes.container(random, a)
          : kind < 85 ? JdkNodes.composed(random, a, b) : JdkNodes.leaf(random);
    } catch (RuntimeException | LinkageError e) {
      return "failed " + random.nextInt(10);
    }
  }

  /** A sorted collection of what is there already. */
  private static Object basket(Random random, List<Object> made) {
    Collection<Object> elements = new ArrayList<>();
    for (Object node : made) {
      if (node instanceof Cell && node instanceof Comparable<?>) {
        elements.add(node);
      }
    }
    return switch (random.nextInt(4)) {
      case 0 -> new TreeSet<>(elements);
      case 1 -> new PriorityQueue<>(elements);
      case 2 -> new ConcurrentSkipListSet<>(elements);
      default -> {
        TreeMap<Object, Object> map = new TreeMap<>();
        elements.forEach(element -> map.put(element, elements.size()));
        yield map;
      }
    };
  }

  private static void set(List<Object> made, Link link) {
    Random random = new Random(link.seed);
    Object from = made.get(link.from);
    if (link.to < 0) {
      Object changed = from instanceof Cell ? from : cell(made, random, from);
      setField(changed, random, field -> field.getType() == int.class, random.nextInt(10));
      return;
    }
    boolean sorted =
        from instanceof SortedMap<?, ?>
            || from instanceof SortedSet<?>
            || from instanceof PriorityQueue<?>;
    Object to = sorted ? cell(made, random, made.get(link.to)) : made.get(link.to);
    boolean container =
        from instanceof Collection<?>
            || from instanceof Map<?, ?>
            || from instanceof Object[]
            || from instanceof AtomicReference<?>
            || from instanceof AtomicReferenceArray<?>;
    if (container) {
      JdkNodes.add(from, random, to, made.get(random.nextInt(made.size())));
    }
    if (!container || random.nextInt(3) == 0) {
      setField(
          from,
          random,
          field -> !field.getType().isPrimitive() && field.getType().isInstance(to),
          to);
    }
  }

  /** One of the nodes that sorted collections can hold, if there is one. */
  private static Object cell(List<Object> made, Random random, Object otherwise) {
    List<Object> cells = new ArrayList<>();
    for (Object node : made) {
      if (node instanceof Cell && node instanceof Comparable<?>) {
        cells.add(node);
      }
    }
    return cells.isEmpty() ? otherwise : cells.get(random.nextInt(cells.size()));
  }

  /** Sets one field that fits, of a class of the application. */
  private static void setField(Object owner, Random random, Predicate<Field> fits, Object value) {
    List<Field> fields = new ArrayList<>();
    if (owner instanceof Enum<?> || owner.getClass().isHidden()) {
      return;
    }
    for (Class<?> c = owner.getClass(); !Comparison.isPlatform(c); c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        if ((field.getModifiers() & (Modifier.STATIC | Modifier.FINAL)) == 0 && fits.test(field)) {
          fields.add(field);
        }
      }
    }
    if (!fields.isEmpty()) {
      Field field = fields.get(random.nextInt(fields.size()));
      try {
        field.setAccessible(true);
        field.set(owner, value);
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** A smaller plan that still fails. */
  GraphPlan shrunk(Predicate<GraphPlan> fails) {
    GraphPlan smallest = this;
    boolean smaller = true;
    while (smaller) {
      smaller = false;
      for (GraphPlan candidate : smallest.smaller()) {
        if (fails.test(candidate)) {
          smallest = candidate;
          smaller = true;
          break;
        }
      }
    }
    return smallest;
  }

  private List<GraphPlan> smaller() {
    List<GraphPlan> plans = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      if (nodes.get(i) != GONE && i != root) {
        if (i < root) {
          plans.add(new GraphPlan(nodes, links, i));
        }
        List<Long> fewer = new ArrayList<>(nodes);
        fewer.set(i, GONE);
        plans.add(new GraphPlan(fewer, links, root));
      }
    }
    for (int i = 0; i < links.size(); i++) {
      List<Link> fewer = new ArrayList<>(links);
      fewer.remove(i);
      plans.add(new GraphPlan(nodes, fewer, root));
    }
    return plans;
  }

  /** What is in the graph, with the sources of its shapes, for the report of a failure. */
  String describe(Shapes shapes) {
    List<Object> made = new ArrayList<>();
    TreeSet<String> used = new TreeSet<>();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < nodes.size(); i++) {
      long seed = nodes.get(i);
      made.add(seed == GONE ? 7 : node(shapes, new Random(seed), made));
      if (seed != GONE) {
        Class<?> type = made.get(i).getClass();
        text.append(i == root ? "root " : "")
            .append("node ")
            .append(i)
            .append(" is a ")
            .append(type.getName())
            .append('\n');
        addSources(shapes, type, used);
      }
    }
    for (Link link : links) {
      text.append(
              link.to < 0
                  ? "number of " + link.from + " changes"
                  : link.from + " refers to " + link.to)
          .append('\n');
    }
    used.forEach(source -> text.append(source).append('\n'));
    return text.toString();
  }

  private static void addSources(Shapes shapes, @Nullable Class<?> type, TreeSet<String> used) {
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      String name = c.getName().replaceFirst("[$].*", "");
      if (!shapes.source(name).isEmpty()) {
        used.add(shapes.source(name).replaceAll("(?m)^(import|package) .*\n", ""));
      }
    }
  }
}
