package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.objenesis.instantiator.ObjectInstantiator;
import com.esotericsoftware.kryo.kryo5.objenesis.strategy.StdInstantiatorStrategy;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The stored fields of a plain class and how to make an empty instance: by its no-argument
 * constructor whatever its visibility, else without running any. Reflection and no Unsafe: nothing
 * to open on Java 17, no warning on later ones.
 */
final class BeanLayout {

  /**
   * One field.
   *
   * @param name unique in the class and its ancestors
   * @param kind the JVM's letter of the primitive type, or L
   */
  record Slot(String name, char kind, Field field) {}

  final Class<?> type;
  final Slot[] slots;
  private final Map<String, Slot> byName = new HashMap<>();
  private final @Nullable Constructor<?> constructor;
  private @Nullable ObjectInstantiator<?> bare;

  private BeanLayout(Class<?> type, List<Slot> slots, @Nullable Constructor<?> constructor) {
    this.type = type;
    this.slots = slots.toArray(new Slot[0]);
    this.constructor = constructor;
    slots.forEach(slot -> byName.put(slot.name(), slot));
  }

  /**
   * @throws InaccessibleObjectException when a module closes the class
   */
  static BeanLayout of(Class<?> type) {
    List<Slot> slots = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        if ((field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) != 0) {
          continue;
        }
        field.setAccessible(true);
        String name = field.getName();
        if (!names.add(name)) {
          name = c.getName() + '.' + name;
          names.add(name);
        }
        slots.add(new Slot(name, kindOf(field.getType()), field));
      }
    }
    slots.sort(Comparator.comparing(Slot::name));
    return new BeanLayout(type, slots, constructorOf(type));
  }

  private static @Nullable Constructor<?> constructorOf(Class<?> type) {
    try {
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor;
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  private static char kindOf(Class<?> type) {
    return type.isPrimitive() ? type.descriptorString().charAt(0) : 'L';
  }

  @Nullable Slot slot(String name) {
    return byName.get(name);
  }

  Object newInstance() {
    if (Modifier.isAbstract(type.getModifiers())) {
      throw new UndecodableValueException(
          type.getName() + " cannot be made: it is abstract now", null);
    }
    if (constructor == null) {
      ObjectInstantiator<?> instantiator = bare;
      if (instantiator == null) {
        instantiator = new StdInstantiatorStrategy().newInstantiatorOf(type);
        bare = instantiator;
      }
      return instantiator.newInstance();
    }
    try {
      return constructor.newInstance();
    } catch (InvocationTargetException e) {
      throw new UndecodableValueException(
          type.getName() + " cannot be made: its constructor failed", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new UndecodableValueException(type.getName() + " cannot be made", e);
    }
  }
}
