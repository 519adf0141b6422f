package dev.holdfast.session;

import dev.holdfast.store.SessionChanges.ChangedInPlace;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The attributes that a save has to write, encoded, and the objects they were read from. */
final class Pending {
  final Map<String, byte[]> written = new LinkedHashMap<>();
  final Map<String, ChangedInPlace> changedInPlace = new LinkedHashMap<>();
  final Set<String> removed = new HashSet<>();

  /** What is written or changed in place, by name. */
  final Map<String, Encoded> sent = new LinkedHashMap<>();

  /** What was set to the value that is stored already, so that it is not sent. */
  final Map<String, Encoded> unchanged = new LinkedHashMap<>();

  /** Changes in place to what another node had replaced by then, so that they cannot be saved. */
  final Set<String> lost = new HashSet<>();

  /** Whether something could not be encoded as it is, and so has to be saved again. */
  boolean raced;

  /**
   * @param digest of the bytes to be stored
   * @param again digest of what the value encodes to afterwards, if that may be something else
   */
  record Encoded(Attribute source, int size, byte[] digest, byte @Nullable [] again) {}

  boolean isEmpty() {
    return written.isEmpty() && changedInPlace.isEmpty() && removed.isEmpty();
  }
}
