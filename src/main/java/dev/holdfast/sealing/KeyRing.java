package dev.holdfast.sealing;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The keys at one moment: the first one writes, all of them read. */
public final class KeyRing {
  /** A ring without keys. */
  public static final KeyRing EMPTY = new KeyRing(List.of());

  private final List<SealingKey> keys;

  private KeyRing(List<SealingKey> keys) {
    this.keys = keys;
  }

  /**
   * A ring of these keys.
   *
   * @param keys {@link SealingKey#BYTES} bytes each; the first one writes
   * @throws InvalidKeysException when a key has another length or is there twice; the message names
   *     it by its place, from 1
   */
  public static KeyRing of(List<byte[]> keys) {
    List<SealingKey> ring = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      byte[] bytes = keys.get(i);
      if (bytes.length != SealingKey.BYTES) {
        throw new InvalidKeysException(
            "key " + (i + 1) + " has " + bytes.length + " bytes and not " + SealingKey.BYTES, null);
      }
      SealingKey key = new SealingKey(bytes);
      for (int j = 0; j < ring.size(); j++) {
        if (ring.get(j).id() == key.id()) {
          throw new InvalidKeysException(
              "key " + (i + 1) + " is the same as key " + (j + 1) + "; remove one", null);
        }
      }
      ring.add(key);
    }
    return new KeyRing(List.copyOf(ring));
  }

  /** Whether there is no key. */
  public boolean isEmpty() {
    return keys.isEmpty();
  }

  /**
   * The key to write with.
   *
   * @throws IllegalStateException when there is none
   */
  public SealingKey writing() {
    if (keys.isEmpty()) {
      throw new IllegalStateException("There is no encryption key to write with");
    }
    return keys.get(0);
  }

  /** All keys, the one to write with first; cannot be changed. */
  public List<SealingKey> keys() {
    return keys;
  }

  /** The key of that name, or null. */
  public @Nullable SealingKey key(int id) {
    for (SealingKey key : keys) {
      if (key.id() == id) {
        return key;
      }
    }
    return null;
  }

  /** The names of the keys, for reports. */
  @Override
  public String toString() {
    if (keys.isEmpty()) {
      return "no keys";
    }
    String others =
        keys.stream().skip(1).map(SealingKey::toString).collect(Collectors.joining(", "));
    return "writes with " + keys.get(0) + (others.isEmpty() ? "" : ", also reads " + others);
  }
}
