package dev.holdfast.session;

import dev.holdfast.security.SessionToken;
import dev.holdfast.session.Attributes.Taken;
import dev.holdfast.store.SaveOutcome;
import dev.holdfast.store.SessionState;
import dev.holdfast.store.Stamp;
import dev.holdfast.store.StoredSession;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A live session against what the store has of it: whether the two are the same, how the one takes
 * over the other, and what a save sends. {@link Session} says which of its two locks is for what;
 * methods of this class take {@code lock} themselves.
 */
final class StoredCopy {
  private static final byte[] NOTHING = {};

  /** For how long what the store has confirmed is taken for what it has. */
  private static final long TRUST_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Object lock;
  private final Identity identity;
  private final LiveMetadata metadata;
  private final StoreDeadline deadline;
  private final Attributes attributes;
  private final AttributeSaves saves;
  private final BoundAttributes bound;

  /** The principal's field in the store as this node last saw it. */
  private byte[] seal = NOTHING;

  private Stamp stamp;
  private boolean stale;
  private boolean stored;

  /** When the store last said what it has, as {@link System#nanoTime} gives it. */
  private long confirmed;

  StoredCopy(
      Stamp stamp,
      Identity identity,
      LiveMetadata metadata,
      StoreDeadline deadline,
      Attributes attributes,
      BoundAttributes bound) {
    this.stamp = stamp;
    this.identity = identity;
    this.metadata = metadata;
    this.deadline = deadline;
    this.attributes = attributes;
    this.saves = new AttributeSaves(attributes);
    this.bound = bound;
    this.lock = attributes.lock;
  }

  /** Takes over what was read, into an object that nobody has yet. */
  void load(StoredSession from) {
    stored = true;
    identity.epoch(from.state().epoch());
    adopt(from);
    attributes.refresh(from.attributes());
    stale = isUnopened();
    confirmed = System.nanoTime();
  }

  /** This node may get the key at any time, so such a copy is read anew for each request. */
  private boolean isUnopened() {
    return metadata.isUnopened() || attributes.hasUnopened();
  }

  /** The store has just said that it has this content. */
  void confirmed() {
    synchronized (lock) {
      confirmed = System.nanoTime();
    }
  }

  /** A save failed, so nobody knows what the store has. */
  void doubt() {
    synchronized (lock) {
      stale = true;
    }
  }

  /** Whether the session is in the store, as far as this node knows. */
  boolean isStored() {
    synchronized (lock) {
      return stored;
    }
  }

  /** Whether this object has the content that the store has. */
  boolean isCurrent(SessionState state) {
    synchronized (lock) {
      return !stale && stamp.equals(state.stamp());
    }
  }

  /**
   * Whether what a check found is what this object loaded or saved, so that it may be believed
   * without a proof of its own: all that is said there and authenticated in the store.
   */
  boolean vouchesFor(SessionState state) {
    synchronized (lock) {
      return identity.vouchesFor(state)
          && deadline.storedInterval().equals(state.maxInactiveInterval())
          && Objects.equals(metadata.absoluteDeadline(), state.absoluteDeadline());
    }
  }

  private void adopt(StoredSession from) {
    byte[] read = from.seal();
    seal = read == null ? NOTHING : read;
    identity.refresh(from);
    deadline.storedInterval(from.state().maxInactiveInterval());
    metadata.refresh(from);
  }

  /**
   * Adopts what another node wrote, unless that was in another epoch. Caller holds {@link
   * Session#saving}.
   */
  boolean refresh(StoredSession from) {
    if (!Login.isReadable(from.principal())) {
      return false;
    }
    List<Taken> replaced;
    synchronized (lock) {
      if (from.state().epoch() != identity.epoch()) {
        return false;
      }
      stamp = from.state().stamp();
      confirmed = System.nanoTime();
      adopt(from);
      replaced = attributes.refresh(from.attributes());
      stale = isUnopened();
    }
    // The node that set the new values has told of them; of the old ones it knew nothing.
    replaced.forEach(attribute -> bound.unbind(attribute.name(), attribute.value()));
    return true;
  }

  /**
   * Collects all that is pending; encodes values, so it may run code of the application. Caller
   * holds {@link Session#saving}.
   *
   * <p>An attribute that was set to the value which this node takes for stored is left out. That is
   * an order of events like any other: the request found the store to have that value while it ran,
   * and what another node has written since came after. So it holds only as long as the store's
   * word is fresh. A copy that is known to be stale, whose save has failed, or that a request has
   * held for longer than a few seconds writes all that was set.
   *
   * @param access whether a request that counts as an access saves
   * @param now by the store's clock
   */
  Save prepareSave(SecureRandom random, boolean access, Instant now) {
    boolean all;
    synchronized (lock) {
      all = stale || System.nanoTime() - confirmed > TRUST_NANOS;
    }
    Pending pending = saves.collect(all);
    synchronized (lock) {
      SessionToken token = identity.token();
      Duration renewal = stored ? identity.renewal() : null;
      boolean renews = renewal != null;
      return new Save(
          !stored,
          pending,
          stamp,
          stored ? stamp.next(random) : stamp,
          identity.epoch(),
          renews ? token.rotated(random) : token,
          renews || (identity.isRotating() && stored) ? identity.storedSecretHash() : null,
          renewal,
          metadata.creationTime(),
          access ? metadata.accessedTime() : null,
          metadata.maxInactiveInterval(),
          metadata.isMaxInactiveIntervalChanged(),
          metadata.absoluteDeadline(),
          metadata.login(),
          metadata.isLoginChanged(),
          identity.storedSecretHash(),
          identity.grace(),
          identity.secretTime(),
          identity.rotationTime(now),
          seal);
    }
  }

  /** There was nothing to send. */
  void unchanged(Save save) {
    saves.settled(save.pending());
  }

  /**
   * The store has taken {@code save}.
   *
   * @return whether that was not all: another node has written in between, perhaps what this save
   *     left out as stored already, and changes of one request belong together
   */
  boolean saved(Save save, SaveOutcome outcome) {
    synchronized (lock) {
      // Another node wrote in between, or won over a change of ours: the copy is not whole.
      boolean overtaken = !save.create() && !stamp.equals(outcome.previous());
      stale |= overtaken || !outcome.lost().isEmpty();
      stamp = save.stamp();
      stored = true;
      byte[] written = outcome.seal();
      seal = written == null ? seal : written;
      identity.saved(save, outcome);
      metadata.saved(save);
      deadline.storedInterval(save.interval());
      confirmed = System.nanoTime();
      saves.saved(save.pending(), save.stamp(), outcome.lost());
      if (overtaken && !save.pending().unchanged.isEmpty()) {
        return true;
      }
      saves.settled(save.pending());
      return false;
    }
  }
}
