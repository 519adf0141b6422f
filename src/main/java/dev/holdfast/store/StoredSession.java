package dev.holdfast.store;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole session as a store keeps it.
 *
 * @param state what is checked on every request
 * @param creationTime by the store's clock
 * @param secretTime when it got its secret, by the store's clock
 * @param principal the encoded login, or null when nobody is logged in
 * @param attributes encoded values by attribute name
 * @param seal the principal's field as it is stored, for {@link Metadata#seal} of the next save;
 *     null when nothing authenticates it
 */
public record StoredSession(
    SessionState state,
    Instant creationTime,
    Instant secretTime,
    byte @Nullable [] principal,
    Map<String, StoredAttribute> attributes,
    byte @Nullable [] seal) {

  /** A session whose metadata nothing authenticates. */
  public StoredSession(
      SessionState state,
      Instant creationTime,
      Instant secretTime,
      byte @Nullable [] principal,
      Map<String, StoredAttribute> attributes) {
    this(state, creationTime, secretTime, principal, attributes, null);
  }

  /**
   * One attribute.
   *
   * @param value encoded
   * @param written the stamp of the save that wrote it last
   */
  public record StoredAttribute(byte[] value, Stamp written) {}
}
