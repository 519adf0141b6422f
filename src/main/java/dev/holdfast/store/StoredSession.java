package dev.holdfast.store;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole session as a store keeps it.
 *
 * @param state what is checked on every request
 * @param creationTime by the store's clock
 * @param principal the encoded login, or null when nobody is logged in
 * @param attributes encoded values by attribute name
 */
public record StoredSession(
    SessionState state,
    Instant creationTime,
    byte @Nullable [] principal,
    Map<String, StoredAttribute> attributes) {

  /**
   * One attribute.
   *
   * @param value encoded
   * @param written the stamp of the save that wrote it last
   */
  public record StoredAttribute(byte[] value, Stamp written) {}
}
