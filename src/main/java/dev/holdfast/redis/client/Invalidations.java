package dev.holdfast.redis.client;

/**
 * Is told of keys that have changed, expired or gone since they were read with {@link Call#optIn}.
 * Called on an I/O thread, between the replies before and after the change; must not block.
 */
public interface Invalidations {
  /** One key has changed. */
  void changed(byte[] key);

  /** Nobody knows which keys have changed. */
  void allChanged();
}
