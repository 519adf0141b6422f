package dev.holdfast.store;

import dev.holdfast.api.SessionStoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Which sessions a user has. A session is written here before it is stored with its user. So no
 * session is ever missing, but a member's session may be gone or have no user yet; readers
 * therefore ask the sessions themselves.
 *
 * <p>Users are named by text that says nothing about them. Every method but {@link #forget} and
 * {@link #refile} waits once and throws {@link SessionStoreUnavailableException} when the store
 * does not answer.
 */
public interface UserIndex {

  /**
   * A session that is, or may be, a user's.
   *
   * @param since when it was filed at a login, by the store's clock
   */
  record Member(String locator, Instant since) {}

  /**
   * The members of a user.
   *
   * @param filed whether the session that was to be filed is among them now
   * @param count how many there are
   * @param members all of them, the oldest login first; empty when {@code filed}
   * @param now the store's clock
   * @param keys of {@link KeyRegister}, read in the same wait; empty where the call does not ask
   *     for them
   */
  record Members(boolean filed, int count, List<Member> members, Instant now, Set<String> keys) {}

  /**
   * Files a session under its user if there is room; check and entry are one atomic step. Under a
   * limit it asks for the keys too.
   *
   * @param limit members that the user may have; 0 for any number
   * @param dead members to be removed first, each unless it was filed anew meanwhile
   * @param life maxInactiveInterval of the session; zero or negative: never expires. The user's
   *     entry is kept for twice that, and for 30 days at least, if nothing is filed in the meantime
   */
  Members file(String user, String locator, int limit, List<Member> dead, Duration life);

  /**
   * The members of a user after those in {@code dead} are removed, as in {@link #file}. Asks for
   * the keys too.
   */
  Members members(String user, List<Member> dead);

  /** Which keys the users' sessions are sealed with. */
  KeyRegister keys();

  /**
   * Files a session again, in case it is missing, and keeps the user's entry alive. Does not wait;
   * best effort.
   */
  void refile(String user, String locator, Duration life);

  /**
   * Removes a session unless it was filed after {@code ended}. Does not wait; best effort.
   *
   * @param ended by the store's clock
   */
  void forget(String user, String locator, Instant ended);
}
