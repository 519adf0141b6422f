package dev.holdfast.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One request as its client saw it.
 *
 * @param workload that sent it
 * @param session the checker's name for the session, the same over all its tokens
 * @param sent a short hash of the token sent, or {@code -}
 * @param invoked nanoseconds since the history began
 * @param completed the same: when the first byte of the answer came, or the client gave up
 * @param status of HTTP; 0 when there was no answer
 * @param steps as sent
 * @param results one for each step; empty unless {@link Outcome#OK}
 * @param issued a short hash of the token that came back, {@code expired} or {@code -}
 */
record Request(
    int client,
    String workload,
    String session,
    String node,
    String sent,
    long invoked,
    long completed,
    Outcome outcome,
    int status,
    List<String> steps,
    List<String> results,
    String issued) {

  /** What a client knows of its request's effect. */
  enum Outcome {
    /** Answered 200: it has had its effect. */
    OK,
    /** Answered 409: it must not have had any. */
    FAIL,
    /** Answered 5xx or not at all: all of it or nothing. */
    INFO
  }

  boolean isOk() {
    return outcome == Outcome.OK;
  }

  /** What a step gave, when it was taken and answered. */
  Optional<String> result(String step) {
    int index = steps.indexOf(step);
    return isOk() && index >= 0 ? Optional.of(results.get(index)) : Optional.empty();
  }

  /** What the first step that begins so gave. */
  Optional<String> resultOf(String verb) {
    return steps.stream()
        .filter(step -> step.equals(verb) || step.startsWith(verb + " "))
        .findFirst()
        .flatMap(this::result);
  }

  boolean has(String verb) {
    return steps.stream().anyMatch(step -> step.equals(verb) || step.startsWith(verb + " "));
  }

  /** Whether some step found no session. */
  boolean foundNone() {
    return results.contains("none");
  }

  /** Whether both were under way at some time. */
  boolean overlaps(Request other) {
    return invoked < other.completed && other.invoked < completed;
  }

  @Override
  public String toString() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      lines.add(steps.get(i) + (isOk() ? " -> " + results.get(i) : ""));
    }
    return "%10.1f..%-10.1f ms  client %d  %s  %s  token %s  %s %d%s  {%s}"
        .formatted(
            invoked / 1e6,
            completed / 1e6,
            client,
            node,
            session,
            sent,
            outcome,
            status,
            issued.equals("-") ? "" : " issued " + issued,
            String.join("; ", lines));
  }
}
