package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.Registration;
import com.esotericsoftware.kryo.kryo5.Serializer;
import java.io.Externalizable;
import java.io.Serializable;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Decides once per class how its values are written. It lives as long as its codec, so a
 * redeployment leaves nothing behind.
 */
final class Routes {
  private static final Set<String> HOOKS =
      Set.of("writeObject", "readObject", "readObjectNoData", "writeReplace", "readResolve");

  /** Kryo's id for a class that the bytes refer to by name. */
  static final int NO_ID = -1;

  static final String OF_THE_JDK =
      "it is a class of the JDK that is not Serializable, such as a view of a collection, a thread"
          + " or a stream. Copy what it holds, for instance with new ArrayList<>(view), or keep it"
          + " out of the session.";

  static final String OF_ONE_JVM =
      "it stands for something of this JVM, such as a connection, a stream or a thread pool. Keep it"
          + " out of the session, or make the field transient.";

  /** Why a plain class is refused inside a Serializable object. */
  static String plainInside(Class<?> type) {
    return "it is not Serializable, and what leads to it is, so Java serialization would refuse it"
        + " too. Implement java.io.Serializable, make the field transient, or, if the class"
        + " is nothing but data, set codec.plain="
        + type.getName()
        + " (several names are separated by commas).";
  }

  private static final Route JDK = new Route(Route.Kind.JDK, null, null, false, null);

  private static final String OF_ANOTHER_LOADER =
      "the application's class loader has another class of that name, or none, so it could not be"
          + " read again, with a key neither. Put the class where the application's others are.";

  private final NamedClasses classes;
  private final PlainClasses plain;
  private final ConcurrentMap<Class<?>, Route> routes = new ConcurrentHashMap<>();

  Routes(NamedClasses classes, PlainClasses plain) {
    this.classes = classes;
    this.plain = plain;
  }

  Route of(Class<?> type) {
    Route known = routes.get(type);
    if (known == null) {
      known = decide(type);
      routes.put(type, known);
    }
    return known;
  }

  /**
   * The class that the bytes name: for an enum constant with a body, which has a class of its own,
   * the enum.
   */
  private static Class<?> named(Class<?> type) {
    boolean body = !type.isEnum() && Enum.class.isAssignableFrom(type) && type != Enum.class;
    return body ? type.getSuperclass() : type;
  }

  private Route decide(Class<?> type) {
    Registration fixed = FixedTypes.of(type);
    if (fixed != null) {
      boolean refusedInside = !Serializable.class.isAssignableFrom(type) && !plain.contains(type);
      return new Route(Route.Kind.FIXED, fixed, null, refusedInside, null);
    }
    if (Proxy.isProxyClass(type)) {
      return serializable(type, "it is a dynamic proxy");
    }
    if (type.isHidden()) {
      return isReplaced(type) ? JDK : Route.refused(NamedClasses.LAMBDA);
    }
    Class<?> named = named(type);
    if (isPlatform(named) && !Serializable.class.isAssignableFrom(named)) {
      return Route.refused(OF_THE_JDK);
    }
    if (isReplaced(named)) {
      // Another object, of another class, is written instead; that is judged in its turn.
      return JDK;
    }
    // First the faults that no setting can fix: the message must not suggest one.
    if (NamedClasses.isMadeAtRunTime(named)) {
      return Route.refused(NamedClasses.MADE_AT_RUN_TIME);
    }
    if (!classes.isLoadersOwn(named)) {
      return Route.refused(OF_ANOTHER_LOADER);
    }
    if (!classes.isAllowed(named.getName())) {
      return Route.refused(NamedClasses.notAllowed(named));
    }
    if (named.isEnum()) {
      return route(Route.Kind.ENUM, named, new EnumSerializer());
    }
    if (named.isArray()) {
      return route(Route.Kind.ARRAY, named, new ArraySerializer());
    }
    return plainOrSerializable(named);
  }

  private Route plainOrSerializable(Class<?> type) {
    Class<?> platform = platformSuperclass(type);
    if (type.isRecord()) {
      return serializable(type, "it is a record");
    }
    if (platform == type) {
      return serializable(type, "it is a class of the JDK that the codec does not know");
    }
    if (platform != Object.class) {
      return serializable(type, "it extends " + platform.getName());
    }
    if (Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type)) {
      return serializable(type, "it is a collection of its own kind");
    }
    if (hasSerializationHooks(type)) {
      return serializable(type, "it has its own serialization methods");
    }
    if (Serializable.class.isAssignableFrom(type) && !BeanLayout.isPossible()) {
      return serializable(type, "this JVM lacks the module jdk.unsupported");
    }
    try {
      BeanLayout layout = BeanLayout.of(type);
      return new Route(
          Route.Kind.BEAN,
          new Registration(type, new BeanSerializer(layout), NO_ID),
          layout,
          layout.plain && !plain.contains(type),
          null);
    } catch (InaccessibleObjectException e) {
      return serializable(type, "its fields are closed to reflection");
    } catch (BeanLayout.NoConstructorException e) {
      return Route.refused(String.valueOf(e.getMessage()));
    }
  }

  private static Route route(Route.Kind kind, Class<?> type, Serializer<?> serializer) {
    return new Route(kind, new Registration(type, serializer, NO_ID), null, false, null);
  }

  private static Route serializable(Class<?> type, String why) {
    if (!Serializable.class.isAssignableFrom(type)) {
      return Route.refused(
          why
              + " and not Serializable. Implement java.io.Serializable, or keep the data in a plain"
              + " class.");
    }
    return JDK;
  }

  /** The class itself or its nearest ancestor that belongs to the Java platform. */
  private static Class<?> platformSuperclass(Class<?> type) {
    Class<?> c = type;
    while (!isPlatform(c)) {
      c = c.getSuperclass();
    }
    return c;
  }

  /** Whether a class says by code of its own what is written, so that its fields tell nothing. */
  static boolean hasOwnForm(Class<?> type) {
    return isReplaced(type) || hasSerializationHooks(type);
  }

  /** Whether a class belongs to the Java platform. */
  static boolean isPlatform(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader == null || loader == ClassLoader.getPlatformClassLoader();
  }

  private static boolean hasSerializationHooks(Class<?> type) {
    if (!Serializable.class.isAssignableFrom(type)) {
      return false;
    }
    if (Externalizable.class.isAssignableFrom(type)) {
      return true;
    }
    for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
      for (Method method : c.getDeclaredMethods()) {
        if (!Modifier.isStatic(method.getModifiers())
            && HOOKS.contains(method.getName())
            && isHook(method)) {
          return true;
        }
      }
      for (Field field : c.getDeclaredFields()) {
        if (field.getName().equals("serialPersistentFields")) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isReplaced(Class<?> type) {
    if (!Serializable.class.isAssignableFrom(type)) {
      return false;
    }
    for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
      for (Method method : c.getDeclaredMethods()) {
        if (method.getName().equals("writeReplace") && isHook(method)) {
          return isInherited(method, type) && !Modifier.isStatic(method.getModifiers());
        }
      }
    }
    return false;
  }

  /** Whether Java serialization calls the method for {@code type}, which may inherit it. */
  private static boolean isInherited(Method method, Class<?> type) {
    Class<?> owner = method.getDeclaringClass();
    int modifiers = method.getModifiers();
    boolean inPackage =
        !Modifier.isPrivate(modifiers)
            && owner.getClassLoader() == type.getClassLoader()
            && owner.getPackageName().equals(type.getPackageName());
    return owner == type
        || Modifier.isPublic(modifiers)
        || Modifier.isProtected(modifiers)
        || inPackage;
  }

  private static boolean isHook(Method method) {
    Class<?>[] parameters = method.getParameterTypes();
    return switch (method.getName()) {
      case "writeObject" ->
          parameters.length == 1 && parameters[0] == java.io.ObjectOutputStream.class;
      case "readObject" ->
          parameters.length == 1 && parameters[0] == java.io.ObjectInputStream.class;
      default -> parameters.length == 0;
    };
  }
}
