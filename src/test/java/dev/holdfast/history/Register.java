package dev.holdfast.history;

import dev.holdfast.history.Request.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether the writes and reads of one attribute can have taken effect one after the other,
 * each between its request's sending and its answer: linearizability, for which unique values make
 * the exact answer cheap (Gibbons and Korach, Testing Shared Memories, 1997).
 *
 * <p>All operations on one value, the write and the reads of it, form a cluster, which has to stand
 * in the order without another between. If one of them was answered before another was sent, the
 * cluster is certain to be the value throughout from that answer to that sending: its
 * <em>zone</em>. Two zones must not overlap. A cluster without such a pair can stand at any moment
 * that lies within all its operations, and there must be one outside every zone of others.
 *
 * <p>A write without an answer takes part if somebody read it; it must have had its effect within
 * {@link #UNCERTAIN} after its client was told, or never (I14). A refused one that was read is a
 * fault in itself.
 */
final class Register {
  /** The not-after deadline of a write, redis.timeout, and what clocks may differ by. */
  static final long UNCERTAIN = TimeUnit.MILLISECONDS.toNanos(1_300);

  private final String invariant;
  private final String attribute;
  private final Map<String, Cluster> clusters = new HashMap<>();

  Register(String invariant, String attribute, String initial) {
    this.invariant = invariant;
    this.attribute = attribute;
    Cluster first = new Cluster(initial);
    first.minCompleted = Long.MIN_VALUE;
    first.maxInvoked = Long.MIN_VALUE;
    first.earliestInvoked = Long.MIN_VALUE;
    first.written = true;
    clusters.put(initial, first);
  }

  void write(String value, Request by) {
    Cluster cluster = cluster(value);
    cluster.writtenBy(by);
    cluster.took(by);
  }

  /** As {@link #write}, but it may be undone: it took part only if somebody reads it. */
  void writeThatMayBeLost(String value, Request by) {
    Cluster cluster = cluster(value);
    cluster.writtenBy(by);
    cluster.mayBeLost = true;
  }

  void read(String value, Request by) {
    Cluster cluster = cluster(value);
    cluster.reads.add(by);
    cluster.took(by);
  }

  private Cluster cluster(String value) {
    return clusters.computeIfAbsent(value, Cluster::new);
  }

  /** One violation for each cluster that fits nowhere. */
  List<Violation> judge() {
    List<Violation> violations = new ArrayList<>();
    List<Cluster> all = new ArrayList<>();
    for (Cluster cluster : clusters.values()) {
      cluster.keepIfSeen();
      Violation alone = cluster.judge();
      if (alone != null) {
        violations.add(alone);
      } else if (!cluster.isUnseen()) {
        all.add(cluster);
      }
    }
    all.sort((a, b) -> Long.compare(a.low(), b.low()));
    for (int i = 0; i < all.size(); i++) {
      Cluster zone = all.get(i);
      for (int j = 0; zone.isZone() && j < all.size(); j++) {
        Cluster other = all.get(j);
        boolean overlap = other.isZone() && i < j && other.low() < zone.high();
        boolean within = !other.isZone() && zone.low() < other.low() && other.high() < zone.high();
        if (overlap || within) {
          violations.add(conflict(zone, other));
        }
      }
    }
    return violations;
  }

  private Violation conflict(Cluster zone, Cluster other) {
    List<Request> requests = new ArrayList<>(zone.witnesses());
    requests.addAll(other.witnesses());
    return new Violation(
        invariant,
        "attribute %s was %s at two times with %s certainly in between"
            .formatted(attribute, zone.name(), other.name()),
        requests);
  }

  /** All that was done with one value. */
  private final class Cluster {
    private final String value;
    private final List<Request> reads = new ArrayList<>();
    private @Nullable Request write;
    private @Nullable Request firstAnswered;
    private @Nullable Request lastSent;
    private boolean written;
    private boolean mayBeLost;
    private long earliestInvoked;
    private long minCompleted = Long.MAX_VALUE;
    private long maxInvoked = Long.MIN_VALUE;

    Cluster(String value) {
      this.value = value;
    }

    void writtenBy(Request by) {
      write = by;
      written = true;
      earliestInvoked = by.invoked();
    }

    void took(Request request) {
      long completed = request.completed() + (request.isOk() ? 0 : UNCERTAIN);
      if (completed < minCompleted) {
        minCompleted = completed;
        firstAnswered = request;
      }
      if (request.invoked() > maxInvoked) {
        maxInvoked = request.invoked();
        lastSent = request;
      }
    }

    /** What is read was not undone, so it had its effect before its writer was answered. */
    void keepIfSeen() {
      Request by = write;
      if (mayBeLost && by != null && by.isOk() && !reads.isEmpty()) {
        took(by);
      }
    }

    boolean isUnseen() {
      Request by = write;
      return reads.isEmpty() && (mayBeLost || (by != null && !by.isOk()));
    }

    boolean isZone() {
      return minCompleted < maxInvoked;
    }

    long low() {
      return Math.min(minCompleted, maxInvoked);
    }

    long high() {
      return Math.max(minCompleted, maxInvoked);
    }

    String name() {
      return value.isEmpty() ? "absent" : "\"" + value + "\"";
    }

    @Nullable Violation judge() {
      if (!written) {
        return violation("was read and never written");
      }
      Request by = write;
      if (by != null && by.outcome() == Outcome.FAIL && !reads.isEmpty()) {
        return violation("was refused to its writer and read all the same");
      }
      for (Request read : reads) {
        if (read.completed() < earliestInvoked) {
          return violation("was read before it was written");
        }
      }
      return null;
    }

    private Violation violation(String what) {
      return new Violation(
          invariant, "value %s of attribute %s %s".formatted(name(), attribute, what), witnesses());
    }

    List<Request> witnesses() {
      List<Request> witnesses = new ArrayList<>();
      for (@Nullable Request request : new @Nullable Request[] {write, firstAnswered, lastSent}) {
        if (request != null) {
          witnesses.add(request);
        }
      }
      if (witnesses.isEmpty() && !reads.isEmpty()) {
        witnesses.add(reads.get(0));
      }
      return witnesses;
    }
  }
}
