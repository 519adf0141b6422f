package dev.holdfast.store;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a save ended.
 *
 * @param result saved, or why not
 * @param previous the stamp found in the store; null unless saved
 * @param renewed false when a renewal was asked for and left out, because another was first
 * @param lost names of attributes changed in place that were left alone because another node had
 *     written them
 * @param now the store's clock
 * @param seal the principal's field as it was written, for {@link Metadata#seal} of the next save;
 *     null when it was not
 */
public record SaveOutcome(
    Result result,
    @Nullable Stamp previous,
    boolean renewed,
    Set<String> lost,
    Instant now,
    byte @Nullable [] seal) {

  /**
   * The outcome of a save that did not write the principal's field, or whose caller need not know
   * it.
   */
  public SaveOutcome(Result result, @Nullable Stamp previous, Set<String> lost, Instant now) {
    this(result, previous, false, lost, now, null);
  }

  /** The ways a save can end when the store answers. */
  public enum Result {
    /** All is stored. */
    SAVED,
    /** The session has ended; nothing was written. */
    GONE,
    /** The session is in a newer epoch; nothing was written. */
    FENCED,
    /**
     * Another node has changed the metadata that the writer knew, or has renewed the id before the
     * rotation of a login. Nothing was written; read the session and save again.
     */
    MOVED,
    /** The writer does not hold the lock under which it made its changes; nothing was written. */
    LOCK_LOST,
    /** The save arrived after its deadline and refused itself; nothing was written. */
    LATE
  }
}
