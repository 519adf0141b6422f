package dev.holdfast.codec;

import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells of a class, without any value of it, what the codec will do with its values: by the same
 * {@link Routes} and the same allow-list. Loads what the fields name, initialises nothing.
 *
 * <p>A class says less than a value. What a field of an interface type holds is not known; and a
 * field whose class is refused may be null in every value. So a class that is refused itself is
 * told from one that leads to such a class.
 */
public final class StorableClasses {
  private static final int MAX_DEPTH = 8;
  private static final int MAX_REFUSALS = 5;

  /** Types that stand for something of one JVM, whichever class implements them. */
  private static final Set<String> OF_ONE_JVM =
      Set.of(
          "java.io.InputStream",
          "java.io.OutputStream",
          "java.io.Reader",
          "java.io.Writer",
          "java.lang.ClassLoader",
          "java.lang.ThreadLocal",
          "java.net.ServerSocket",
          "java.net.Socket",
          "java.nio.channels.Channel",
          "java.sql.Connection",
          "java.sql.ResultSet",
          "java.sql.Statement",
          "java.util.concurrent.ExecutorService",
          "java.util.concurrent.Future",
          "java.util.stream.BaseStream",
          "java.util.concurrent.locks.Condition");

  private final Routes routes;

  /**
   * Why a class cannot be stored.
   *
   * @param path of fields that leads to it, such as {@code lines.price}; empty for the class that
   *     was asked about
   * @param className of the class that cannot be stored
   * @param reason a sentence that says what can be done
   * @param listed whether the allow-list is the only reason, so that a key or {@code codec.allow}
   *     ends it
   */
  public record Refusal(String path, String className, String reason, boolean listed) {}

  /**
   * What was found out about a class.
   *
   * @param itself why no value of the class can be stored, or null
   * @param inside where its fields lead to a class that cannot be; such a value is stored only
   *     while these fields are null
   */
  public record Verdict(@Nullable Refusal itself, List<Refusal> inside) {
    /** Whether nothing was found that is in the way. */
    public boolean isClear() {
      return itself == null && inside.isEmpty();
    }
  }

  /**
   * Judges for one application.
   *
   * @param allowed the classes that values may consist of; its class loader has loaded what is
   *     asked
   * @param plain as in {@link AttributeCodec}
   */
  public StorableClasses(ClassAllowList allowed, Set<String> plain) {
    this.routes = new Routes(new NamedClasses(allowed), new PlainClasses(plain));
  }

  /**
   * Judges values that are of this very class.
   *
   * @throws LinkageError when a class that it needs is not there
   * @throws TypeNotPresentException likewise
   */
  public Verdict of(Class<?> type) {
    Refusal itself = refusal(type, true, "");
    if (itself != null) {
      return new Verdict(itself, List.of());
    }
    Walk walk = new Walk();
    walk.content(type, true, "", 0);
    return new Verdict(null, List.copyOf(walk.refusals));
  }

  /**
   * Judges values that are declared to be of this type; null when that tells nothing, as an
   * interface does that a class of any kind may implement.
   *
   * @throws LinkageError when a class that it needs is not there
   * @throws TypeNotPresentException likewise
   */
  public @Nullable Verdict ofDeclared(Class<?> type) {
    if (isOpen(type)) {
      return isOfOneJvm(type) ? new Verdict(ofOneJvm(type, ""), List.of()) : null;
    }
    return type == Object.class ? null : of(type);
  }

  /** Whether values of the type are always of another class. */
  private static boolean isOpen(Class<?> type) {
    return !type.isArray() && (type.isInterface() || Modifier.isAbstract(type.getModifiers()));
  }

  private static boolean isOfOneJvm(Class<?> type) {
    return supertypes(type).stream().anyMatch(each -> OF_ONE_JVM.contains(each.getName()));
  }

  private static Refusal ofOneJvm(Class<?> type, String path) {
    return new Refusal(path, type.getName(), Routes.OF_ONE_JVM, false);
  }

  private @Nullable Refusal refusal(Class<?> type, boolean admitsPlain, String path) {
    Route route = routes.of(type);
    if (route.kind() == Route.Kind.REFUSED) {
      String reason = String.valueOf(route.reason());
      return new Refusal(path, elementName(type), reason, NamedClasses.isOfList(reason));
    }
    return route.plain() && !admitsPlain
        ? new Refusal(path, type.getName(), Routes.plainInside(type), false)
        : null;
  }

  private static String elementName(Class<?> type) {
    Class<?> element = type;
    while (element.isArray()) {
      element = element.getComponentType();
    }
    return element.getName();
  }

  private static Set<Class<?>> supertypes(Class<?> type) {
    Set<Class<?>> found = new HashSet<>();
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      found.add(c);
      addInterfaces(found, c);
    }
    return found;
  }

  private static void addInterfaces(Set<Class<?>> found, Class<?> type) {
    for (Class<?> face : type.getInterfaces()) {
      if (found.add(face)) {
        addInterfaces(found, face);
      }
    }
  }

  /** One class and what its fields lead to. */
  private final class Walk {
    final List<Refusal> refusals = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();

    /** Judges the fields of a class that is not refused itself. */
    void content(Class<?> type, boolean admitsPlain, String path, int depth) {
      if (depth > MAX_DEPTH || refusals.size() >= MAX_REFUSALS) {
        return;
      }
      if (type.isArray()) {
        Class<?> element = type.getComponentType();
        boolean plainArray = admitsPlain && !isSerializable(element);
        declared(element, element, plainArray, path + "[]", depth);
        return;
      }
      if (!seen.add(type.getName() + admitsPlain) || Routes.isPlatform(type) || type.isEnum()) {
        return;
      }
      Route route = routes.of(type);
      if (route.kind() == Route.Kind.JDK && Routes.hasOwnForm(type)) {
        return;
      }
      boolean fieldsMayBePlain = admitsPlain && route.kind() == Route.Kind.BEAN && route.plain();
      for (Field field : BeanLayout.storedFields(type)) {
        String name = path.isEmpty() ? field.getName() : path + "." + field.getName();
        declared(field.getType(), field.getGenericType(), fieldsMayBePlain, name, depth + 1);
      }
    }

    private void declared(
        Class<?> type, Type generic, boolean admitsPlain, String path, int depth) {
      if (type.isPrimitive() || type == Object.class || refusals.size() >= MAX_REFUSALS) {
        return;
      }
      if (!isOpen(type)) {
        Refusal refusal = refusal(type, admitsPlain, path);
        if (refusal == null) {
          content(type, admitsPlain, path, depth);
        } else {
          add(refusal);
        }
      } else if (isOfOneJvm(type)) {
        add(ofOneJvm(type, path));
      }
      if (Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type)) {
        elements(generic, path, depth);
      }
    }

    private void add(Refusal refusal) {
      if (seen.add("!" + refusal.className())) {
        refusals.add(refusal);
      }
    }

    /** What a collection says of its elements; it is Serializable itself, so no plain ones. */
    private void elements(Type generic, String path, int depth) {
      if (generic instanceof ParameterizedType parameterized && depth <= MAX_DEPTH) {
        for (Type argument : parameterized.getActualTypeArguments()) {
          Type element =
              argument instanceof WildcardType wildcard ? wildcard.getUpperBounds()[0] : argument;
          Class<?> raw = rawOf(element);
          if (raw != null) {
            declared(raw, element, false, path + "[]", depth + 1);
          }
        }
      }
    }

    private @Nullable Class<?> rawOf(Type type) {
      if (type instanceof Class<?> raw) {
        return raw;
      }
      if (type instanceof ParameterizedType parameterized) {
        return (Class<?>) parameterized.getRawType();
      }
      return type instanceof GenericArrayType ? Object[].class : null;
    }

    private boolean isSerializable(Class<?> type) {
      return java.io.Serializable.class.isAssignableFrom(type);
    }
  }
}
