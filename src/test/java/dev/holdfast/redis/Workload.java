package dev.holdfast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.SaveOutcome;
import dev.holdfast.store.SaveOutcome.Result;
import dev.holdfast.store.SessionChanges;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.Stamp;
import dev.holdfast.store.StoredSession;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writers that count what Redis acknowledged. Each has sessions of its own and writes ever higher
 * numbers into one attribute of each; so a number that is lower afterwards than the last one
 * acknowledged is a lost write, and how many is the difference.
 */
public final class Workload implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String COUNT = "count";

  private final SessionStore store;
  private final List<Writer> writers = new ArrayList<>();
  private volatile boolean stopped;

  /** One session and what is known of it. */
  private static final class Subject {
    private final String locator;
    private Stamp stamp;
    private int acknowledged;
    private int attempted;

    /** When the first of its failed writes since the last saved one began, in nanoseconds, or 0. */
    private long failingSince;

    Subject(String locator, Stamp stamp) {
      this.locator = locator;
      this.stamp = stamp;
    }
  }

  /** Starts {@code threads} writers of {@code sessions} sessions each, pausing between writes. */
  Workload(SessionStore store, int threads, int sessions, long pauseMillis) {
    this.store = store;
    for (int i = 0; i < threads; i++) {
      Writer writer = new Writer(sessions, pauseMillis);
      writers.add(writer);
      writer.start();
    }
  }

  private final class Writer extends Thread {
    private final List<Subject> subjects = new ArrayList<>();
    private final long pauseMillis;
    private final List<Long> durations = Collections.synchronizedList(new ArrayList<>());
    private volatile long acknowledged;
    private volatile long failed;
    private volatile long longestOutageMillis;
    private volatile @Nullable String lastFailure;
    private volatile @Nullable Throwable broken;

    Writer(int sessions, long pauseMillis) {
      super("workload");
      this.pauseMillis = pauseMillis;
      setDaemon(true);
      for (int i = 0; i < sessions; i++) {
        Stamp stamp = Stamp.first(RANDOM);
        String locator = locator();
        store.create(
            new NewSession(
                locator,
                new byte[32],
                stamp,
                store.now(),
                Duration.ofMinutes(30),
                null,
                null,
                Map.of(COUNT, "0".getBytes(UTF_8))));
        subjects.add(new Subject(locator, stamp));
      }
    }

    @Override
    public void run() {
      try {
        for (int i = 0; !stopped; i = (i + 1) % subjects.size()) {
          write(subjects.get(i));
          TimeUnit.MILLISECONDS.sleep(pauseMillis);
        }
      } catch (InterruptedException | RuntimeException | AssertionError e) {
        broken = e;
      }
    }

    private void write(Subject subject) {
      int number = subject.attempted + 1;
      subject.attempted = number;
      long start = System.nanoTime() | 1;
      Stamp next = new Stamp(number + 1, RANDOM.nextLong());
      try {
        SaveOutcome outcome =
            store.save(
                new SessionChanges(
                    subject.locator,
                    0,
                    subject.stamp,
                    next,
                    store.now(),
                    null,
                    null,
                    null,
                    Map.of(COUNT, Integer.toString(number).getBytes(UTF_8)),
                    Map.of(),
                    Set.of()));
        if (outcome.result() == Result.SAVED) {
          subject.acknowledged = number;
          subject.stamp = next;
          acknowledged++;
          durations.add(System.nanoTime() - start);
          long since = subject.failingSince == 0 ? start : subject.failingSince;
          longestOutageMillis =
              Math.max(
                  longestOutageMillis, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since));
          subject.failingSince = 0;
        } else {
          failed(subject, start, outcome.result().toString());
        }
      } catch (SessionStoreUnavailableException e) {
        failed(subject, start, e.getMessage());
      }
    }

    private void failed(Subject subject, long start, @Nullable String failure) {
      failed++;
      lastFailure = failure;
      if (subject.failingSince == 0) {
        subject.failingSince = start;
      }
    }
  }

  /** Writes that were answered as saved. */
  long acknowledged() {
    return writers.stream().mapToLong(writer -> writer.acknowledged).sum();
  }

  /** How long each of those took, in nanoseconds. */
  List<Long> durations() {
    return writers.stream().flatMap(writer -> List.copyOf(writer.durations).stream()).toList();
  }

  /** Writes that were answered with an error. */
  long failed() {
    return writers.stream().mapToLong(writer -> writer.failed).sum();
  }

  /**
   * Of the session that could not be written for longest: from the start of the first write that
   * failed, or of the one that took so long, to the next one saved.
   */
  long longestOutageMillis() {
    return writers.stream().mapToLong(writer -> writer.longestOutageMillis).max().orElse(0);
  }

  /** The last thing that went wrong, or null. */
  @Nullable String lastFailure() {
    return writers.stream().map(w -> w.lastFailure).filter(f -> f != null).findAny().orElse(null);
  }

  /** Ends the writers. */
  void stop() {
    stopped = true;
    for (Writer writer : writers) {
      try {
        writer.join(30_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (writer.isAlive() || writer.broken != null) {
        throw new AssertionError("a writer has broken", writer.broken);
      }
    }
  }

  /** After {@link #stop}: acknowledged writes that {@code reader} does not find. */
  long lost(SessionStore reader) {
    long lost = 0;
    for (Writer writer : writers) {
      for (Subject subject : writer.subjects) {
        StoredSession session = reader.load(subject.locator, null);
        int found =
            session == null
                ? 0
                : Integer.parseInt(new String(session.attributes().get(COUNT).value(), UTF_8));
        if (found > subject.attempted) {
          throw new AssertionError(found + " was never written");
        }
        lost += Math.max(0, subject.acknowledged - found);
      }
    }
    return lost;
  }

  @Override
  public void close() {
    stopped = true;
  }

  @Override
  public String toString() {
    return acknowledged()
        + " acknowledged, "
        + failed()
        + " failed, longest outage "
        + longestOutageMillis()
        + " ms, last failure: "
        + lastFailure();
  }

  static String locator() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** What a store says that does not reach its Redis. */
  static String refusal(SessionStore store) {
    SessionStoreUnavailableException refusal =
        catchThrowableOfType(
            SessionStoreUnavailableException.class, () -> store.check(locator(), null));
    assertThat(refusal).isNotNull();
    return requireNonNull(refusal.getMessage());
  }
}
