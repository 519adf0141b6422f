package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.objenesis.strategy.StdInstantiatorStrategy;
import java.io.Serializable;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The stored fields of a class and how to make an empty instance, as the Java Object Serialization
 * Specification says (1.10, 2.1, 3.1): the fields are those of the Serializable classes of the
 * hierarchy; none of their constructors runs, only the no-argument constructor of the first
 * superclass that is not Serializable. The JDK itself tells which constructor that is and whether
 * it may be called.
 *
 * <p>Of a plain class, one that does not implement Serializable, all fields are stored. An instance
 * is made by its no-argument constructor, whatever the visibility, or without a constructor if it
 * has none.
 *
 * <p>It uses reflection and not Unsafe, so no module has to be opened on Java 17 and later versions
 * print no warning.
 */
final class BeanLayout {

  /**
   * One field.
   *
   * @param name unique in the class and its ancestors
   * @param kind the JVM's letter for the primitive type, or L
   */
  record Slot(String name, char kind, Field field) {}

  /** The class has no constructor that Java serialization could call. */
  static final class NoConstructorException extends Exception {
    private static final long serialVersionUID = 1L;

    NoConstructorException(Class<?> superclass) {
      super(
          "its superclass "
              + superclass.getName()
              + ", which is not Serializable, has no no-argument constructor that it may call, so"
              + " Java serialization could not read it. Give that class one, or make it"
              + " Serializable.");
    }
  }

  private static final SerializationConstructors CONSTRUCTORS = SerializationConstructors.find();

  final Class<?> type;

  /** Whether the class does not implement Serializable. */
  final boolean plain;

  /** The stored fields, in the order in which Java serialization writes them. */
  final Slot[] slots;

  /** Whether making an instance runs a constructor of the application. */
  final boolean runsConstructor;

  private final Map<String, Slot> byName = new HashMap<>();
  private final @Nullable Constructor<?> constructor;
  private @Nullable Supplier<?> bare;

  private BeanLayout(Class<?> type, List<Slot> slots, @Nullable Constructor<?> constructor) {
    this.type = type;
    this.plain = !isSerializable(type);
    this.slots = slots.toArray(new Slot[0]);
    this.constructor = constructor;
    this.runsConstructor = constructor != null && runsConstructor(type);
    slots.forEach(slot -> byName.put(slot.name(), slot));
  }

  /**
   * @throws InaccessibleObjectException when a module does not open the class
   * @throws NoConstructorException when Java serialization could write the class but not read it
   */
  static BeanLayout of(Class<?> type) throws NoConstructorException {
    return new BeanLayout(type, slots(type), constructorOf(type));
  }

  /** Whether this JVM lets libraries make instances as Java serialization does. */
  static boolean isPossible() {
    return CONSTRUCTORS.arePublic();
  }

  private static boolean isSerializable(Class<?> type) {
    return Serializable.class.isAssignableFrom(type);
  }

  /** The fields that are part of a value of the class, superclasses first (JOSS 4.3, 6.4.1). */
  static List<Field> storedFields(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    addFields(fields, type, isSerializable(type));
    return fields;
  }

  private static void addFields(List<Field> fields, @Nullable Class<?> c, boolean serializable) {
    if (c == null || c == Object.class || (serializable && !isSerializable(c))) {
      return;
    }
    addFields(fields, c.getSuperclass(), serializable);
    int start = fields.size();
    for (Field field : c.getDeclaredFields()) {
      if ((field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) == 0) {
        fields.add(field);
      }
    }
    fields
        .subList(start, fields.size())
        .sort(
            Comparator.comparing((Field field) -> !field.getType().isPrimitive())
                .thenComparing(Field::getName));
  }

  private static List<Slot> slots(Class<?> type) {
    List<Field> fields = storedFields(type);
    List<Slot> slots = new ArrayList<>();
    Set<String> names = new HashSet<>();
    // From the end: of fields with one name, that of the nearest class keeps the bare name.
    for (int i = fields.size() - 1; i >= 0; i--) {
      Field field = fields.get(i);
      field.setAccessible(true);
      String name = field.getName();
      if (!names.add(name)) {
        name = field.getDeclaringClass().getName() + '.' + name;
        names.add(name);
      }
      slots.add(0, new Slot(name, kindOf(field.getType()), field));
    }
    return slots;
  }

  private static @Nullable Constructor<?> constructorOf(Class<?> type)
      throws NoConstructorException {
    if (isSerializable(type)) {
      return Modifier.isAbstract(type.getModifiers()) ? null : CONSTRUCTORS.of(type);
    }
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

  private static boolean runsConstructor(Class<?> type) {
    Class<?> first = type;
    while (isSerializable(first)) {
      first = first.getSuperclass();
    }
    return first != Object.class;
  }

  Object newInstance() {
    if (Modifier.isAbstract(type.getModifiers())) {
      throw new UndecodableValueException(
          type.getName() + " cannot be made: it is abstract now", null);
    }
    if (constructor == null) {
      Supplier<?> instantiator = bare;
      if (instantiator == null) {
        instantiator = new StdInstantiatorStrategy().newInstantiatorOf(type)::newInstance;
        bare = instantiator;
      }
      return instantiator.get();
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

  /**
   * The constructors that Java serialization calls, from {@code sun.reflect.ReflectionFactory},
   * which the module jdk.unsupported offers to libraries for this very purpose. A runtime image
   * without that module has none of them, and JDK serialization writes such classes.
   */
  private record SerializationConstructors(@Nullable Object factory, @Nullable Method method) {

    static SerializationConstructors find() {
      try {
        Class<?> type = Class.forName("sun.reflect.ReflectionFactory");
        return new SerializationConstructors(
            type.getMethod("getReflectionFactory").invoke(null),
            type.getMethod("newConstructorForSerialization", Class.class));
      } catch (ReflectiveOperationException | RuntimeException e) {
        return new SerializationConstructors(null, null);
      }
    }

    boolean arePublic() {
      return method != null;
    }

    Constructor<?> of(Class<?> type) throws NoConstructorException {
      try {
        if (method != null && method.invoke(factory, type) instanceof Constructor<?> found) {
          return found;
        }
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
      Class<?> first = type;
      while (isSerializable(first)) {
        first = first.getSuperclass();
      }
      throw new NoConstructorException(first);
    }
  }
}
