package dev.holdfast.session;

import dev.holdfast.api.SessionLimitExceededException;
import dev.holdfast.config.LimitSettings;
import java.util.Map;
import java.util.function.ToIntFunction;

/** Limits how large a session may become. Counts the encoded values and their names. */
final class SizeLimits {
  /** No less than an envelope and encryption add to a value. */
  private static final int STORED_OVERHEAD_BYTES = 64;

  private final LimitSettings limits;

  SizeLimits(LimitSettings limits) {
    this.limits = limits;
  }

  /**
   * Whether a stored value can be one that a node with these limits has written.
   *
   * @param bytes as stored
   */
  boolean isPlausible(int bytes) {
    return bytes <= limits.attributeBytes() + STORED_OVERHEAD_BYTES;
  }

  /**
   * Checks that {@code current} may get one more attribute, or a new value of one it has.
   *
   * @param bytes of the encoded value
   * @throws SessionLimitExceededException when it may not
   */
  void requireRoom(Map<String, Attribute> current, String name, int bytes) {
    if (!current.containsKey(name) && current.size() >= limits.attributes()) {
      throw new SessionLimitExceededException(
          "the session has "
              + current.size()
              + " attributes and may have "
              + limits.attributes()
              + ". Keep less in the session, or raise session.max-attributes.");
    }
    long before = 0;
    for (Map.Entry<String, Attribute> entry : current.entrySet()) {
      if (!entry.getKey().equals(name)) {
        before += entry.getKey().length() + (long) entry.getValue().size;
      }
    }
    require(before + name.length() + bytes);
  }

  /**
   * Checks a session as it would be stored.
   *
   * @param size of an attribute, by its name
   * @throws SessionLimitExceededException when it is too large
   */
  void requireFits(Iterable<String> names, ToIntFunction<String> size) {
    long total = 0;
    for (String name : names) {
      total += name.length() + (long) size.applyAsInt(name);
    }
    require(total);
  }

  private void require(long total) {
    if (total > limits.sessionBytes()) {
      throw new SessionLimitExceededException(
          "the session would take "
              + total
              + " bytes and may take "
              + limits.sessionBytes()
              + ". Keep less in the session, or raise session.max-size.");
    }
  }
}
