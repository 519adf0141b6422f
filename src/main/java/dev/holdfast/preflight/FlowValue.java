package dev.holdfast.preflight;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.analysis.BasicValue;

/**
 * What is known of a local variable or an operand: which types it may have, and its value if that
 * is a constant.
 */
final class FlowValue extends BasicValue {
  private static final int MAX_TYPES = 8;

  /**
   * A type that a value may have.
   *
   * @param type of a reference
   * @param how what is known of it
   */
  record Kind(Type type, How how) {}

  /** How a type is known. */
  enum How {
    /** The value was made here: it is of this class. */
    EXACT,
    /** Something is declared so: it is of this type or of one below. */
    DECLARED,
    /** A lambda of this interface that is not Serializable. */
    LAMBDA,
    /** A map that stands for the session: what is put in becomes an attribute. */
    SESSION_MAP
  }

  /** Empty for null, and where nothing is known. */
  final Set<Kind> kinds;

  /** A String or an Integer; null when it is none or not always the same. */
  final @Nullable Object constant;

  /** The number of the method's parameter that it is, or -1. */
  final int parameter;

  FlowValue(Type size, Set<Kind> kinds, @Nullable Object constant, int parameter) {
    super(size);
    this.kinds = Set.copyOf(kinds);
    this.constant = constant;
    this.parameter = parameter;
  }

  static FlowValue declared(Type type) {
    return isReference(type)
        ? new FlowValue(OBJECT, Set.of(new Kind(type, How.DECLARED)), null, -1)
        : new FlowValue(type, Set.of(), null, -1);
  }

  static FlowValue exact(Type type) {
    return new FlowValue(OBJECT, Set.of(new Kind(type, How.EXACT)), null, -1);
  }

  static FlowValue of(Type type, How how) {
    return new FlowValue(OBJECT, Set.of(new Kind(type, how)), null, -1);
  }

  private static final Type OBJECT = Type.getObjectType("java/lang/Object");

  private static boolean isReference(Type type) {
    return type.getSort() == Type.OBJECT || type.getSort() == Type.ARRAY;
  }

  boolean isSessionMap() {
    return kinds.stream().anyMatch(kind -> kind.how() == How.SESSION_MAP);
  }

  /** What holds where either of two values may arrive. */
  BasicValue merge(FlowValue other) {
    if (!Objects.equals(getType(), other.getType())) {
      return BasicValue.UNINITIALIZED_VALUE;
    }
    Set<Kind> both = new HashSet<>(kinds);
    both.addAll(other.kinds);
    if (both.size() > MAX_TYPES) {
      both = Set.of(new Kind(OBJECT, How.DECLARED));
    }
    // Once they are too many they stay so: else the analysis would not end.
    if (both.contains(new Kind(OBJECT, How.DECLARED))) {
      both = Set.of(new Kind(OBJECT, How.DECLARED));
    }
    Object same = Objects.equals(constant, other.constant) ? constant : null;
    int from = parameter == other.parameter ? parameter : -1;
    FlowValue merged = new FlowValue(getType(), both, same, from);
    return merged.equals(this) ? this : merged;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FlowValue value
        && Objects.equals(getType(), value.getType())
        && kinds.equals(value.kinds)
        && Objects.equals(constant, value.constant)
        && parameter == value.parameter;
  }

  @Override
  public int hashCode() {
    return Objects.hash(getType(), kinds, constant, parameter);
  }
}
