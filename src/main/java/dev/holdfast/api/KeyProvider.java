package dev.holdfast.api;

import java.util.List;

/**
 * Provides the encryption keys, for those who keep them in a vault. The setting {@code
 * encryption.provider} names an implementation, which needs a public constructor without arguments.
 */
public interface KeyProvider {

  /**
   * The keys as they are now, 32 bytes each: the first one writes, all of them read. Called when
   * the application starts and then at most once a second (ten times a second while what is stored
   * names a key that is missing), on threads of requests. So what takes long, such as a call to a
   * vault, belongs on a thread of the provider's own. If it later throws or gives invalid keys, the
   * keys known so far stay in use.
   */
  List<byte[]> keys();
}
