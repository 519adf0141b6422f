package dev.holdfast.security;

import java.net.URL;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The classes that stored bytes may name. A class is judged by its name and by where its class file
 * lies, before it is loaded or initialised; whoever can write to Redis must not choose which code
 * of the JVM runs.
 *
 * <p>Allowed are: the value classes of the JDK and what frameworks keep in sessions ({@link
 * JdkValueClasses}, {@link FrameworkSessionClasses}, explicit lists); the application's own
 * classes; classes of its libraries in a package that shares its first two segments with a package
 * of the application ({@code com.acme.shop} and {@code com.acme.shared}); and what the
 * administrator adds; with encryption required, all classes of its libraries. Packages known for
 * deserialization gadgets are denied to every rule but an addition by full class name. An array is
 * what its elements are.
 *
 * <p>Only verdicts about class files that exist and are allowed are remembered, so hostile names
 * cannot fill the memory.
 */
public final class ClassAllowList {
  private static final int MAX_NAME = 512;

  /** JVMS 4.4.1. */
  private static final int MAX_DIMENSIONS = 255;

  private static final String[] GADGETS = {
    "org.apache.commons.collections.",
    "org.apache.commons.collections4.",
    "org.apache.commons.beanutils.",
    "org.apache.xalan.",
    "org.codehaus.groovy.runtime.",
    "org.springframework.beans.factory.",
    "org.springframework.aop.",
    "com.mchange.v2.c3p0.",
    "com.sun.",
    "sun.",
    "jdk.",
    "java.",
    "javax.",
    "bsh.",
    "clojure.",
    "org.mozilla.javascript.",
    "org.hibernate.engine.spi.",
    "org.jboss.weld.",
    "com.rometools.rome.",
    "org.python.",
    "com.vaadin.data.",
    "net.bytebuddy.",
    "javassist."
  };

  private final ClassLoader loader;
  private final ClassOrigins origins;
  private final Set<String> classes;
  private final Set<String> packages;
  private final boolean libraries;
  private final @Nullable LearnedClasses learned;
  private final ConcurrentMap<String, Boolean> allowed = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Boolean> applicationPackages = new ConcurrentHashMap<>();

  /**
   * @param loader the application's class loader; asked for class files as resources, never for
   *     classes
   * @param origins which of them are the application's
   * @param additions class names ({@code com.acme.Cart}) or packages with what is below them
   *     ({@code com.acme.*})
   * @throws IllegalArgumentException when an addition is neither; names it
   */
  public ClassAllowList(ClassLoader loader, ClassOrigins origins, Set<String> additions) {
    this.loader = loader;
    this.libraries = false;
    this.learned = null;
    this.origins = origins;
    Set<String> names = new HashSet<>();
    Set<String> prefixes = new HashSet<>();
    for (String addition : additions) {
      boolean isPackage = addition.endsWith(".*");
      String name = isPackage ? addition.substring(0, addition.length() - 2) : addition;
      if (!isClassName(name)) {
        throw new IllegalArgumentException(
            "codec.allow: '" + addition + "' is neither a class name nor a package ending in '.*'");
      }
      if (isPackage) {
        prefixes.add(name + ".");
      } else {
        names.add(name);
      }
    }
    this.classes = Set.copyOf(names);
    this.packages = Set.copyOf(prefixes);
  }

  private ClassAllowList(
      ClassAllowList narrower, boolean libraries, @Nullable LearnedClasses learned) {
    this.loader = narrower.loader;
    this.origins = narrower.origins;
    this.classes = narrower.classes;
    this.packages = narrower.packages;
    this.libraries = libraries;
    this.learned = learned;
  }

  /**
   * The same list and all classes of the application's libraries, for bytes that nobody without the
   * encryption key can have written. The packages known for gadgets stay denied.
   */
  public ClassAllowList withLibraries() {
    return new ClassAllowList(this, true, learned);
  }

  /** The same list, and what {@code learned} has of the application and will learn. */
  public ClassAllowList learning(LearnedClasses learned) {
    return new ClassAllowList(this, libraries, learned);
  }

  /** What the list covers, one line for the start-up report. */
  public String report() {
    StringBuilder report = new StringBuilder("classes: the JDK's value types, ");
    report.append(FrameworkSessionClasses.NAMES.size()).append(" of frameworks, WEB-INF/classes");
    report.append(libraries ? ", all of WEB-INF/lib" : ", what is in WEB-INF/lib beside these");
    if (!classes.isEmpty() || !packages.isEmpty()) {
      report.append(", ").append(classes.size()).append(" classes and ");
      report.append(packages.size()).append(" packages of codec.allow");
    }
    if (learned != null) {
      report.append(", ").append(learned);
    }
    return report.toString();
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
    String element = elementName(name);
    if (element == null || (learned != null && learned.contains(element))) {
      return true;
    }
    if (JdkValueClasses.NAMES.contains(element)
        || FrameworkSessionClasses.NAMES.contains(element)
        || classes.contains(element)) {
      return true;
    }
    if (!isClassName(element)) {
      return false;
    }
    if (allowed.containsKey(element)) {
      return true;
    }
    if (isGadget(element) || !(isInAddedPackage(element) || isOfApplication(element))) {
      return false;
    }
    allowed.put(element, true);
    return true;
  }

  /**
   * Whether the application may store a class. The same as {@link #isAllowed} but in learning mode:
   * then it may, and the class is on the list from now on, unless it is of a library known for
   * gadgets. Not to be asked about a name that was read.
   *
   * @param name as {@link Class#getName()} gives it, arrays included
   */
  public boolean admits(String name) {
    if (isAllowed(name)) {
      return true;
    }
    String element = elementName(name);
    if (learned == null || element == null || !isClassName(element)) {
      return false;
    }
    boolean platform = element.startsWith("java.") || element.startsWith("javax.");
    return (platform || !isGadget(element)) && learned.learn(element);
  }

  /** The class that an array name leads to, or null for an array of primitives. */
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

  /** Keeps what is no class name, such as a path, away from the class loader. */
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

  private static boolean isGadget(String name) {
    for (String prefix : GADGETS) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  private boolean isInAddedPackage(String name) {
    for (String prefix : packages) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  private boolean isOfApplication(String name) {
    String resource = name.replace('.', '/') + ".class";
    URL location = loader.getResource(resource);
    if (location == null) {
      return false;
    }
    return switch (origins.of(resource, location)) {
      case APPLICATION -> true;
      case LIBRARY -> libraries || sharesPackage(resource);
      case ELSEWHERE -> false;
    };
  }

  private boolean sharesPackage(String resource) {
    int first = resource.indexOf('/');
    int second = first < 0 ? -1 : resource.indexOf('/', first + 1);
    if (second < 0) {
      return false;
    }
    return applicationPackages.computeIfAbsent(
        resource.substring(0, second + 1), origins::hasApplicationPackage);
  }
}
