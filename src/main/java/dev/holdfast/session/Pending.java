package dev.holdfast.session;

import dev.holdfast.store.SessionChanges.ChangedInPlace;
import dev.holdfast.store.Stamp;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attributes that a save has to write, encoded, and the objects they were read from. After most
 * requests there are none or one, so each collection is made when something comes into it.
 */
final class Pending {
  private Map<String, byte[]> written = Map.of();
  private Map<String, ChangedInPlace> changedInPlace = Map.of();
  private Set<String> removed = Set.of();
  private Map<String, Encoded> sent = Map.of();
  private Map<String, Encoded> unchanged = Map.of();
  private Set<String> lost = Set.of();

  /** Whether something could not be encoded as it is, and so has to be saved again. */
  boolean raced;

  /**
   * @param digest of the bytes to be stored
   * @param again digest of what the value encodes to afterwards, if that may be something else
   */
  record Encoded(Attribute source, int size, byte[] digest, byte @Nullable [] again) {}

  void write(String name, byte[] encoded, Encoded taken) {
    written = written.isEmpty() ? new LinkedHashMap<>() : written;
    written.put(name, encoded);
    send(name, taken);
  }

  /**
   * @param read the stamp of the stored value that was changed
   */
  void changeInPlace(String name, Stamp read, byte[] encoded, Encoded taken) {
    changedInPlace = changedInPlace.isEmpty() ? new LinkedHashMap<>() : changedInPlace;
    changedInPlace.put(name, new ChangedInPlace(read, encoded));
    send(name, taken);
  }

  private void send(String name, Encoded taken) {
    sent = sent.isEmpty() ? new LinkedHashMap<>() : sent;
    sent.put(name, taken);
  }

  void leave(String name, Encoded taken) {
    unchanged = unchanged.isEmpty() ? new LinkedHashMap<>() : unchanged;
    unchanged.put(name, taken);
  }

  void remove(String name) {
    removed = removed.isEmpty() ? new HashSet<>() : removed;
    removed.add(name);
  }

  /** Takes back {@link #remove}. */
  void keep(String name) {
    if (!removed.isEmpty()) {
      removed.remove(name);
    }
  }

  void lose(String name) {
    lost = lost.isEmpty() ? new HashSet<>() : lost;
    lost.add(name);
  }

  Map<String, byte[]> written() {
    return written;
  }

  Map<String, ChangedInPlace> changedInPlace() {
    return changedInPlace;
  }

  Set<String> removed() {
    return removed;
  }

  /** What is written or changed in place, by name. */
  Map<String, Encoded> sent() {
    return sent;
  }

  /** What was set to the value that is stored already, so that it is not sent. */
  Map<String, Encoded> unchanged() {
    return unchanged;
  }

  /** Changes in place to what another node had replaced by then, so that they cannot be saved. */
  Set<String> lost() {
    return lost;
  }

  boolean isEmpty() {
    return written.isEmpty() && changedInPlace.isEmpty() && removed.isEmpty();
  }
}
