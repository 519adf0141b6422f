package dev.holdfast.session;

import dev.holdfast.security.SessionToken;
import dev.holdfast.store.SaveOutcome;
import dev.holdfast.store.SessionState;
import dev.holdfast.store.SessionState.PreviousSecret;
import dev.holdfast.store.StoredSession;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What opens a live session: its newest token, the secrets that the store knows, and the rotation
 * or renewal that the next save will bring.
 *
 * <p>Guarded by the session's lock, which the caller of every method holds.
 */
final class Identity {
  /** The newest token of this session that is known here. */
  private SessionToken token;

  /**
   * Hash of the secret that opens the session, even if a login's rotation to it is not saved yet.
   */
  private byte[] secretHash;

  private byte[] storedSecretHash;

  /** The replaced secret that opens the session too, or null. */
  private @Nullable PreviousSecret grace;

  /** Since when the session has the stored secret. */
  private Instant secretTime;

  /** How long the present secret stays good after the renewal that is due; null when none is. */
  private @Nullable Duration renewal;

  /** The id before a renewal of which nobody has been told yet. */
  private @Nullable String renewedId;

  /** Whether a login's rotation is not yet saved. */
  private boolean rotating;

  /** How many logins' rotations the store has seen. */
  private long epoch;

  /**
   * @param created when the session was created
   */
  Identity(SessionToken token, Instant created) {
    this.token = token;
    this.secretHash = token.secretHash();
    this.storedSecretHash = secretHash;
    this.secretTime = created;
  }

  SessionToken token() {
    return token;
  }

  /** Whether {@link #token()} is what opens the session. */
  boolean knowsToken() {
    return token.hasSecretHash(secretHash);
  }

  /** Whether {@code candidate} opens the session now, or did before it was merely renewed. */
  boolean opensWith(SessionToken candidate) {
    return candidate.hasSecretHash(secretHash) || isRenewed(candidate);
  }

  /** Whether a renewal has replaced {@code candidate} with {@link #token()}. */
  boolean renewed(SessionToken candidate) {
    return isRenewed(candidate) && knowsToken();
  }

  /** False after a login: whoever holds the id from before it must not get the new one. */
  private boolean isRenewed(SessionToken candidate) {
    return !rotating && grace != null && candidate.hasSecretHash(grace.hash());
  }

  /**
   * Whether a login on this node has replaced {@code candidate} or, not yet saved, is about to.
   *
   * @param seenEpoch the epoch in which {@code candidate} was found to open the session
   */
  boolean isReplacedByLogin(SessionToken candidate, long seenEpoch) {
    return !candidate.hasSecretHash(secretHash) && (rotating || epoch != seenEpoch);
  }

  String id() {
    return SessionToken.publicId(token.locator(), secretHash);
  }

  long epoch() {
    return epoch;
  }

  /** Sets the epoch of a session that was just read. */
  void epoch(long read) {
    epoch = read;
  }

  byte[] storedSecretHash() {
    return storedSecretHash;
  }

  @Nullable PreviousSecret grace() {
    return grace;
  }

  /** Since when the session has the stored secret. */
  Instant secretTime() {
    return secretTime;
  }

  /**
   * The time to store for a secret that comes next. Of two secrets of one session the later always
   * has the later time, whatever the clocks do, because that time tells under which secret a value
   * was written.
   */
  Instant rotationTime(Instant now) {
    Instant next = secretTime.plusMillis(1);
    return now.isBefore(next) ? next : now;
  }

  /** How long the present secret stays good after the renewal that is due; null when none is. */
  @Nullable Duration renewal() {
    return rotating ? null : renewal;
  }

  boolean isRotating() {
    return rotating;
  }

  /** Rotates the secret at a login: the old secret dies with the next save. */
  void rotate(SecureRandom random) {
    token = token.rotated(random);
    secretHash = token.secretHash();
    rotating = true;
    renewal = null;
  }

  /**
   * Has the next save renew the secret, if {@code presented} is it and it is {@code interval} old.
   *
   * @return whether it is due now and was not before
   */
  boolean renewIfDue(SessionToken presented, Instant now, Duration interval, Duration grace) {
    boolean due =
        !rotating
            && renewal == null
            && presented.hasSecretHash(storedSecretHash)
            && !now.isBefore(secretTime.plus(interval));
    if (due) {
      renewal = grace;
    }
    return due;
  }

  /**
   * Called when a request came with {@code arrived}, which may be the token whose hash alone was
   * known.
   */
  void arrived(SessionToken arrived) {
    if (arrived.hasSecretHash(secretHash)) {
      token = arrived;
    }
  }

  /** Whether the secrets and the epoch that a check found are what is known here. */
  boolean vouchesFor(SessionState state) {
    PreviousSecret previous = state.previousSecret();
    return epoch == state.epoch()
        && MessageDigest.isEqual(storedSecretHash, state.secretHash())
        && (previous == null
            || !previous.opens()
            || (grace != null
                && grace.until().equals(previous.until())
                && MessageDigest.isEqual(grace.hash(), previous.hash())));
  }

  /** Adopts what was read from the store. */
  void refresh(StoredSession from) {
    PreviousSecret previous = from.state().previousSecret();
    if (!Arrays.equals(storedSecretHash, from.state().secretHash())) {
      // Another node has renewed or rotated it first.
      renewal = null;
    }
    storedSecretHash = from.state().secretHash();
    secretTime = from.secretTime();
    if (!rotating) {
      secretHash = storedSecretHash;
    }
    grace = previous != null && previous.opens() ? previous : null;
  }

  /** Records that the store has taken {@code save}. */
  void saved(Save save, SaveOutcome outcome) {
    if (save.renews()) {
      renewal = null;
      if (!outcome.renewed()) {
        return;
      }
    } else if (save.rotates()) {
      epoch = save.epoch() + 1;
    }
    grace = save.graceAfter();
    if (save.create() || save.rotates()) {
      storedSecretHash = save.token().secretHash();
      secretTime = save.create() ? save.creationTime() : save.rotationTime();
    }
    if (save.renews() && !rotating) {
      renewedId = id();
      token = save.token();
      secretHash = storedSecretHash;
    }
    rotating = !Arrays.equals(secretHash, storedSecretHash);
  }

  /** The id before a renewal that was saved, for the first caller only; else null. */
  @Nullable String takeRenewedId() {
    String before = renewedId;
    renewedId = null;
    return before;
  }
}
