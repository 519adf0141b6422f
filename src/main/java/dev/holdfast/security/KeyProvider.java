package dev.holdfast.security;

import java.util.List;

/**
 * Where encryption keys come from, for who keeps them in a vault: the setting {@code
 * encryption.provider} names a class of this kind, with a public constructor without arguments.
 */
public interface KeyProvider {

  /**
   * The keys as they are now, 32 bytes each: the first one writes, all of them read. Asked when the
   * application starts and then at most once a second, by threads of requests: what takes long,
   * such as a call to a vault, belongs on a thread of the provider's own. When it throws, or gives
   * keys that are none, the keys known so far stay in use.
   */
  List<byte[]> keys();
}
