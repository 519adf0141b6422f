package dev.holdfast.micrometer;

import dev.holdfast.metrics.Metrics.Counter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.util.Locale;

/**
 * How a counter is named by Micrometer's conventions: lower case, words parted by dots, what
 * belongs together under one name with a tag. All meters of a name have the same tags.
 *
 * @param unit what is counted, in the plural
 */
record CounterName(String name, String unit, Tags tags) {
  private static final String ENDED = "holdfast.sessions.ended";
  private static final String CAUSE = "cause";
  private static final String JOINS = "holdfast.joins";
  private static final String COPY = "copy";
  private static final String SAVES = "holdfast.saves";
  private static final String OUTCOME = "outcome";

  static CounterName of(Counter counter) {
    return switch (counter) {
      case CREATED -> sessions("holdfast.sessions.created");
      case INVALIDATED -> sessions(ENDED, CAUSE, "invalidated");
      case EXPIRED -> sessions(ENDED, CAUSE, "expired");
      case ENDED_FOR_LIMIT -> sessions(ENDED, CAUSE, "limit");
      case ENDED_BY_CALL -> sessions(ENDED, CAUSE, "call");
      case COPY_CURRENT -> new CounterName(JOINS, "joins", Tags.of(COPY, "current"));
      case COPY_TRACKED -> new CounterName(JOINS, "joins", Tags.of(COPY, "tracked"));
      case COPY_STALE -> new CounterName(JOINS, "joins", Tags.of(COPY, "stale"));
      case COPY_MISSING -> new CounterName(JOINS, "joins", Tags.of(COPY, "missing"));
      case SAVED -> new CounterName(SAVES, "saves", Tags.of(OUTCOME, "saved"));
      case SAVE_GONE -> new CounterName(SAVES, "saves", Tags.of(OUTCOME, "gone"));
      case SAVE_FENCED -> new CounterName(SAVES, "saves", Tags.of(OUTCOME, "fenced"));
      case SAVE_LATE -> new CounterName(SAVES, "saves", Tags.of(OUTCOME, "late"));
      case LOCK_WAIT_MILLIS ->
          new CounterName("holdfast.lock.waited", BaseUnits.MILLISECONDS, Tags.empty());
      case VALUE_BYTES_READ ->
          new CounterName("holdfast.values.read", BaseUnits.BYTES, Tags.empty());
      case VALUE_BYTES_WRITTEN ->
          new CounterName("holdfast.values.written", BaseUnits.BYTES, Tags.empty());
      default ->
          new CounterName(
              "holdfast.events",
              BaseUnits.EVENTS,
              Tags.of(Tag.of("event", counter.name().toLowerCase(Locale.ROOT))));
    };
  }

  private static CounterName sessions(String name, String... tags) {
    return new CounterName(name, BaseUnits.SESSIONS, Tags.of(tags));
  }

  /** What all counters of the name tell; one of several has no text of its own. */
  String text(Counter counter) {
    return switch (name) {
      case ENDED -> "Sessions that this node ended, by cause";
      case JOINS -> "Requests that found their session, by what this node had of it";
      case SAVES -> "Saves of changed sessions, by outcome";
      case "holdfast.events" -> "What else happened, as the MBean names and explains it";
      default -> counter.text();
    };
  }
}
