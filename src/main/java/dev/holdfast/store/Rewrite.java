package dev.holdfast.store;

import dev.holdfast.store.SessionChanges.ChangedInPlace;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Other bytes for what a session already holds. Each value is written only if the one that it was
 * made from is still stored; times and stamps stay as they are.
 *
 * @param base the stamp of the session that was read
 * @param principal the principal's field, empty to remove it; null to leave it
 * @param values attributes, with the stamps they were read with
 */
public record Rewrite(Stamp base, byte @Nullable [] principal, Map<String, ChangedInPlace> values) {

  /** Whether there is nothing to do. */
  public boolean isEmpty() {
    return principal == null && values.isEmpty();
  }
}
