package dev.holdfast.codec.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.codec.ClassAllowList;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever Java serialization brings back, the codec brings the same or refuses it when it is set.
 *
 * <p>A failure names the seed, and of each kind of difference the smallest case found. {@code
 * -Dholdfast.differential.seed=N} runs other graphs, {@code -Dholdfast.differential.verbose=true}
 * prints every verdict on a named value.
 */
class DifferentialTest {
  private static final boolean FULL = Boolean.getBoolean("holdfast.full");
  private static final long SEED = Long.getLong("holdfast.differential.seed", 20261129L);
  private static final int BATCHES = FULL ? 10 : 1;
  private static final int GRAPHS = 2000;
  private static final int SHAPES = 220;

  /** Java serialization brings back more than this share; what refuses everything cannot pass. */
  private static final double LEAST_SHARE_OF_EQUAL = 0.9;

  /**
   * What stays local with every class allowed: views of a TreeSet, which would lose their bounds,
   * and a wrapper that leads back to itself, in whose place Java serialization brings another one.
   */
  private static final Set<String> LOCAL_WITH_ALL_ALLOWED =
      Set.of("TreeSet.headSet", "TreeSet.descending", "unmodifiable.cycle");

  private static final Tally ALL = new Tally();
  private static int graphs;
  private static int types;

  static {
    System.setProperty("java.awt.headless", "true");
  }

  private final ClassLoader loader = getClass().getClassLoader();

  @AfterAll
  static void report() {
    System.out.println("differential: " + graphs + " graphs, " + types + " types: " + ALL);
  }

  @Test
  void randomGraphs() {
    Tally tally = new Tally();
    for (long seed = SEED; seed < SEED + BATCHES; seed++) {
      Shapes shapes = Shapes.generate(seed, SHAPES);
      Judge judge = new Judge(Everything.allowed(shapes.loader()));
      Random random = new Random(seed);
      for (int i = 0; i < GRAPHS; i++) {
        GraphPlan plan = GraphPlan.random(random);
        Verdict verdict = judge.judge(plan.build(shapes));
        tally.count(verdict);
        if (verdict.isDifferent() && tally.isNews(verdict)) {
          tally.addExample(verdict, "seed " + seed + ": " + smallest(plan, shapes, judge, verdict));
        }
      }
      graphs += GRAPHS;
    }
    ALL.addAll(tally);
    assertThat(tally.examples().values()).as("random graphs: %s", tally).isEmpty();
    assertThat(tally.shareOfEqual()).as("equal: %s", tally).isGreaterThan(LEAST_SHARE_OF_EQUAL);
  }

  private static String smallest(GraphPlan plan, Shapes shapes, Judge judge, Verdict verdict) {
    String kind = Tally.kindOf(verdict);
    GraphPlan smallest =
        plan.shrunk(candidate -> Tally.kindOf(judge.judge(candidate.build(shapes))).equals(kind));
    return judge.judge(smallest.build(shapes)).why() + "\n" + smallest.describe(shapes);
  }

  @Test
  void typesOfTheJdk() {
    Tally tally = compare(JdkTypes.all(), Everything.allowed(loader));
    types += JdkTypes.all().size();
    ALL.addAll(tally);
    assertThat(tally.examples().values()).as("all allowed: %s", tally).isEmpty();
    assertThat(tally.locals().keySet()).isSubsetOf(LOCAL_WITH_ALL_ALLOWED);
  }

  @Test
  void typesOfTheJdkByDefault() {
    Tally tally = compare(JdkTypes.all(), Everything.byDefault(loader));
    assertThat(tally.examples().values()).as("by default: %s", tally).isEmpty();
  }

  @Test
  void typesOfLibraries() {
    Tally tally = compare(LibraryTypes.all(), Everything.allowed(loader));
    types += LibraryTypes.all().size();
    ALL.addAll(tally);
    assertThat(tally.examples().values()).as("all allowed: %s", tally).isEmpty();
    assertThat(tally.locals().keySet()).isSubsetOf(LOCAL_WITH_ALL_ALLOWED);
  }

  private static Tally compare(TypeTable table, ClassAllowList allowed) {
    Tally tally = new Tally();
    Judge judge = new Judge(allowed);
    for (String name : table.names()) {
      tally.add(name, judge.judge(table.make(name)));
    }
    return tally;
  }

  /** With a list that has some of the classes that appear only when a value is read. */
  @Test
  void whatIsAcceptedWithHalfAListIsReadEverywhere() {
    TypeTable table = LibraryTypes.all();
    List<String> names = new ArrayList<>();
    table.names().forEach(names::add);
    Set<String> listed = Everything.namedInStreams(table, names);
    for (int i = 0; i < names.size(); i += 2) {
      listed.addAll(Everything.reachedFrom(table.make(names.get(i)), loader));
    }
    Tally tally = compare(table, Everything.listed(loader, listed));
    assertThat(tally.examples().values()).as("half a list: %s", tally).isEmpty();
  }

  @Test
  void whatIsTakenForImmutableCannotChange() {
    List<String> wrong = new ArrayList<>();
    for (long seed = SEED; seed < SEED + BATCHES; seed++) {
      Shapes shapes = Shapes.generate(seed, SHAPES);
      Judge judge = new Judge(Everything.allowed(shapes.loader()));
      Random random = new Random(seed);
      for (Shapes.Factory factory : shapes.factories()) {
        changed(factory, judge, random)
            .ifPresent(
                what ->
                    wrong.add("seed " + SEED + ": " + what + "\n" + shapes.source(factory.name())));
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** What instances of one class do when they are changed. */
  private static Optional<String> changed(Shapes.Factory factory, Judge judge, Random random) {
    for (int n = 0; n < 8; n++) {
      Object part = n < 4 ? JdkNodes.leaf(random) : new ArrayList<>(List.of("part"));
      Object other = n % 2 == 0 ? "other" : new int[] {1};
      Object value;
      try {
        value = factory.make(n, part, other);
      } catch (RuntimeException | LinkageError e) {
        // The constructor refuses these arguments.
        continue;
      }
      Optional<String> changed = judge.changed(value);
      if (changed.isPresent()) {
        return changed;
      }
    }
    return Optional.empty();
  }

  /** Both ways between JDK 17 and 25, where this machine has both. */
  @Test
  void typesOfTheJdkAcrossVersions(@TempDir Path scratch) throws Exception {
    Optional<OtherJdk> other = OtherJdk.find();
    if (other.isEmpty()) {
      System.out.println(
          "differential: no other JDK on this machine (JAVA17_HOME, JAVA25_HOME, /usr/lib/jvm), so none was compared");
      return;
    }
    int here = Runtime.version().feature();
    int there = other.get().version();
    Path ours = scratch.resolve("ours");
    Path theirs = scratch.resolve("theirs");
    Exchange exchange = new Exchange();
    exchange.write(ours);
    Tally readThere = other.get().exchange(ours, theirs, scratch);
    Tally readHere = new Tally();
    exchange.read(theirs, readHere::add);
    System.out.println(
        "differential: written by JDK " + here + ", read by " + there + ": " + readThere);
    System.out.println(
        "differential: written by JDK " + there + ", read by " + here + ": " + readHere);
    assertThat(readThere.examples().values()).as("%s to %s", here, there).isEmpty();
    assertThat(readHere.examples().values()).as("%s to %s", there, here).isEmpty();
    assertThat(readThere.shareOfEqual()).isGreaterThan(LEAST_SHARE_OF_EQUAL);
    assertThat(readHere.shareOfEqual()).isGreaterThan(LEAST_SHARE_OF_EQUAL);
  }
}
