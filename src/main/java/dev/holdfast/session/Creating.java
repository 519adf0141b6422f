package dev.holdfast.session;

import dev.holdfast.api.SecurityEvent.Kind;
import dev.holdfast.api.TooManySessionsException;
import dev.holdfast.config.Settings;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.metrics.RateLimit;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.security.SessionToken;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.Stamp;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Creates sessions, no more than the settings allow in a second. */
final class Creating {
  /**
   * How much of the rate may be used up at once: a site's own visitors come in bursts, above all
   * after a restart; a flood goes on.
   */
  private static final Duration BURST = Duration.ofSeconds(10);

  private final SessionStore store;
  private final ValueRules rules;
  private final SessionEvents events;
  private final Settings settings;
  private final Metrics metrics;
  private final SecurityEvents security;
  private final RateLimit admission;
  private final SecureRandom random;

  Creating(Node node, SecureRandom random) {
    this.store = node.store();
    this.rules = node.rules();
    this.events = node.events();
    this.settings = node.settings();
    this.metrics = node.metrics();
    this.security = node.security();
    this.admission = new RateLimit(settings.limits().createRate(), BURST);
    this.random = random;
  }

  /** Creates a session, which is not stored until it is committed. */
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

  /** Creates a session that lives for one request and is never stored. */
  Session createUnkept(Duration maxInactiveInterval) {
    return make(maxInactiveInterval, false);
  }

  /**
   * Creates a session that goes on where one of another store ends. It does not count against the
   * rate: nobody can cause it more often than there were sessions. An absolute deadline counts from
   * now on.
   */
  Session inherit(SessionToken token, Inheritance from) {
    store.ensureAvailable();
    Instant now = store.now().truncatedTo(ChronoUnit.MILLIS);
    Duration absolute = settings.lifetime().absoluteTimeout();
    Session session =
        Session.inherit(
            token,
            Stamp.first(random),
            from,
            now,
            absolute.isZero() ? null : now.plus(absolute),
            rules,
            events);
    session.deadline.hold();
    return session;
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
            rules,
            events);
    session.deadline.hold();
    return session;
  }
}
