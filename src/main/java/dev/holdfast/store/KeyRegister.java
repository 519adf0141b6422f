package dev.holdfast.store;

import dev.holdfast.api.SessionStoreUnavailableException;
import java.time.Duration;
import java.util.Set;

/**
 * Which keys the nodes of an application seal with. A node that lacks one cannot find all sessions
 * of a user, and learns that here.
 */
public interface KeyRegister {

  /**
   * Notes that a session was sealed with a key. Does not wait; best effort.
   *
   * @param key its name
   * @param life the session's maxInactiveInterval; zero or negative: never expires
   */
  void note(String key, Duration life);

  /**
   * The keys noted for sessions that may still live. One wait.
   *
   * @throws SessionStoreUnavailableException when the store does not answer
   */
  Set<String> noted();

  /** Forgets a key with which nothing is sealed any more. One wait. */
  void forget(String key);
}
