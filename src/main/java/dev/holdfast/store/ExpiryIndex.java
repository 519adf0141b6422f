package dev.holdfast.store;

import dev.holdfast.api.SessionStoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds sessions whose time is over, so that listeners can be told although no request asks for
 * them any more. A store that keeps such an index files every session it creates.
 *
 * <p>An entry is a lower bound: the entry of a session that was prolonged falls due too early, so
 * whoever finds it asks the session itself.
 */
public interface ExpiryIndex {

  /**
   * Has a session filed that may not be: one that entered the store by another way than {@link
   * SessionStore#create}, or from a node that files none. No wait: the next sweep files it.
   */
  void file(String locator);

  /**
   * Looks once, at a bounded number of entries. Waits, so no request's thread should call it.
   *
   * @param overdue entries that have been due for less than this are left alone
   * @param over called for each session whose time is over; ends it with {@link
   *     SessionStore#destroy}, which one of several nodes succeeds in
   * @return whether there is more to do at once
   * @throws SessionStoreUnavailableException when the store does not answer; a later sweep, of this
   *     node or another, does what was begun
   */
  boolean sweep(Duration overdue, Consumer<String> over);

  /** Whether sessions are filed at all: {@code expiry.events}. */
  boolean isOn();

  /** How many parts the index is split into. */
  int parts();

  /**
   * Some of the sessions that are filed.
   *
   * @param locators also of sessions that have ended but whose entries no sweep has found yet; one
   *     that is filed again between two pages can be on both
   * @param next where the next page begins; null when this was the last
   */
  record Page(List<String> locators, @Nullable String next) {}

  /**
   * The sessions that are filed, page by page. One wait for each part of the index that the page
   * touches, so {@link #parts()} at most, unless many entries have the same time.
   *
   * @param cursor the {@code next} of the page before; null for the first page
   * @param limit how many at most, 1 or more
   * @throws IllegalArgumentException when that is no cursor, or the limit is less than 1
   * @throws SessionStoreUnavailableException when the store does not answer
   */
  Page page(@Nullable String cursor, int limit);

  /**
   * How many sessions are filed, with those that have ended but whose entries no sweep has found
   * yet. One wait.
   *
   * @throws SessionStoreUnavailableException when the store does not answer
   */
  long count();

  /**
   * All sessions of one part, including those that have ended but whose entries no sweep has found
   * yet. Waits once for every few hundred, so no request's thread should call it. Sessions that are
   * filed for the first time meanwhile may be missing; those that are filed again are not.
   *
   * @param part 0 or more, less than {@link #parts()}
   * @throws SessionStoreUnavailableException when the store does not answer
   */
  Set<String> filed(int part);
}
