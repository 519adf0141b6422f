package dev.holdfast.store;

import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds sessions whose time is over, so that somebody can be told although nobody asks for them any
 * more. A store that keeps one files every session it creates.
 *
 * <p>An entry is a lower bound: a session that was prolonged has an entry that is due too early,
 * and whoever finds it asks the session itself.
 */
public interface ExpiryIndex {

  /**
   * Has a session filed that may not be: one that came into the store by another way than {@link
   * SessionStore#create}, or from a node that files none. No wait: it is done with the next sweep.
   */
  void file(String locator);

  /**
   * Looks once, at a bounded number of entries. Waits, so it is nothing for a request's thread.
   *
   * @param overdue leaves alone what has been due for less than this
   * @param over called for each session whose time is over; ends it with {@link
   *     SessionStore#destroy}, which one of several nodes succeeds in
   * @return whether there is more to do at once
   * @throws SessionStoreUnavailableException when the store does not answer; what was begun is done
   *     by a later sweep, of this node or another
   */
  boolean sweep(Duration overdue, Consumer<String> over);

  /** Whether sessions are filed at all: {@code expiry.events}. */
  boolean isOn();

  /** Into how many parts it is split. */
  int parts();

  /**
   * All sessions of one part, those included that have ended and whose entries nobody has found
   * yet. Waits for every few hundred of them, so it is nothing for a request's thread. Those that
   * are filed meanwhile may be missing; those that are filed anew are not.
   *
   * @param part 0 or more, less than {@link #parts()}
   * @throws SessionStoreUnavailableException when the store does not answer
   */
  Set<String> filed(int part);
}
