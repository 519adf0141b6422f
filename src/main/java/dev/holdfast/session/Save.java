package dev.holdfast.session;

import dev.holdfast.security.SessionToken;
import dev.holdfast.store.Metadata;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.SessionChanges;
import dev.holdfast.store.SessionChanges.LockCheck;
import dev.holdfast.store.SessionChanges.Rotation;
import dev.holdfast.store.SessionState.PreviousSecret;
import dev.holdfast.store.Stamp;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All that one save sends, frozen when it was collected: the session may change while the store is
 * waited for, and what changed then is still pending afterwards.
 *
 * @param create whether the session is not stored yet
 * @param pending attributes to write
 * @param base the stamp that the changes are based on
 * @param stamp the stamp after the save; {@code base} if there is nothing to send
 * @param epoch the epoch under which this node's requests entered
 * @param token the token whose secret opens the session after the save
 * @param replacedSecretHash hash of the secret that a rotation replaces; null without one
 * @param renewal how long the replaced secret stays good, if the rotation is a renewal; else null
 * @param creationTime of the session
 * @param accessedTime start of the latest request; null when the save is no access
 * @param interval maxInactiveInterval
 * @param intervalChanged whether it has changed since the last save
 * @param absoluteDeadline when the session ends whatever happens, or null
 * @param login who is logged in, or null
 * @param loginChanged whether that has changed since the last save
 * @param storedSecretHash hash of the secret that opens the session before the save
 * @param grace the replaced secret that opens it too, or null
 * @param secretTime since when the session has its secret, before the save
 * @param rotationTime since when it has the next one, if the save brings one; else {@code
 *     secretTime}
 * @param seal the principal's field in the store as this node knows it
 */
record Save(
    boolean create,
    Pending pending,
    Stamp base,
    Stamp stamp,
    long epoch,
    SessionToken token,
    byte @Nullable [] replacedSecretHash,
    @Nullable Duration renewal,
    Instant creationTime,
    @Nullable Instant accessedTime,
    Duration interval,
    boolean intervalChanged,
    @Nullable Instant absoluteDeadline,
    @Nullable Login login,
    boolean loginChanged,
    byte[] storedSecretHash,
    @Nullable PreviousSecret grace,
    Instant secretTime,
    Instant rotationTime,
    byte[] seal) {

  /** How long a secret that a login replaced is recognised. */
  private static final Duration REMEMBER_ROTATED = Duration.ofSeconds(30);

  private static final byte[] NOBODY = {};

  boolean rotates() {
    return replacedSecretHash != null;
  }

  boolean renews() {
    return renewal != null;
  }

  /** Whether there is nothing to send. */
  boolean isEmpty() {
    return stamp.equals(base) && !create;
  }

  /**
   * Whether the session is stored for a short time only: nobody is logged in, and no second request
   * has come. The next access gives it its full time.
   *
   * @param setting {@code sessions.first-life}
   */
  boolean hasFirstLife(Duration setting) {
    boolean shorter = interval.isZero() || interval.isNegative() || setting.compareTo(interval) < 0;
    return create && login == null && !setting.isZero() && shorter;
  }

  NewSession creation(Duration firstLife) {
    return new NewSession(
        token.locator(),
        token.secretHash(),
        stamp,
        creationTime,
        accessedTime == null ? creationTime : accessedTime,
        interval,
        absoluteDeadline,
        login == null ? null : login.toBytes(),
        pending.written(),
        hasFirstLife(firstLife) ? firstLife : null);
  }

  /**
   * @param lock under which it is to be saved, or null
   */
  SessionChanges changes(@Nullable LockCheck lock) {
    return new SessionChanges(
        token.locator(),
        epoch,
        base,
        stamp,
        accessedTime,
        intervalChanged ? interval : null,
        loginChanged ? loginBytes() : null,
        rotation(),
        pending.written(),
        pending.changedInPlace(),
        pending.removed(),
        metadata(),
        lock);
  }

  private Metadata metadata() {
    return new Metadata(
        creationTime,
        absoluteDeadline,
        interval,
        login == null ? null : login.toBytes(),
        rotates() ? token.secretHash() : storedSecretHash,
        rotates() ? rotationTime : secretTime,
        graceAfter(),
        rotates() && !renews() ? epoch + 1 : epoch,
        seal);
  }

  /** The replaced secret that opens the session too after the save, or null. */
  @Nullable PreviousSecret graceAfter() {
    if (replacedSecretHash == null) {
      return grace;
    }
    return renewal == null
        ? null
        : new PreviousSecret(replacedSecretHash, rotationTime.plus(renewal), true);
  }

  private @Nullable Rotation rotation() {
    return replacedSecretHash == null
        ? null
        : new Rotation(
            replacedSecretHash,
            token.secretHash(),
            renewal == null ? REMEMBER_ROTATED : renewal,
            renewal != null,
            rotationTime);
  }

  private byte[] loginBytes() {
    return login == null ? NOBODY : login.toBytes();
  }
}
