package dev.holdfast.codec.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Whatever Java serialization brings back, the codec brings the same or refuses it when it is set.
 *
 * <p>A failure prints the seed; {@code -Dholdfast.differential.seed} runs it again, {@code
 * -Dholdfast.differential.verbose=true} prints why values were local.
 */
class DifferentialTest {
  private static final boolean FULL = Boolean.getBoolean("holdfast.full");
  private static final boolean VERBOSE = Boolean.getBoolean("holdfast.differential.verbose");
  private static final long SEED = Long.getLong("holdfast.differential.seed", 20261129L);
  private static final int BATCHES = FULL ? 12 : 1;
  private static final int GRAPHS = FULL ? 1500 : 2000;
  private static final int SHAPES = 220;

  private final Map<Verdict.Kind, Integer> counts = new EnumMap<>(Verdict.Kind.class);
  private final Map<String, Integer> reasons = new TreeMap<>();
  private final Map<String, String> failures = new LinkedHashMap<>();
  private final Map<String, Integer> failed = new LinkedHashMap<>();

  @Test
  void randomGraphs() {
    for (int batch = 0; batch < BATCHES; batch++) {
      long seed = SEED + batch;
      Shapes shapes = Shapes.generate(seed, SHAPES);
      Judge judge = new Judge(Everything.allowed(shapes.loader()));
      Random random = new Random(seed);
      for (int i = 0; i < GRAPHS; i++) {
        GraphPlan plan = GraphPlan.random(random);
        Verdict verdict = judge.judge(plan.build(shapes));
        count(verdict);
        if (verdict.isDifferent()) {
          report(seed, i, plan, shapes, judge, verdict);
        }
      }
    }
    System.out.println(summary(BATCHES * GRAPHS + " graphs"));
    assertThat(failures.values()).as(() -> failed.toString()).isEmpty();
  }

  @Test
  void whatIsTakenForImmutableCannotChange() {
    for (int batch = 0; batch < BATCHES; batch++) {
      Shapes shapes = Shapes.generate(SEED + batch, SHAPES);
      Judge judge = new Judge(Everything.allowed(shapes.loader()));
      Random random = new Random(SEED);
      for (Shapes.Factory factory : shapes.factories()) {
        for (int i = 0; i < 8; i++) {
          Object part = i < 4 ? JdkNodes.leaf(random) : new ArrayList<>(List.of("part"));
          Object other = i % 2 == 0 ? "other" : new int[] {1};
          String wrong = null;
          try {
            wrong = judge.judgeImmutability(factory.make(i, part, other));
          } catch (IllegalArgumentException | LinkageError e) {
            continue;
          }
          if (wrong != null) {
            failures.put(factory.name(), wrong + "\n" + shapes.source(factory.name()));
          }
        }
      }
    }
    assertThat(failures.values()).isEmpty();
  }

  private void count(Verdict verdict) {
    counts.merge(verdict.kind(), 1, Integer::sum);
    if (VERBOSE && verdict.kind() == Verdict.Kind.LOCAL) {
      reasons.merge(verdict.why().replaceAll("[0-9]+", "N"), 1, Integer::sum);
    }
  }

  /** One example of each kind of difference, made as small as it can be. */
  private void report(
      long seed, int number, GraphPlan plan, Shapes shapes, Judge judge, Verdict verdict) {
    String kind = kindOf(verdict);
    if (failed.merge(kind, 1, Integer::sum) > 1 || failed.size() > 40) {
      return;
    }
    GraphPlan smallest =
        plan.shrunk(candidate -> kindOf(judge.judge(candidate.build(shapes))).equals(kind));
    failures.put(
        kind,
        "seed "
            + seed
            + " graph "
            + number
            + ": "
            + judge.judge(smallest.build(shapes)).why()
            + "\n"
            + smallest.describe(shapes));
  }

  private static String kindOf(Verdict verdict) {
    String why = verdict.kind() + " " + verdict.why();
    return why.replaceAll("^DIFFERENT [^:]*: ", "DIFFERENT ").replaceAll("S?[0-9]+", "N").replaceAll("(?s)\\[.*", "").replaceAll("@[0-9a-fN]+", "");
  }

  private String summary(String what) {
    if (VERBOSE) {
      reasons.forEach((reason, count) -> System.out.println(count + " x " + reason));
    }
    return "differential: "
        + what
        + ": equal "
        + counts.getOrDefault(Verdict.Kind.EQUAL, 0)
        + ", local "
        + counts.getOrDefault(Verdict.Kind.LOCAL, 0)
        + ", refused "
        + counts.getOrDefault(Verdict.Kind.REFUSED, 0)
        + ", plain "
        + counts.getOrDefault(Verdict.Kind.PLAIN, 0)
        + ", different "
        + counts.getOrDefault(Verdict.Kind.DIFFERENT, 0);
  }
}
