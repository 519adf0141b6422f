package dev.holdfast.metrics;

/**
 * Is told what happens to sessions. Called on request threads, so it must neither block nor throw.
 */
@FunctionalInterface
public interface Metrics {
  /** Counts nothing. */
  Metrics NONE = counter -> {};

  /** Adds one to {@code counter}. */
  void count(Counter counter);

  /**
   * A caller has waited for the store.
   *
   * @param operation what for, in words that do not vary with the session
   */
  default void waited(String operation, long nanos) {}

  /** From now on, there is this to be read. */
  default void gauge(Gauge gauge) {}

  /** Everything that is counted. */
  enum Counter {
    CREATED("A session was stored for the first time."),
    CREATION_REFUSED("A session was not created, because this node creates too many."),
    RENEWED("A session got a new id because the old one had reached its age."),
    LOGIN_REFUSED("A login was refused, because its user has as many sessions as they may have."),
    ENDED_FOR_LIMIT(
        "A session was ended by a login of its user, who had as many as they may have."),
    SAVED("A session's changes were stored."),
    INVALIDATED("A session was ended by its application."),
    EXPIRED("A request found its session expired, and this node ended it."),
    SAVE_GONE("A save found its session ended elsewhere; its changes were dropped."),
    SAVE_FENCED(
        "A save was refused because the session's id had been rotated elsewhere at a login."),
    SAVE_LATE("A save reached the store after its deadline, or its outcome is unknown."),
    CHANGE_LOST("A change in place lost against another node's write of the same attribute."),
    ENCODING_RACED("A value was changed by another thread on every attempt to encode it."),
    KEPT_LOCAL("A value that cannot be stored was kept on this node only."),
    LISTENER_FAILED("A listener of the application threw an exception."),
    UNDECODABLE("A stored attribute could not be decoded and reads as absent."),
    UNKNOWN_TOKEN("A request came with a well-formed token that leads to no live session."),
    ROTATED_AWAY("A request came with a secret that a login had just replaced."),
    DUPLICATE_TOKENS("A request came with more than one valid session token."),
    STORE_UNAVAILABLE("The store did not answer in time or is not connected."),
    RESTORED(
        "A session that the store had lost came back from the backup when a request asked for it."),
    BACKUP_FAILED("The backup did not do what it was asked, or not in time."),
    LOOKUP_REFUSED(
        "A session unknown to the store was not looked up in the backup, because too many are."),
    LOST_AFTER_COMMIT("A change made after the response was committed could not be saved.");

    private final String text;

    Counter(String text) {
      this.text = text;
    }

    /** What it counts, in a sentence. */
    public String text() {
      return text;
    }
  }
}
