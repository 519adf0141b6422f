package dev.holdfast.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One row of measurements.
 *
 * @param kilobytes that the session holds
 */
record Case(Operation operation, int kilobytes) {
  static List<Case> all(List<Operation> operations, List<Integer> sizes) {
    List<Case> cases = new ArrayList<>();
    for (Operation operation : operations) {
      for (int size : operation.hasSizes() ? sizes : sizes.subList(0, 1)) {
        cases.add(new Case(operation, size));
      }
    }
    return cases;
  }

  /** For people. */
  String title() {
    String name =
        operation.name().charAt(0) + operation.name().substring(1).toLowerCase(Locale.ROOT);
    return operation.hasSizes() ? name + ", " + kilobytes + " KB" : name;
  }
}
