package dev.holdfast.store;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a request must know of a stored session before it may use a copy it already holds: at most
 * 300 bytes on the wire, whatever the session weighs.
 *
 * @param secretHash SHA-256 of the secret that opens the session
 * @param previousSecret the secret a rotation replaced a moment ago, or null
 * @param epoch goes up with every login; a writer of an older epoch is fenced
 * @param stamp names the stored content
 * @param lastAccessedTime start of the last request that was recorded
 * @param maxInactiveInterval zero or negative: never expires
 * @param absoluteDeadline the session ends then whatever happens, or null
 * @param now the store's clock when it answered
 * @param expired whether the store judges, by its own clock, that the session's time is over; its
 *     attributes stay readable for a grace so that listeners can be told
 */
public record SessionState(
    byte[] secretHash,
    @Nullable PreviousSecret previousSecret,
    long epoch,
    Stamp stamp,
    Instant lastAccessedTime,
    Duration maxInactiveInterval,
    @Nullable Instant absoluteDeadline,
    Instant now,
    boolean expired) {

  /** The same, of another moment. */
  public SessionState at(Instant moment) {
    return new SessionState(
        secretHash,
        previousSecret,
        epoch,
        stamp,
        lastAccessedTime,
        maxInactiveInterval,
        absoluteDeadline,
        moment,
        expired);
  }

  /**
   * A secret that was replaced and is remembered for a short while.
   *
   * @param hash SHA-256 of it
   * @param until when it is forgotten, by the store's clock
   * @param opens whether it still opens the session (a renewal's grace) or is only recognised
   *     (after a login)
   */
  public record PreviousSecret(byte[] hash, Instant until, boolean opens) {}
}
