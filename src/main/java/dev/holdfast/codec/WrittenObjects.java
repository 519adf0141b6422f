package dev.holdfast.codec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Numbers objects by identity. Kryo asks for the number of each object and, if there is none, adds
 * it next. Kryo's own table searches twice for that, which takes as long as the rest of writing a
 * text.
 */
final class WrittenObjects {
  private static final int LEAST = 64;

  /** Slots of the largest table that is used again: room for a value of 128 objects. */
  private static final int MOST_KEPT = 256;

  /** At least half of the slots stay empty. */
  private @Nullable Object[] objects = new Object[LEAST];

  private int[] numbers = new int[LEAST];
  private int size;

  /** The slot for the object that was last looked up and not found. */
  private int free;

  private @Nullable Object missed;

  /** The number of {@code object}, or -1. */
  int numberOf(Object object) {
    int mask = objects.length - 1;
    int hash = System.identityHashCode(object);
    int slot = (hash ^ hash >>> 15) & mask;
    while (true) {
      Object present = objects[slot];
      if (present == object) {
        return numbers[slot];
      }
      if (present == null) {
        free = slot;
        missed = object;
        return -1;
      }
      slot = (slot + 1) & mask;
    }
  }

  /** Gives the next number, from 0, to an object that has none. */
  int add(Object object) {
    if (missed != object && numberOf(object) >= 0) {
      throw new IllegalArgumentException("the object has a number");
    }
    int number = size++;
    objects[free] = object;
    numbers[free] = number;
    missed = null;
    if (size * 2 > objects.length) {
      grow();
    }
    return number;
  }

  private void grow() {
    @Nullable Object[] before = objects;
    int[] numbersBefore = numbers;
    objects = new Object[before.length * 2];
    numbers = new int[before.length * 2];
    for (int i = 0; i < before.length; i++) {
      Object object = before[i];
      if (object != null) {
        int ignored = numberOf(object);
        objects[free] = object;
        numbers[free] = numbersBefore[i];
      }
    }
    missed = null;
  }

  /**
   * Forgets all objects. After a large value the next one gets a new table, as large as this one
   * needed: filling a long-lived table is expensive, because the garbage collector records where
   * there are references in it. A small one takes no more than that to be made anew.
   */
  void clear() {
    if (objects.length <= MOST_KEPT) {
      Arrays.fill(objects, null);
    } else {
      int room = Math.max(LEAST, Integer.highestOneBit(size * 2 - 1) * 2);
      objects = new Object[room];
      numbers = new int[room];
    }
    size = 0;
    missed = null;
  }
}
