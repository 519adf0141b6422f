package dev.holdfast.session;

import dev.holdfast.api.SessionInfo;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One session as it is stored, without its values.
 *
 * @param idSince when it got its present id, by the store's clock
 * @param expires when it ends if nobody uses it, by the store's clock; null: never
 * @param saves how often it was saved, its creation included
 * @param attributes what is stored, by name
 * @param local what only this node has, by name
 */
public record SessionDetails(
    SessionInfo info,
    Instant idSince,
    @Nullable Instant expires,
    long saves,
    List<StoredValue> attributes,
    List<LocalValue> local) {

  /** How an attribute is written. */
  public enum Form {
    /** This node can read it. */
    READABLE,
    /** It is sealed with a key that this node does not have. */
    SEALED
  }

  /**
   * An attribute of the session in the store.
   *
   * @param type the name of its class; null when the bytes do not tell
   * @param bytes how long it is, without a seal
   * @param savesAgo how many saves of the session there were since it was written; 0: the last one
   *     wrote it
   */
  public record StoredValue(
      String name, @Nullable String type, Form form, int bytes, long savesAgo) {}

  /**
   * An attribute that is on this node only.
   *
   * @param type the name of its class
   * @param why it is not stored
   */
  public record LocalValue(String name, String type, String why) {}
}
