package dev.holdfast.history;

import java.util.Comparator;
import java.util.List;

/**
 * An invariant that does not hold.
 *
 * @param invariant such as {@code I2}
 * @param requests those that cannot have been so, and no others
 */
record Violation(String invariant, String what, List<Request> requests) {
  Violation {
    requests =
        requests.stream().distinct().sorted(Comparator.comparingLong(Request::invoked)).toList();
  }

  /** The minimal history, with the faults that fell into it. */
  String explain(History history) {
    StringBuilder text = new StringBuilder(invariant + ": " + what);
    requests.forEach(request -> text.append("\n  ").append(request));
    if (!requests.isEmpty()) {
      long from = requests.get(0).invoked();
      long to = requests.stream().mapToLong(Request::completed).max().orElse(from);
      history.faults(from, to).forEach(fault -> text.append("\n  fault ").append(fault));
    }
    return text.toString();
  }
}
