package dev.holdfast.codec;

import java.net.URL;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The classes that stored bytes may name.
 *
 * <p>Bytes that only a holder of the encryption key can have written are believed ({@link
 * #everything}). All others may come from anybody who can write to Redis, and they must not choose
 * which code runs in the JVM. So the class that such bytes name is judged by its name and by where
 * its class file lies, before it is loaded or initialised.
 *
 * <p>These are then allowed: the value classes of the JDK and of frameworks in {@code
 * session-classes.txt}; the application's own classes; classes of its libraries in a package that
 * shares its first two segments with a package of the application ({@code com.acme.shop} and {@code
 * com.acme.shared}); and what the administrator adds. In packages known for deserialization
 * gadgets, a class is allowed only by its full name. An array is judged by the class of its
 * elements.
 *
 * <p>Only verdicts about class files that exist and are allowed are remembered, so that hostile
 * names cannot fill the memory.
 */
public final class ClassAllowList {
  private static final int MAX_NAME = 512;

  /** JVMS 4.4.1. */
  private static final int MAX_DIMENSIONS = 255;

  private final ClassLoader loader;

  /** Null where every class is allowed. */
  private final @Nullable ClassOrigins origins;

  private final Set<String> classes;
  private final Set<String> packages;
  private final ConcurrentMap<String, Boolean> allowed = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Boolean> applicationPackages = new ConcurrentHashMap<>();

  /**
   * The list for bytes that anybody may have written.
   *
   * @param loader the application's class loader; asked for class files as resources, never for
   *     classes
   * @param origins which of them are the application's
   * @param additions class names ({@code com.acme.Cart}) or packages with what is below them
   *     ({@code com.acme.*})
   * @throws IllegalArgumentException when an addition is neither, or is or lies in a package of
   *     gadgets; the message names all such additions
   */
  public ClassAllowList(ClassLoader loader, ClassOrigins origins, Set<String> additions) {
    this.loader = loader;
    this.origins = origins;
    Set<String> names = new HashSet<>();
    Set<String> prefixes = new HashSet<>();
    List<String> faults = new ArrayList<>();
    for (String addition : additions) {
      boolean isPackage = addition.endsWith(".*");
      String name = isPackage ? addition.substring(0, addition.length() - 2) : addition;
      String gadgets = isPackage ? Gadgets.around(name + ".") : null;
      if (!isClassName(name)) {
        faults.add("'" + addition + "' is neither a class name nor a package ending in '.*'");
      } else if (gadgets != null) {
        faults.add(
            "'"
                + addition
                + "' is refused: packages in '"
                + gadgets
                + "*' hold classes that run code when they are read. Name each class in full, such"
                + " as "
                + name
                + ".SomeClass, or configure an encryption key, with which every class is allowed");
      } else if (isPackage) {
        prefixes.add(name + ".");
      } else {
        names.add(name);
      }
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException("codec.allow: " + String.join("; ", faults));
    }
    this.classes = Set.copyOf(names);
    this.packages = Set.copyOf(prefixes);
  }

  private ClassAllowList(ClassLoader loader) {
    this.loader = loader;
    this.origins = null;
    this.classes = Set.of();
    this.packages = Set.of();
  }

  /**
   * Allows every class that a loader finds, for bytes that are known to come from the application
   * itself.
   *
   * @param loader the application's class loader
   */
  public static ClassAllowList everything(ClassLoader loader) {
    return new ClassAllowList(loader);
  }

  /** What the list covers, for the start-up report. */
  public String report() {
    if (origins == null) {
      return "classes: every class of the application, its libraries and the JDK, since what is"
          + " stored is authenticated by the key (codec.allow is not needed)";
    }
    StringBuilder report = new StringBuilder("classes: ");
    report.append(SessionClasses.NAMES.size()).append(" of the JDK and of frameworks, ");
    report.append(origins.describe());
    if (!classes.isEmpty() || !packages.isEmpty()) {
      report.append(", ").append(classes.size()).append(" classes and ");
      report.append(packages.size()).append(" packages of codec.allow");
    }
    Set<String> denied = new TreeSet<>();
    packages.forEach(prefix -> denied.addAll(Gadgets.below(prefix)));
    if (!denied.isEmpty()) {
      report.append(" but for ").append(String.join("*, ", denied));
      report.append("*, where classes are to be named in full");
    }
    return report.append("; all others stay on this node").toString();
  }

  /** The class loader whose classes are judged. */
  public ClassLoader loader() {
    return loader;
  }

  /**
   * Whether stored bytes may name a class.
   *
   * @param name as {@link Class#getName()} gives it, arrays included
   */
  public boolean isAllowed(String name) {
    if (origins == null) {
      return true;
    }
    String element = elementName(name);
    if (element == null || SessionClasses.NAMES.contains(element) || classes.contains(element)) {
      return true;
    }
    if (!isClassName(element)) {
      return false;
    }
    if (allowed.containsKey(element)) {
      return true;
    }
    boolean isAllowed =
        Gadgets.around(element) == null
            && (isInAddedPackage(element) || isOfApplication(element, origins));
    if (isAllowed) {
      allowed.put(element, true);
    }
    return isAllowed;
  }

  /**
   * Whether {@code codec.allow} can name the class. Class files may have names that no compiler
   * gives, and that a shell or a terminal would obey.
   *
   * @param name of the class, no array
   */
  public static boolean canBeNamed(String name) {
    return isClassName(name)
        && !name.startsWith("-")
        && !name.contains(".-")
        && name.chars().noneMatch(Character::isIdentifierIgnorable);
  }

  /**
   * What an administrator can do for a class that is not allowed, as a sentence.
   *
   * @param name of the class, no array
   */
  public static String remedies(String name) {
    String key =
        "Configure an encryption key (encryption.keys-file, with encryption=required), and every"
            + " class of the application may be stored";
    return canBeNamed(name)
        ? key + "; or set codec.allow=" + name + " (commas separate several names)."
        : key + ".";
  }

  /** The element class that an array name leads to, or null for an array of primitives. */
  private static @Nullable String elementName(String name) {
    int dimensions = 0;
    while (dimensions < name.length() && name.charAt(dimensions) == '[') {
      dimensions++;
    }
    String element = name.substring(dimensions);
    if (dimensions == 0 || dimensions > MAX_DIMENSIONS || element.isEmpty()) {
      return name;
    }
    if (element.length() == 1) {
      return "ZBCSIJFD".contains(element) ? null : name;
    }
    boolean wellFormed = element.charAt(0) == 'L' && element.endsWith(";");
    return wellFormed ? element.substring(1, element.length() - 1) : name;
  }

  /** Whether this is a class name; what is not, such as a path, must not reach the class loader. */
  private static boolean isClassName(String name) {
    if (name.isEmpty() || name.length() > MAX_NAME) {
      return false;
    }
    boolean start = true;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '.') {
        if (start) {
          return false;
        }
        start = true;
      } else {
        boolean fits =
            start ? Character.isJavaIdentifierStart(c) : Character.isJavaIdentifierPart(c);
        if (!fits && c != '-') {
          return false;
        }
        start = false;
      }
    }
    return !start;
  }

  private boolean isInAddedPackage(String name) {
    for (String prefix : packages) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  private boolean isOfApplication(String name, ClassOrigins origins) {
    String resource = name.replace('.', '/') + ".class";
    URL location = loader.getResource(resource);
    if (location == null) {
      return false;
    }
    return switch (origins.of(resource, location)) {
      case APPLICATION -> true;
      case LIBRARY -> sharesPackage(resource, origins);
      case ELSEWHERE -> false;
    };
  }

  private boolean sharesPackage(String resource, ClassOrigins origins) {
    int first = resource.indexOf('/');
    int second = first < 0 ? -1 : resource.indexOf('/', first + 1);
    if (second < 0) {
      return false;
    }
    return applicationPackages.computeIfAbsent(
        resource.substring(0, second + 1), origins::hasApplicationPackage);
  }
}
