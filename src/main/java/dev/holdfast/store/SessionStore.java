package dev.holdfast.store;

import dev.holdfast.api.SessionStoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps sessions as bytes. Safe for use by many threads. Every method but {@link #now()} throws
 * {@link SessionStoreUnavailableException} when the store cannot be reached or does not answer in
 * time.
 *
 * <p>A <em>wait</em> is one packet the caller waits for. A session whose time is over counts as
 * absent for writes.
 */
public interface SessionStore extends AutoCloseable {

  /** Connects if that has not happened yet. No wait when connected. */
  void ensureAvailable();

  /**
   * Reads a whole session. One wait.
   *
   * @param touchSecretHash when given, records the access in the same packet, unawaited, provided
   *     that this is the session's secret; what is returned is the state before
   * @return null when there is none
   */
  @Nullable StoredSession load(String locator, byte @Nullable [] touchSecretHash);

  /**
   * Reads what tells whether a copy of the session is still current. One wait.
   *
   * @param touchSecretHash as in {@link #load}
   * @return null when there is none
   */
  @Nullable SessionState check(String locator, byte @Nullable [] touchSecretHash);

  /**
   * What {@link #check} would answer, if that is known without asking. No wait. It may be out of
   * date by the time that the news of a change is under way; so it does for letting a request in,
   * and whoever would turn one away asks first.
   *
   * @return null when the store has to be asked
   */
  default @Nullable SessionState known(String locator) {
    return null;
  }

  /**
   * Records an access and moves the idle deadline, if {@code secretHash} is the session's. No wait.
   *
   * @return completes with the session's maxInactiveInterval, empty when there is no such session;
   *     exceptionally when the store is unavailable
   */
  CompletionStage<Optional<Duration>> touch(String locator, byte[] secretHash);

  /**
   * Moves the idle deadline of a session in use. This does not count as an access. No wait.
   *
   * @return as {@link #touch}
   */
  CompletionStage<Optional<Duration>> prolong(String locator);

  /**
   * Stores a new session. One wait.
   *
   * @return saved, late, or gone when the locator is taken
   */
  SaveOutcome create(NewSession session);

  /** Saves changes, with a rotation if one is due. One wait. */
  SaveOutcome save(SessionChanges changes);

  /**
   * Ends a session. One wait. Also works when the store is out of memory.
   *
   * @return what was stored, to exactly one of several callers; null to the others
   */
  @Nullable StoredSession destroy(String locator);

  /**
   * Ends a session's time at once, for somebody who has none of the application's listeners: every
   * node finds it expired from then on, and the next sweep of one of them, or a request for it,
   * takes it out and tells the listeners there. Two waits. Listeners hear of it only if sessions
   * are filed ({@link ExpiryIndex#isOn()}).
   *
   * @return whether there was one whose time was not over
   */
  boolean lapse(String locator);

  /**
   * Replaces bytes of a session by others of the same meaning. This counts neither as an access nor
   * as a change. One wait.
   *
   * @return how many fields were written
   */
  int rewrite(String locator, Rewrite rewrite);

  /**
   * Gives up the connection that serves a session, because what it brought cannot be what was asked
   * for. The next call uses a fresh one; calls that wait for the old one fail as unavailable.
   */
  void distrustConnection(String locator);

  /**
   * As {@link #destroy}, for a session that the store has reported as expired: its own deadline
   * keeps it from coming back.
   */
  default @Nullable StoredSession expire(String locator) {
    return destroy(locator);
  }

  /**
   * Puts back what a backup has and this store does not. Blocks until it is done.
   *
   * @return how many sessions are back
   * @throws UnsupportedOperationException when there is no backup
   */
  default long restoreAll() {
    throw new UnsupportedOperationException(
        "No sessions can be restored: there is no backup; set backup.database");
  }

  /**
   * Registers who is told which sessions a backup has put back, or has found put back by another
   * node: the index entries that lead to them were lost with them. {@code restored} runs on the
   * thread that put them back, which waits for it.
   */
  default void whenRestored(Consumer<Collection<String>> restored) {}

  /**
   * Reads sessions without their attributes. One wait for all. One that cannot be read does not
   * hide the others.
   *
   * @param unreadable is told of those that are there and cannot be read
   * @return what was found, by locator
   */
  Map<String, StoredSession> describe(Collection<String> locators, Unreadable unreadable);

  /** Is told of sessions that cannot be read. */
  @FunctionalInterface
  interface Unreadable {
    /**
     * Called for each of them.
     *
     * @param mayBeGood why it cannot be read here, though perhaps on another node; null when it is
     *     damaged, and counts as absent on every node
     */
    void found(String locator, @Nullable SessionStoreUnavailableException mayBeGood);
  }

  /** Which sessions a user has. */
  UserIndex users();

  /** The locks of the sessions. */
  SessionLocks locks();

  /** The store's clock, estimated from its last reply; this JVM's clock until there is one. */
  Instant now();

  @Override
  void close();
}
