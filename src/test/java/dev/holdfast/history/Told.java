package dev.holdfast.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the servers told of the ends of sessions in a round. I9: a listener and a value in the
 * session hear of it once, on one server of all.
 */
final class Told {
  private final Map<String, Long> destroyed;
  private final Map<String, Long> unbound;

  /** As it is now: they may tell more. */
  Told(Round round) {
    destroyed = round.told("DESTROYED");
    unbound = round.told("UNBOUND");
  }

  boolean isComplete(String session) {
    return destroyed.containsKey(session) && unbound.containsKey(session);
  }

  /**
   * @param request one of the session whose end it is
   * @param certain whether it has ended and whoever ended it was there to tell
   */
  List<Violation> judge(Request request, boolean certain) {
    List<Violation> violations = new ArrayList<>();
    Map.of("sessionDestroyed", destroyed, "valueUnbound", unbound)
        .forEach(
            (event, told) -> {
              long times = told.getOrDefault(request.session(), 0L);
              if (times > 1 || (times == 0 && certain)) {
                violations.add(
                    new Violation("I9", event + " was told " + times + " times", List.of(request)));
              }
            });
    return violations;
  }
}
