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
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A value in words. What the JDK defines is shown as it is built: collections, maps, their entries,
 * references, arrays, text, numbers, times; so is a collection or map of the application that
 * inherits its {@code toString()} from {@code java.util}. Of everything else only its own {@code
 * toString()} can tell. Much of this runs code of the application, so whatever it throws is shown
 * in its place.
 *
 * <p>Entries whose key {@code admin.mask} hides are masked, however deep they are; the key is text,
 * or the name of a constant. What an object of the application says in a {@code toString()} of its
 * own cannot be masked.
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
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      text.out.append(' ').append(cannotBeRead(e));
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
    } else if (!isContainer(value) || !isToldByTheJdk(value)) {
      writeForeign(value);
    } else {
      writeContainer(value, depth);
    }
  }

  private static boolean isContainer(Object value) {
    return value instanceof Map
        || value instanceof Collection
        || value instanceof Map.Entry
        || value instanceof AtomicReference
        || value instanceof AtomicReferenceArray;
  }

  /** Whether {@code toString()} of a container, were it called, would show all it holds. */
  private static boolean isToldByTheJdk(Object value) {
    if (isOfTheJdk(value)) {
      return true;
    }
    try {
      Class<?> teller = value.getClass().getMethod("toString").getDeclaringClass();
      return teller.getName().startsWith("java.util.");
    } catch (NoSuchMethodException | LinkageError e) {
      // Its class names others that are missing here; its text may be had all the same.
      return false;
    }
  }

  private void writeContainer(Object value, int depth) {
    try {
      if (value instanceof Map<?, ?> map) {
        writeMap(map, depth);
      } else if (value instanceof Collection<?> collection) {
        writeCollection(collection, depth);
      } else if (value instanceof Map.Entry<?, ?> entry) {
        head(entry, 1);
        if (!mayNotGoDeeper(depth)) {
          writeEntry(entry, depth);
        }
      } else if (value instanceof AtomicReferenceArray<?> references) {
        head(references, references.length());
        writeElements(references::get, references.length(), depth);
      } else if (value instanceof AtomicReference<?> reference) {
        head(reference, 1);
        writeElements(at -> reference.get(), 1, depth);
      }
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      // Another thread changes it, or it or what it holds fails when it is asked.
      line(depth + 1).append(cannotBeRead(e));
    }
  }

  private static String cannotBeRead(Throwable why) {
    return "(cannot be read on: " + why.getClass().getName() + ")";
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
    // Text in an array of characters is a password more often than not.
    if (!(array instanceof char[])) {
      writeElements(at -> Array.get(array, at), length, depth);
    }
  }

  private void writeElements(IntFunction<? extends @Nullable Object> at, int length, int depth) {
    if (mayNotGoDeeper(depth)) {
      return;
    }
    for (int i = 0; i < length && !isFull(); i++) {
      if (i == MAX_ENTRIES) {
        line(depth + 1).append("(and ").append(length - i).append(" more)");
        return;
      }
      line(depth + 1);
      write(at.apply(i), depth + 1);
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
      writeEntry(entry, depth);
    }
  }

  private void writeEntry(Map.Entry<?, ?> entry, int depth) {
    Object key = entry.getKey();
    line(depth + 1);
    write(key, MAX_DEPTH);
    out.append(": ");
    if (isMasked(key)) {
      out.append(MASKED);
    } else {
      write(entry.getValue(), depth + 1);
    }
  }

  private boolean isMasked(@Nullable Object key) {
    if (key instanceof Enum<?> constant) {
      return mask.hides(constant.name());
    }
    return key instanceof CharSequence text && mask.hides(text.toString());
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
