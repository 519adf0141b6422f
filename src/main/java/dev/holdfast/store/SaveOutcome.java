package dev.holdfast.store;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a save ended.
 *
 * @param result saved, or why not
 * @param previous the stamp found in the store; null unless saved
 * @param lost names of attributes changed in place that were left alone because another node had
 *     written them
 * @param now the store's clock
 */
public record SaveOutcome(Result result, @Nullable Stamp previous, Set<String> lost, Instant now) {

  /** The ways a save can end when the store answers. */
  public enum Result {
    /** All is stored. */
    SAVED,
    /** The session has ended; nothing was written. */
    GONE,
    /**
     * The session is in a newer epoch, or its secret was rotated by somebody else; nothing was
     * written.
     */
    FENCED,
    /** The save arrived after its deadline and refused itself; nothing was written. */
    LATE
  }
}
