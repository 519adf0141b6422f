package dev.holdfast.session;

import dev.holdfast.config.Settings;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.security.SecurityEvent.Kind;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.security.SessionToken;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.Stamp;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Makes new sessions, not more than the application admits in a second. */
final class Creating {
  private final SessionStore store;
  private final ValueRules rules;
  private final Settings settings;
  private final Metrics metrics;
  private final SecurityEvents security;
  private final CreationRate admission;
  private final SecureRandom random;

  Creating(Node node, SecureRandom random) {
    this.store = node.store();
    this.rules = node.rules();
    this.settings = node.settings();
    this.metrics = node.metrics();
    this.security = node.security();
    this.admission = new CreationRate(settings.limits().createRate(), System::nanoTime);
    this.random = random;
  }

  /** A new session, not stored before it is committed. */
  Session create(Duration maxInactiveInterval) {
    if (!admission.admit()) {
      int rate = settings.limits().createRate();
      metrics.count(Counter.CREATION_REFUSED);
      security.report(
          Kind.CREATION_REFUSED,
          null,
          "more than " + rate + " new sessions a second; answered 503");
      throw new TooManySessionsException(
          "No session was created: this node creates more than "
              + rate
              + " a second (sessions.create-rate)");
    }
    store.ensureAvailable();
    return make(maxInactiveInterval, true);
  }

  /** A session for one request that is never stored. */
  Session createUnkept(Duration maxInactiveInterval) {
    return make(maxInactiveInterval, false);
  }

  private Session make(Duration maxInactiveInterval, boolean kept) {
    // Whole milliseconds, as the store keeps them.
    Instant now = store.now().truncatedTo(ChronoUnit.MILLIS);
    Duration absolute = settings.lifetime().absoluteTimeout();
    Session session =
        Session.create(
            SessionToken.create(random),
            Stamp.first(random),
            now,
            maxInactiveInterval,
            absolute.isZero() ? null : now.plus(absolute),
            kept,
            new Attributes(rules));
    session.deadline.hold();
    return session;
  }
}
