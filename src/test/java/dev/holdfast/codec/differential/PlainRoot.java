package dev.holdfast.codec.differential;

import java.lang.reflect.Modifier;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one thing that the codec keeps and Java serialization does not: a root value of a plain
 * class, with what plain objects it leads to through plain objects. Each Serializable part must be
 * what Java serialization makes of that part.
 */
final class PlainRoot {
  /** Classes of the JDK that the codec keeps as it keeps plain ones. */
  private static final Set<Class<?>> KEPT =
      Set.of(
          Optional.class,
          OptionalInt.class,
          OptionalLong.class,
          OptionalDouble.class,
          Object.class);

  private final JavaSerialization java;
  private final Map<Object, Object> seen = new IdentityHashMap<>();

  private PlainRoot(JavaSerialization java) {
    this.java = java;
  }

  static boolean is(Object root) {
    return !(root instanceof java.io.Serializable)
        && (KEPT.contains(root.getClass()) || !Comparison.isPlatform(root.getClass()));
  }

  /** What is wrong about {@code kept}, or null. */
  static @Nullable String difference(JavaSerialization java, Object original, Object kept) {
    return new PlainRoot(java).compare(original.getClass().getSimpleName(), original, kept);
  }

  private @Nullable String compare(String path, @Nullable Object original, @Nullable Object kept) {
    if (original == null || kept == null) {
      return original == kept ? null : path + ": was " + original + ", is " + kept;
    }
    if (!is(original)) {
      JavaSerialization.Outcome reference = java.roundTrip(original);
      if (!reference.brings()) {
        return path + ": kept, but Java serialization refuses this part: " + reference.failure();
      }
      String difference = Comparison.difference(reference.value(), kept);
      return difference == null ? null : path + " > " + difference;
    }
    if (original.getClass() != kept.getClass()) {
      return path + ": was " + original.getClass() + ", is " + kept.getClass();
    }
    Object partner = seen.putIfAbsent(original, kept);
    if (partner != null) {
      return partner == kept ? null : path + ": was shared and is not";
    }
    for (Class<?> c = original.getClass(); c != null; c = c.getSuperclass()) {
      for (InstanceFields.InstanceField field : InstanceFields.declaredBy(c)) {
        if (Modifier.isTransient(field.field().getModifiers())) {
          continue;
        }
        String difference = compare(path + "." + field.name(), field.of(original), field.of(kept));
        if (difference != null) {
          return difference;
        }
      }
    }
    return null;
  }
}
