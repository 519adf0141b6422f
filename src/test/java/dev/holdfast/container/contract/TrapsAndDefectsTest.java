package dev.holdfast.container.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Cites;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Every numbered trap of session filters, and every numbered defect that was reproduced with
 * another product, is named by a test.
 */
class TrapsAndDefectsTest {
  private static final int TRAPS = 17;
  private static final int DEFECTS = 19;
  private static final Pattern CITATION =
      Pattern.compile("\\b(trap|defect)s? (\\d+(?:(?:, | and )\\d+)*)");

  @Test
  void eachTrapIsNamedByATest() throws Exception {
    assertThat(named("trap")).containsExactlyElementsOf(numbers(TRAPS));
  }

  @Test
  void eachDefectIsNamedByATest() throws Exception {
    assertThat(named("defect")).containsExactlyElementsOf(numbers(DEFECTS));
  }

  private static Iterable<Integer> numbers(int last) {
    return IntStream.rangeClosed(1, last).boxed().toList();
  }

  private static SortedSet<Integer> named(String kind) throws Exception {
    Path root = Path.of(Cites.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    SortedSet<Integer> numbers = new TreeSet<>();
    for (Class<?> type : tests(root)) {
      for (Method method : type.getDeclaredMethods()) {
        addNumbers(kind, citation(method), numbers);
      }
    }
    return numbers;
  }

  private static Iterable<Class<?>> tests(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve("dev/holdfast"))) {
      return files
          .map(file -> root.relativize(file).toString())
          .filter(name -> name.endsWith("Test.class") || name.endsWith("IT.class"))
          .<Class<?>>map(TrapsAndDefectsTest::load)
          .toList();
    }
  }

  private static Class<?> load(String file) {
    try {
      String name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
      return Class.forName(name, false, TrapsAndDefectsTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Empty for what is no test. */
  private static String citation(Method method) {
    if (!AnnotationSupport.isAnnotated(method, Testable.class)) {
      return "";
    }
    Clause clause = method.getAnnotation(Clause.class);
    Cites cites = method.getAnnotation(Cites.class);
    return (clause == null ? "" : clause.value()) + "; " + (cites == null ? "" : cites.value());
  }

  private static void addNumbers(String kind, String citation, SortedSet<Integer> numbers) {
    Matcher matcher = CITATION.matcher(citation);
    while (matcher.find()) {
      if (matcher.group(1).equals(kind)) {
        for (String number : matcher.group(2).split(", | and ")) {
          numbers.add(Integer.valueOf(number));
        }
      }
    }
  }
}
