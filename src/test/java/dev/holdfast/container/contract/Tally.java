package dev.holdfast.container.contract;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** How many clauses held, per area and subject; printed when all areas have run. */
final class Tally implements AutoCloseable {

  private static final class Count {
    private int held;
    private int different;

    @Override
    public String toString() {
      return held + (different == 0 ? "" : " (and " + different + " that it does not hold)");
    }
  }

  private final Map<String, Map<String, Count>> counts = new TreeMap<>();

  synchronized void count(String area, Subject subject, boolean held) {
    Count count =
        counts
            .computeIfAbsent(area, key -> new LinkedHashMap<>())
            .computeIfAbsent(subject.toString(), key -> new Count());
    if (held) {
      count.held++;
    } else {
      count.different++;
    }
  }

  @Override
  public synchronized void close() {
    StringBuilder text = new StringBuilder("Clauses of the session contract that hold:\n");
    counts.forEach(
        (area, subjects) -> {
          text.append("  ").append(area).append('\n');
          subjects.forEach(
              (subject, count) ->
                  text.append("    ").append(subject).append(": ").append(count).append('\n'));
        });
    System.out.print(text);
  }
}
