package dev.holdfast.sealing;

import dev.holdfast.api.KeyProvider;
import dev.holdfast.text.Loggers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The keys in use. The provider is asked again at intervals, so that keys can be exchanged without
 * a restart. If it fails or gives invalid keys, that is reported, and the present keys stay in use.
 *
 * <p>There is no thread for this: the first caller after the interval asks the provider, and the
 * others go on with the present keys.
 */
public final class KeySource {
  private static final Logger LOG = Loggers.of(KeySource.class);
  private static final long INTERVAL = Duration.ofSeconds(1).toNanos();

  /** For when a key is missing: it may just have been added. */
  private static final long URGENT_INTERVAL = Duration.ofMillis(100).toNanos();

  private final KeyProvider provider;
  private final AtomicLong asked;
  private volatile KeyRing ring;
  private volatile String lastFault = "";

  /**
   * Asks the provider for the first time.
   *
   * @throws InvalidKeysException when it gives no keys, or invalid ones; the message names them by
   *     their place
   */
  public KeySource(KeyProvider provider) {
    this.provider = provider;
    this.ring = read(provider);
    this.asked = new AtomicLong(System.nanoTime());
  }

  private KeySource(KeyRing ring) {
    this.provider = List::of;
    this.ring = ring;
    this.asked = new AtomicLong(Long.MAX_VALUE);
  }

  /** Keys that never change, or none. */
  public static KeySource fixed(KeyRing ring) {
    return new KeySource(ring);
  }

  /** The keys. */
  public KeyRing ring() {
    return ring(INTERVAL);
  }

  /** The keys, read again sooner because those of {@link #ring()} lack one. */
  KeyRing newestRing() {
    return ring(URGENT_INTERVAL);
  }

  private KeyRing ring(long interval) {
    long last = asked.get();
    long now = System.nanoTime();
    if (last != Long.MAX_VALUE && now - last >= interval && asked.compareAndSet(last, now)) {
      ask();
    }
    return ring;
  }

  private void ask() {
    try {
      KeyRing next = read(provider);
      if (!next.toString().equals(ring.toString())) {
        LOG.log(Level.INFO, "The encryption keys have changed: {0}", next);
        ring = next;
      }
      lastFault = "";
    } catch (RuntimeException | LinkageError e) {
      // What a provider throws may hold anything in its message; our own messages show no key.
      String fault =
          e instanceof InvalidKeysException
              ? String.valueOf(e.getMessage())
              : e.getClass().getName();
      if (!fault.equals(lastFault)) {
        lastFault = fault;
        LOG.log(
            Level.WARNING,
            "The encryption keys cannot be read again ({0}); {1}, as before",
            fault,
            ring);
      }
    }
  }

  private static KeyRing read(KeyProvider provider) {
    List<byte[]> keys = provider.keys();
    if (keys.isEmpty()) {
      throw new InvalidKeysException("there is no key", null);
    }
    return KeyRing.of(keys);
  }
}
