package dev.holdfast.store;

import dev.holdfast.api.SessionStoreUnavailableException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sessions that another library keeps in the same place. Every method waits once and throws {@link
 * SessionStoreUnavailableException} when the store does not answer.
 */
public interface ForeignSessions {

  /**
   * What is stored of a session, by the names of its fields; null when there is none.
   *
   * @param id its whole id, of letters, digits, dashes and underscores
   */
  @Nullable Map<String, byte[]> read(String id);

  /** Removes a session. */
  void remove(String id);
}
