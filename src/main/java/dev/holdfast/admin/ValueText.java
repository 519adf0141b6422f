package dev.holdfast.admin;

import dev.holdfast.text.Printable;
import java.lang.reflect.Array;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.Collection;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A value in words. What the JDK defines is shown as it is built: collections, maps, arrays, text,
 * numbers, times. Of everything else only its own {@code toString()} can tell; that is code of the
 * application, so whatever it throws is shown in its place.
 *
 * <p>Entries of maps whose key {@code admin.mask} hides are masked, however deep they are. What an
 * object of the application says in its {@code toString()} cannot be masked.
 */
final class ValueText {
  /** The most that is shown of one object of the application, and of one text. */
  static final int MAX_TEXT = 2_000;

  static final String MASKED = "(masked by admin.mask)";

  private static final int MAX_ALL = 20_000;
  private static final int MAX_ENTRIES = 100;
  private static final int MAX_DEPTH = 6;
  private static final String INDENT = "  ";

  private final Mask mask;
  private final StringBuilder out = new StringBuilder();

  private ValueText(Mask mask) {
    this.mask = mask;
  }

  /** Several lines. */
  static String of(Object value, Mask mask) {
    ValueText text = new ValueText(mask);
    try {
      text.write(value, 0);
    } catch (RuntimeException | StackOverflowError e) {
      // A collection that another thread changes, or whose elements fail when they are asked.
      text.out.append("\n(cannot be read on: ").append(e.getClass().getName()).append(')');
    }
    if (text.out.length() > MAX_ALL) {
      text.out.setLength(MAX_ALL);
      text.out.append("\n(cut)");
    }
    return text.out.toString();
  }

  private boolean isFull() {
    return out.length() > MAX_ALL;
  }

  private void write(@Nullable Object value, int depth) {
    if (value == null) {
      out.append("null");
    } else if (value instanceof CharSequence && isOfTheJdk(value)) {
      out.append('"').append(cut(value.toString())).append('"');
    } else if (value instanceof Character) {
      out.append('\'').append(value).append('\'');
    } else if (isPlain(value)) {
      out.append(cut(value.toString()));
    } else if (value instanceof Optional<?> optional) {
      out.append("Optional of ");
      write(optional.orElse(null), depth);
    } else if (value.getClass().isArray()) {
      writeArray(value, depth);
    } else if (value instanceof Map<?, ?> map && isOfTheJdk(value)) {
      writeMap(map, depth);
    } else if (value instanceof Collection<?> collection && isOfTheJdk(value)) {
      writeCollection(collection, depth);
    } else {
      writeForeign(value);
    }
  }

  /** Whether {@code toString()} of it tells everything and is the JDK's own. */
  private static boolean isPlain(Object value) {
    return isOfTheJdk(value)
        && (value instanceof Number
            || value instanceof Boolean
            || value instanceof UUID
            || value instanceof Date
            || value instanceof TemporalAccessor
            || value instanceof TemporalAmount
            || value instanceof Class<?>);
  }

  private static boolean isOfTheJdk(Object value) {
    ClassLoader loader = value.getClass().getClassLoader();
    return loader == null || loader == ClassLoader.getPlatformClassLoader();
  }

  private void writeArray(Object array, int depth) {
    int length = Array.getLength(array);
    out.append(array.getClass().getComponentType().getTypeName()).append('[').append(length);
    out.append(']');
    if (array instanceof char[] || mayNotGoDeeper(depth)) {
      // Text in an array of characters is a password more often than not.
      return;
    }
    for (int i = 0; i < length && !isFull(); i++) {
      if (i == MAX_ENTRIES) {
        line(depth + 1).append("(and ").append(length - i).append(" more)");
        return;
      }
      line(depth + 1);
      write(Array.get(array, i), depth + 1);
    }
  }

  private void writeCollection(Collection<?> collection, int depth) {
    head(collection, collection.size());
    if (mayNotGoDeeper(depth)) {
      return;
    }
    int shown = 0;
    for (Object element : collection) {
      if (shown++ == MAX_ENTRIES || isFull()) {
        line(depth + 1).append("(and more)");
        return;
      }
      line(depth + 1);
      write(element, depth + 1);
    }
  }

  private void writeMap(Map<?, ?> map, int depth) {
    head(map, map.size());
    if (mayNotGoDeeper(depth)) {
      return;
    }
    int shown = 0;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (shown++ == MAX_ENTRIES || isFull()) {
        line(depth + 1).append("(and more)");
        return;
      }
      line(depth + 1);
      write(entry.getKey(), MAX_DEPTH);
      out.append(": ");
      if (entry.getKey() instanceof CharSequence key && mask.hides(key.toString())) {
        out.append(MASKED);
      } else {
        write(entry.getValue(), depth + 1);
      }
    }
  }

  private void head(Object container, int size) {
    out.append(container.getClass().getName()).append(" of ").append(size);
  }

  private boolean mayNotGoDeeper(int depth) {
    return depth >= MAX_DEPTH || isFull();
  }

  private StringBuilder line(int depth) {
    return out.append('\n').append(INDENT.repeat(depth));
  }

  /** Its class and what it says of itself. */
  private void writeForeign(Object value) {
    out.append(value.getClass().getName()).append(": ");
    try {
      out.append(cut(String.valueOf(value.toString())));
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      out.append("(its toString() threw ")
          .append(e.getClass().getName())
          .append(e.getMessage() == null ? "" : ": " + Printable.of(e.getMessage()))
          .append(')');
    }
  }

  private static String cut(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "... (cut)";
  }
}
