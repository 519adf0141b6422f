package dev.holdfast.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session to be stored for the first time, at epoch 0.
 *
 * @param locator 22 characters of base64url
 * @param secretHash 32 bytes
 * @param creationTime by the store's clock as {@link SessionStore#now()} estimates it
 * @param accessedTime its last access; the creation time but for a session that was taken over
 * @param maxInactiveInterval whole seconds; zero or negative: never expires
 * @param absoluteDeadline or null for none
 * @param principal the encoded login, or null
 * @param attributes encoded values by attribute name
 * @param firstLife how long it lives if it is not touched or saved, where that is shorter than
 *     usual; null: as long as usual
 */
public record NewSession(
    String locator,
    byte[] secretHash,
    Stamp stamp,
    Instant creationTime,
    Instant accessedTime,
    Duration maxInactiveInterval,
    @Nullable Instant absoluteDeadline,
    byte @Nullable [] principal,
    Map<String, byte[]> attributes,
    @Nullable Duration firstLife) {

  /** A session that lives for its maxInactiveInterval from the start. */
  public NewSession(
      String locator,
      byte[] secretHash,
      Stamp stamp,
      Instant creationTime,
      Duration maxInactiveInterval,
      @Nullable Instant absoluteDeadline,
      byte @Nullable [] principal,
      Map<String, byte[]> attributes) {
    this(
        locator,
        secretHash,
        stamp,
        creationTime,
        creationTime,
        maxInactiveInterval,
        absoluteDeadline,
        principal,
        attributes,
        null);
  }

  /** The same session with other bytes in its principal's field and its attributes. */
  public NewSession with(byte @Nullable [] principal, Map<String, byte[]> attributes) {
    return new NewSession(
        locator,
        secretHash,
        stamp,
        creationTime,
        accessedTime,
        maxInactiveInterval,
        absoluteDeadline,
        principal,
        attributes,
        firstLife);
  }
}
