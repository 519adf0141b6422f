package dev.holdfast.codec;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Tells a part of a sorted set from an independent set of the same class: {@code headSet}, {@code
 * subSet}, {@code tailSet} and {@code descendingSet} of a {@link TreeSet} are TreeSets.
 *
 * <p>A part refuses elements outside its bounds and changes with the whole. JDK serialization
 * writes only its elements, and reads an independent set. No public method tells the bounds, so a
 * part can only be refused. Parts of sorted maps have classes of their own and are kept.
 */
final class SortedViews {
  private static final int OF_TREE_SET = traits(new TreeSet<>());
  private static final int OF_SKIP_LIST_SET = traits(new ConcurrentSkipListSet<>());

  private static final String REASON =
      "it is a part or the reverse of another set, which would come back as a set of its own, without its"
          + " bounds. Copy what it holds: new TreeSet<>(view).";

  private SortedViews() {}

  /**
   * @throws RefusedClassException when the object is such a part
   */
  static void refuse(Object object) {
    Class<?> type = object.getClass();
    boolean part =
        (type == TreeSet.class && traits((Set<?>) object) != OF_TREE_SET)
            || (type == ConcurrentSkipListSet.class && traits((Set<?>) object) != OF_SKIP_LIST_SET);
    if (part) {
      throw new RefusedClassException(type, REASON);
    }
  }

  /** The characteristics of its spliterator: a whole set is SIZED or CONCURRENT, a part is not. */
  private static int traits(Set<?> set) {
    return set.spliterator().characteristics();
  }
}
