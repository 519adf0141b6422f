package dev.holdfast.session;

import dev.holdfast.security.SessionToken;
import dev.holdfast.session.Attributes.Pending;
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

/**
 * A live session against what the store has of it: whether the two are the same, how the one takes
 * over the other, and what a save sends. {@link Session} says which of its two locks is for what;
 * methods of this class take {@code lock} themselves.
 */
final class StoredCopy {
  private static final byte[] NOTHING = {};

  private final Object lock;
  private final Identity identity;
  private final LiveMetadata metadata;
  private final StoreDeadline deadline;
  private final Attributes attributes;
  private final BoundAttributes bound;

  /** The principal's field in the store as this node last saw it. */
  private byte[] seal = NOTHING;

  private Stamp stamp;
  private boolean stale;
  private boolean stored;

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
    this.bound = bound;
    this.lock = attributes.lock;
  }

  /** Takes over what was read, into an object that nobody has yet. */
  void load(StoredSession from) {
    stored = true;
    identity.epoch(from.state().epoch());
    adopt(from);
    attributes.refresh(from.attributes());
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
    List<Taken> replaced;
    synchronized (lock) {
      if (from.state().epoch() != identity.epoch()) {
        return false;
      }
      stamp = from.state().stamp();
      stale = false;
      adopt(from);
      replaced = attributes.refresh(from.attributes());
    }
    // The node that set the new values has told of them; of the old ones it knew nothing.
    replaced.forEach(attribute -> bound.unbind(attribute.name(), attribute.value()));
    return true;
  }

  /**
   * Collects all that is pending; encodes values, so it may run code of the application. Caller
   * holds {@link Session#saving}.
   *
   * @param access whether a request that counts as an access saves
   * @param now by the store's clock
   */
  Save prepareSave(SecureRandom random, boolean access, Instant now) {
    Pending pending = attributes.collect();
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

  /** The store has taken {@code save}. */
  void saved(Save save, SaveOutcome outcome) {
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
      attributes.saved(save.pending(), save.stamp(), outcome.lost());
    }
  }
}
