package dev.holdfast.metrics;

/**
 * Is told what happens to sessions. Called on request threads, so it must neither block nor throw.
 */
@FunctionalInterface
public interface Metrics {
  /** Adds one to {@code counter}. */
  void count(Counter counter);

  /**
   * Adds to a counter.
   *
   * @param amount 0 or more
   */
  default void add(Counter counter, long amount) {}

  /**
   * A caller has waited for the store.
   *
   * @param operation what for, in words that do not vary with the session
   */
  default void waited(String operation, long nanos) {}

  /** A value was encoded or decoded. */
  default void coded(Coding coding, long nanos) {}

  /** An attribute was kept here or refused because of its class. */
  default void fate(Fate fate, Class<?> type) {}

  /** From now on, there is this to be read. */
  default void gauge(Gauge gauge) {}

  /** What a codec does. */
  enum Coding {
    ENCODE,
    DECODE
  }

  /** What becomes of an attribute that cannot be stored, told by its class. */
  enum Fate {
    LOCAL("Attributes of this class that were kept on this node only"),
    REFUSED("Attributes of this class that were refused");

    private final String text;

    Fate(String text) {
      this.text = text;
    }

    /** What is counted, as a part of a sentence. */
    public String text() {
      return text;
    }
  }

  /** Everything that is counted. */
  enum Counter {
    CREATED("A session was stored for the first time."),
    TAKEN_OVER("A session of the container or of Spring Session became one of Holdfast."),
    HANDED_BACK("A session became one of the container, because `takeover` is `out`."),
    CREATION_REFUSED("A session was not created, because this node creates too many."),
    COPY_CURRENT("A request found its session on this node, and Redis confirmed the copy."),
    COPY_TRACKED(
        "A request found its session on this node, and Redis would have told of a change"
            + " (`cache=tracking`)."),
    COPY_STALE(
        "A request found its session on this node, and read it again because another node had"
            + " changed it."),
    COPY_MISSING("A request read its session from Redis, because this node had no copy."),
    RENEWED("A session got a new id because the old one had reached its age."),
    LOGIN_REFUSED("A login was refused, because its user has as many sessions as they may have."),
    ENDED_FOR_LIMIT(
        "A session was ended by a login of its user, who had as many as they may have."),
    ENDED_BY_CALL("A session was ended through `Sessions`, by an administrator or by its user."),
    ENDED_ELSEWHERE(
        "A session that this node had an object of was ended by another node, which counts it."),
    SAVED("A session's changes were stored."),
    INVALIDATED("A session was ended by its application."),
    EXPIRED("This node found that a session's time was over, and ended it."),
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
    LOCK_WAITED("A request had to wait for another one of its session (`lock.paths`)."),
    LOCK_WAIT_MILLIS("Milliseconds that requests waited for others of their session."),
    LOCK_TIMEOUT(
        "A request was answered 503 because its turn had not come in time (`lock.wait`); nothing of"
            + " the application ran."),
    LOCK_LOST(
        "A request lost its turn while it was at work, as its node was silent for `lock.lease` or"
            + " Redis failed over; it cannot save."),
    LOST_AFTER_COMMIT("A change made after the response was committed could not be saved."),
    VALUE_BYTES_READ("Bytes of attribute values that were read from Redis, as they are stored."),
    VALUE_BYTES_WRITTEN("Bytes of attribute values that were sent to Redis to be stored.");

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
