package dev.holdfast.session;

import dev.holdfast.config.Settings;
import dev.holdfast.metrics.Gauge;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.store.EndedSessions;
import dev.holdfast.store.ExpiryIndex;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The threads that look after sessions while no request does: one ends those that nobody asks for
 * any more, one ends this node's objects of sessions that other nodes have ended, and compares the
 * settings of nodes.
 */
final class Housekeeping implements AutoCloseable {
  private final SessionEvents events;
  private final Settings settings;
  private final Metrics metrics;
  private final ResidentSessions residents;
  private final Ending ending;
  private @Nullable ExpirySweeper sweeper;
  private @Nullable EndWatch watch;

  Housekeeping(Node node, Ending ending) {
    this.events = node.events();
    this.settings = node.settings();
    this.metrics = node.metrics();
    this.residents = node.residents();
    this.ending = ending;
  }

  /** Ends sessions that nobody asks for any more, from now on. */
  synchronized void sweep(ExpiryIndex index, @Nullable ClassLoader application) {
    if (sweeper != null) {
      throw new IllegalStateException("sweeping already");
    }
    ExpirySweeper started =
        new ExpirySweeper(
            index, ending::expire, events::endsObserved, settings.expiry().interval(), application);
    sweeper = started;
    metrics.gauge(
        new Gauge(
            "SweepAgeMillis",
            "Milliseconds since this node last finished a look for expired sessions, or since it"
                + " began to; more than some `expiry.interval`: their listeners are not told.",
            started::ageMillis));
    started.start();
  }

  /**
   * Ends this node's objects of a session when another node ends it, from now on, and compares
   * settings.
   */
  synchronized void watch(
      EndedSessions others,
      @Nullable SettingsAgreement agreement,
      @Nullable ClassLoader application,
      Duration round) {
    if (watch != null) {
      throw new IllegalStateException("watching already");
    }
    EndWatch started =
        new EndWatch(others, ending::lookAfter, residents::local, application, round, agreement);
    watch = started;
    started.start(residents::isHereOrForget);
  }

  /** Ends the threads. */
  @Override
  public void close() {
    ExpirySweeper sweeping;
    EndWatch watching;
    synchronized (this) {
      sweeping = sweeper;
      watching = watch;
    }
    if (sweeping != null) {
      sweeping.close();
    }
    if (watching != null) {
      watching.close();
    }
  }
}
