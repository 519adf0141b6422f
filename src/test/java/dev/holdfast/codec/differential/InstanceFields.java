package dev.holdfast.codec.differential;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sun.misc.Unsafe;

/**
 * Reads every instance field, transient ones and those of the JDK, of records and of lambdas
 * included. The JVM's own lookup can do that without opening a module, so the codec under test runs
 * in the JVM that it will meet.
 */
final class InstanceFields {
  private static final MethodHandles.Lookup ALL = all();

  private static final ClassValue<List<InstanceField>> DECLARED =
      new ClassValue<>() {
        @Override
        protected List<InstanceField> computeValue(Class<?> type) {
          List<InstanceField> fields = new ArrayList<>();
          for (Field field : type.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
              fields.add(new InstanceField(field, getter(field)));
            }
          }
          return List.copyOf(fields);
        }
      };

  /** One field and how to read it. */
  record InstanceField(Field field, MethodHandle getter) {
    String name() {
      return field.getName();
    }

    @Nullable Object of(Object owner) {
      try {
        return getter.invokeExact(owner);
      } catch (Throwable e) {
        throw new IllegalStateException("cannot read " + field, e);
      }
    }
  }

  private InstanceFields() {}

  /** The fields that one class declares, without those of its ancestors. */
  static List<InstanceField> declaredBy(Class<?> type) {
    return DECLARED.get(type);
  }

  private static MethodHandle getter(Field field) {
    try {
      return ALL.unreflectGetter(field).asType(MethodType.methodType(Object.class, Object.class));
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("cannot reach " + field, e);
    }
  }

  private static MethodHandles.Lookup all() {
    try {
      Field theUnsafe = Unsafe.class.getDeclaredField("theUnsafe");
      theUnsafe.setAccessible(true);
      Unsafe unsafe = (Unsafe) theUnsafe.get(null);
      Field lookup = MethodHandles.Lookup.class.getDeclaredField("IMPL_LOOKUP");
      return (MethodHandles.Lookup)
          unsafe.getObject(unsafe.staticFieldBase(lookup), unsafe.staticFieldOffset(lookup));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
