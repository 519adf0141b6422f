package dev.holdfast.codec.differential;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Counts verdicts, and keeps one example of each kind of difference. */
final class Tally {
  private static final boolean VERBOSE = Boolean.getBoolean("holdfast.differential.verbose");
  private static final int MOST_EXAMPLES = 30;

  private final Map<Verdict.Kind, Integer> counts = new EnumMap<>(Verdict.Kind.class);
  private final Map<String, String> locals = new TreeMap<>();
  private final Map<String, String> examples = new LinkedHashMap<>();

  /** Counts a named value; a difference is an example of its own. */
  void add(String name, Verdict verdict) {
    count(verdict);
    if (verdict.isDifferent()) {
      examples.put(name, name + ": " + verdict.why());
    } else if (verdict.kind() == Verdict.Kind.LOCAL) {
      locals.put(name, verdict.why());
    }
    if (VERBOSE) {
      System.out.println(name + ": " + verdict);
    }
  }

  void count(Verdict verdict) {
    counts.merge(verdict.kind(), 1, Integer::sum);
  }

  /** Whether a difference is of a kind that has no example yet. */
  boolean isNews(Verdict verdict) {
    return examples.size() < MOST_EXAMPLES && !examples.containsKey(kindOf(verdict));
  }

  void addExample(Verdict verdict, String text) {
    examples.put(kindOf(verdict), text);
  }

  /** The verdict without paths, numbers and content. */
  static String kindOf(Verdict verdict) {
    return (verdict.kind() + " " + verdict.why())
        .replaceAll("^DIFFERENT [^:]*: ", "DIFFERENT ")
        .replaceAll("S?[0-9]+", "N")
        .replaceAll("(?s)\\[.*", "")
        .replaceAll("@[0-9a-fN]+", "");
  }

  void addAll(Tally other) {
    other.counts.forEach((kind, count) -> counts.merge(kind, count, Integer::sum));
  }

  int of(Verdict.Kind kind) {
    return counts.getOrDefault(kind, 0);
  }

  /** Of the values that Java serialization brings back, the share that the codec does too. */
  double shareOfEqual() {
    int equal = of(Verdict.Kind.EQUAL);
    return equal / (double) Math.max(1, equal + of(Verdict.Kind.LOCAL));
  }

  Map<String, String> examples() {
    return examples;
  }

  /** The named values that stayed local, and why. */
  Map<String, String> locals() {
    return locals;
  }

  @Override
  public String toString() {
    return "equal "
        + of(Verdict.Kind.EQUAL)
        + ", local "
        + of(Verdict.Kind.LOCAL)
        + ", refused "
        + of(Verdict.Kind.REFUSED)
        + ", plain "
        + of(Verdict.Kind.PLAIN)
        + ", different "
        + of(Verdict.Kind.DIFFERENT);
  }
}
