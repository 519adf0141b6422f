package dev.holdfast.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one save writes, all of it or nothing.
 *
 * @param locator names the session
 * @param epoch the epoch under which the writer entered; another epoch in the store fences it
 * @param base the stamp the changes are based on; another one in the store does not refuse them,
 *     but tells the writer that its copy is stale
 * @param stamp the stamp of the state after the save; if the store has it already, the save is
 *     answered as saved and does nothing
 * @param lastAccessedTime start of the request that saves; an older one than stored is ignored.
 *     Null when the save is no access: the idle deadline stays where it is, unless the interval
 *     changes
 * @param maxInactiveInterval the new one in whole seconds, or null when unchanged
 * @param principal the new encoded login; empty: logged out; null: unchanged
 * @param rotation the new secret, or null
 * @param written values that were set explicitly, by attribute name
 * @param changedInPlace values found changed without being set, by attribute name
 * @param removed names of attributes to remove
 * @param metadata what the session is after the save; a store that authenticates needs it, and when
 *     it is given to one that does not, the principal is written only over {@link Metadata#seal}
 * @param lock what the writer believes to hold; if it does not, the store refuses the changes. Null
 *     when they were made without a lock
 */
public record SessionChanges(
    String locator,
    long epoch,
    Stamp base,
    Stamp stamp,
    @Nullable Instant lastAccessedTime,
    @Nullable Duration maxInactiveInterval,
    byte @Nullable [] principal,
    @Nullable Rotation rotation,
    Map<String, byte[]> written,
    Map<String, ChangedInPlace> changedInPlace,
    Set<String> removed,
    @Nullable Metadata metadata,
    @Nullable LockCheck lock) {

  /** Changes made without a lock, for a store that does not authenticate. */
  public SessionChanges(
      String locator,
      long epoch,
      Stamp base,
      Stamp stamp,
      @Nullable Instant lastAccessedTime,
      @Nullable Duration maxInactiveInterval,
      byte @Nullable [] principal,
      @Nullable Rotation rotation,
      Map<String, byte[]> written,
      Map<String, ChangedInPlace> changedInPlace,
      Set<String> removed) {
    this(
        locator,
        epoch,
        base,
        stamp,
        lastAccessedTime,
        maxInactiveInterval,
        principal,
        rotation,
        written,
        changedInPlace,
        removed,
        null,
        null);
  }

  /** The same for a store that does not authenticate. */
  public SessionChanges withoutMetadata() {
    return new SessionChanges(
        locator,
        epoch,
        base,
        stamp,
        lastAccessedTime,
        maxInactiveInterval,
        principal,
        rotation,
        written,
        changedInPlace,
        removed,
        null,
        lock);
  }

  /**
   * The lock under which changes were made ({@link SessionLocks}).
   *
   * @param token of the ticket that must hold the session's lock
   * @param ends whether the save gives the lock up
   */
  public record LockCheck(String token, boolean ends) {}

  /**
   * A value that the application changed without setting it. It is written only if the stored value
   * is still the one that was changed.
   *
   * @param read the stamp of the write this node has read
   * @param value encoded
   */
  public record ChangedInPlace(Stamp read, byte[] value) {}

  /**
   * A new secret for the session.
   *
   * <p>At a login the old secret is dead at once and the epoch goes up by one. A renewal leaves the
   * epoch, and the old secret opens the session for a while.
   *
   * @param expected hash of the secret that is replaced; if there is another one in the store, a
   *     login has to be saved again, and a renewal is left out while the rest is saved
   * @param secretHash hash of the new secret
   * @param remember how long a dead secret is recognised, so that a request in flight with it is
   *     not mistaken for a new visitor; at a renewal, how long the old one stays valid, more than
   *     zero
   * @param renewal whether this is a renewal
   * @param time when it happens, by the store's clock as the writer knows it; later than the time
   *     of the secret that is replaced. Null: the store asks its clock
   */
  public record Rotation(
      byte[] expected,
      byte[] secretHash,
      Duration remember,
      boolean renewal,
      @Nullable Instant time) {

    /** A rotation at a time that the store tells. */
    public Rotation(byte[] expected, byte[] secretHash, Duration remember, boolean renewal) {
      this(expected, secretHash, remember, renewal, null);
    }

    /** A login's rotation at a time that the store tells. */
    public Rotation(byte[] expected, byte[] secretHash, Duration remember) {
      this(expected, secretHash, remember, false);
    }
  }
}
