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
import org.jspecify.annotations.Nullable;

/**
 * Compares a live session with what the store has of it: tells whether they are the same, takes
 * over what was read, and collects what a save sends. {@link Session} explains its two locks;
 * methods of this class take {@code lock} themselves.
 */
final class StoredCopy {
  private static final byte[] NOTHING = {};

  /** How long what the store has confirmed is assumed to be still stored. */
  private static final long TRUST_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Object lock;
  private final Identity identity;
  private final LiveMetadata metadata;
  private final StoreDeadline deadline;
  private final Attributes attributes;
  private final AttributeSaves saves;

  /** The principal's field in the store as this node last saw it. */
  private byte[] seal = NOTHING;

  private Stamp stamp;
  private boolean stale;
  private boolean stored;

  /** When the store last said what it has, as {@link System#nanoTime} gives it. */
  private long confirmed;

  /** Whether a request has gone on without asking since. */
  private boolean assumed;

  StoredCopy(
      Stamp stamp,
      Identity identity,
      LiveMetadata metadata,
      StoreDeadline deadline,
      Attributes attributes,
      AttributeSaves saves) {
    this.stamp = stamp;
    this.identity = identity;
    this.metadata = metadata;
    this.deadline = deadline;
    this.attributes = attributes;
    this.saves = saves;
    this.lock = attributes.lock;
  }

  /** Takes over what was read, into an object that nobody has yet. */
  void load(StoredSession from) {
    stored = true;
    identity.epoch(from.state().epoch());
    adopt(from);
    attributes.refresh(from.attributes());
    stale = isUnopened();
    confirmed();
  }

  /**
   * Whether something could not be opened. This node may get the key at any time, so such a copy is
   * read again for each request.
   */
  private boolean isUnopened() {
    return metadata.isUnopened() || attributes.hasUnopened();
  }

  /** Called when the store has just said that it has this content. */
  void confirmed() {
    synchronized (lock) {
      confirmed = System.nanoTime();
      assumed = false;
    }
  }

  /** Called when a request goes on with this content without having asked the store. */
  void assumed() {
    synchronized (lock) {
      assumed = true;
    }
  }

  /** Whether the store may have other content by now, of which the news is under way. */
  boolean isAssumed() {
    synchronized (lock) {
      return assumed;
    }
  }

  /**
   * Marks the copy as stale, because nobody knows what the store has, for instance after a failed
   * save.
   */
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

  /** Whether this object has the content that this stamp names. */
  boolean isAt(Stamp other) {
    synchronized (lock) {
      return !stale && stamp.equals(other);
    }
  }

  /**
   * Whether a check agrees with what this object loaded or saved in all that the seal
   * authenticates, so that it may be believed without a proof of its own.
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
   *
   * @return local values that were replaced by those of another node; null when nothing was adopted
   */
  @Nullable List<Taken> refresh(StoredSession from) {
    if (!Login.isReadable(from.principal())) {
      return null;
    }
    synchronized (lock) {
      if (from.state().epoch() != identity.epoch()) {
        return null;
      }
      stamp = from.state().stamp();
      confirmed();
      adopt(from);
      List<Taken> replaced = attributes.refresh(from.attributes());
      stale = isUnopened();
      return replaced;
    }
  }

  /**
   * Collects all that is pending; encodes values, so it may run code of the application. Caller
   * holds {@link Session#saving}.
   *
   * <p>An attribute that was set to the value which this node takes for stored is left out. That is
   * an order of events like any other: the request found the store to have that value while it ran,
   * and what another node has written since came after. So it holds only as long as the store's
   * word is fresh. A copy that is known to be stale, whose save has failed, or that a request has
   * held for longer than a few seconds writes all that was set. Of one that is assumed the caller
   * asks the store, if something is left out.
   *
   * @param access whether the save is for a request that counts as an access
   * @param now by the store's clock
   */
  Save prepareSave(SecureRandom random, boolean access, Instant now) {
    boolean all;
    synchronized (lock) {
      all = stale || (!assumed && System.nanoTime() - confirmed > TRUST_NANOS);
    }
    Pending pending = saves.collect(all);
    synchronized (lock) {
      SessionToken token = identity.token();
      Duration renewal = stored ? identity.renewal() : null;
      boolean renews = renewal != null;
      boolean rotates = renews || (identity.isRotating() && stored);
      boolean changes =
          rotates
              || !pending.isEmpty()
              || metadata.isMaxInactiveIntervalChanged()
              || metadata.isLoginChanged();
      return new Save(
          !stored,
          pending,
          stamp,
          stored && changes ? stamp.next(random) : stamp,
          identity.epoch(),
          renews ? token.rotated(random) : token,
          rotates ? identity.storedSecretHash() : null,
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
          rotates ? identity.rotationTime(now) : identity.secretTime(),
          seal);
    }
  }

  /** Called when there was nothing to send. */
  void unchanged(Save save) {
    saves.settled(save.pending());
  }

  /**
   * Records that the store has taken {@code save}.
   *
   * @return true when more must be saved: another node has written in between, perhaps what this
   *     save left out as stored already, and changes of one request belong together
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
      confirmed();
      saves.saved(save.pending(), save.stamp(), outcome.lost());
      if (overtaken && !save.pending().unchanged().isEmpty()) {
        return true;
      }
      saves.settled(save.pending());
      return false;
    }
  }
}
