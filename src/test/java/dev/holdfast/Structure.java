package dev.holdfast;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The library as it is built: what its packages hold, and which classes of a package name each
 * other in a ring. {@code .ci/structure} prints it.
 */
final class Structure {
  static final String ROOT = "dev.holdfast";
  private static final Path SOURCES = Path.of("src/main/java");

  private final JavaClasses library;

  private Structure(JavaClasses library) {
    this.library = library;
  }

  /** Of the classes on the class path, tests and jars left out. */
  static Structure ofLibrary() {
    return new Structure(
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
            .importPackages(ROOT));
  }

  JavaClasses classes() {
    return library;
  }

  /** Names of the packages that hold classes. */
  Set<String> packages() {
    return library.stream()
        .map(JavaClass::getPackageName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The rings of a package, the largest first; a nested class counts as its outermost one. */
  List<Set<String>> rings(String packageName) {
    Map<String, Set<String>> reached = new TreeMap<>();
    Map<String, Set<String>> named = named(packageName);
    named.keySet().forEach(type -> reached.put(type, reachedFrom(type, named)));
    List<Set<String>> rings = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    reached.forEach(
        (type, others) -> {
          if (others.contains(type) && seen.add(type)) {
            Set<String> ring =
                others.stream()
                    .filter(other -> reached.getOrDefault(other, Set.of()).contains(type))
                    .collect(Collectors.toCollection(TreeSet::new));
            seen.addAll(ring);
            rings.add(ring);
          }
        });
    rings.sort((a, b) -> b.size() - a.size());
    return rings;
  }

  /** Which other classes of the package each of its classes names. */
  private Map<String, Set<String>> named(String packageName) {
    Map<String, Set<String>> named = new TreeMap<>();
    for (JavaClass type : library) {
      if (!type.getPackageName().equals(packageName)) {
        continue;
      }
      Set<String> others = named.computeIfAbsent(outermost(type), name -> new TreeSet<>());
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (target.getPackageName().equals(packageName)) {
          others.add(outermost(target));
        }
      }
      others.remove(outermost(type));
    }
    return named;
  }

  private static Set<String> reachedFrom(String start, Map<String, Set<String>> named) {
    Set<String> reached = new TreeSet<>();
    List<String> next = new ArrayList<>(named.getOrDefault(start, Set.of()));
    while (!next.isEmpty()) {
      String type = next.remove(next.size() - 1);
      if (reached.add(type)) {
        next.addAll(named.getOrDefault(type, Set.of()));
      }
    }
    return reached;
  }

  private static String outermost(JavaClass type) {
    String name = type.getName().substring(type.getPackageName().length() + 1);
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }

  private long publicTypes(String packageName) {
    return library.stream()
        .filter(type -> type.getPackageName().equals(packageName))
        .filter(type -> type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
        .count();
  }

  private static List<Path> sources(String packageName) throws IOException {
    try (Stream<Path> files = Files.list(SOURCES.resolve(packageName.replace('.', '/')))) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }

  /** Prints a line for each package, and one for all. */
  public static void main(String[] arguments) throws IOException {
    Structure structure = ofLibrary();
    System.out.println("| package | files | lines | public types | largest ring |");
    System.out.println("|---|---|---|---|---|");
    long[] all = new long[3];
    for (String name : structure.packages()) {
      List<Path> sources = sources(name);
      long lines = 0;
      for (Path source : sources) {
        try (Stream<String> text = Files.lines(source)) {
          lines += text.count();
        }
      }
      long publicTypes = structure.publicTypes(name);
      List<Set<String>> rings = structure.rings(name);
      int largest = rings.isEmpty() ? 0 : rings.get(0).size();
      System.out.printf(
          "| %s | %d | %d | %d | %d |%n", name, sources.size(), lines, publicTypes, largest);
      all[0] += sources.size();
      all[1] += lines;
      all[2] += publicTypes;
    }
    System.out.printf("| all | %d | %d | %d | |%n", all[0], all[1], all[2]);
  }
}
