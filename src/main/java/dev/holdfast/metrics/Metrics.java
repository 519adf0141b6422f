package dev.holdfast.metrics;

/**
 * Receives counts of what happens to sessions. Called on request threads, so it must neither block
 * nor throw.
 */
@FunctionalInterface
public interface Metrics {
  /** Counts nothing. */
  Metrics NONE = counter -> {};

  /** Adds one to {@code counter}. */
  void count(Counter counter);

  /** Everything that is counted. */
  enum Counter {
    /** A session was stored for the first time. */
    CREATED,
    /** A session was not created, because this node creates too many. */
    CREATION_REFUSED,
    /** A session got a new id because the old one had reached its age. */
    RENEWED,
    /** A login was refused, because its user has as many sessions as they may have. */
    LOGIN_REFUSED,
    /** A session was ended by a login of its user, who had as many as they may have. */
    ENDED_FOR_LIMIT,
    /** A session's changes were stored. */
    SAVED,
    /** A session was ended by its application. */
    INVALIDATED,
    /** A request found its session expired, and this node ended it. */
    EXPIRED,
    /** A save found its session ended elsewhere; its changes were dropped. */
    SAVE_GONE,
    /** A save was refused because the session's id had been rotated elsewhere at a login. */
    SAVE_FENCED,
    /** A save reached the store after its deadline, or its outcome is unknown. */
    SAVE_LATE,
    /** A change in place lost against another node's write of the same attribute. */
    CHANGE_LOST,
    /** A value was changed by another thread on every attempt to encode it. */
    ENCODING_RACED,
    /** A value that cannot be stored was kept on this node only. */
    KEPT_LOCAL,
    /** A listener of the application threw an exception. */
    LISTENER_FAILED,
    /** A stored attribute could not be decoded and reads as absent. */
    UNDECODABLE,
    /** A request came with a well-formed token that leads to no live session. */
    UNKNOWN_TOKEN,
    /** A request came with a secret that a login had just replaced. */
    ROTATED_AWAY,
    /** A request came with more than one valid session token. */
    DUPLICATE_TOKENS,
    /** The store did not answer in time or is not connected. */
    STORE_UNAVAILABLE,
    /** A session that the store had lost came back from the backup when a request asked for it. */
    RESTORED,
    /** The backup did not do what it was asked, or not in time. */
    BACKUP_FAILED,
    /** A session unknown to the store was not looked up in the backup, because too many are. */
    LOOKUP_REFUSED,
    /** A change made after the response was committed could not be saved. */
    LOST_AFTER_COMMIT
  }
}
