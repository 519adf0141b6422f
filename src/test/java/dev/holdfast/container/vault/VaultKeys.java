package dev.holdfast.container.vault;

import dev.holdfast.api.KeyProvider;
import java.util.Base64;
import java.util.List;

/** Keys for sessions, one a line. */
public final class VaultKeys implements KeyProvider {
  @Override
  public List<byte[]> keys() {
    return VaultFile.read("keys").lines().map(Base64.getDecoder()::decode).toList();
  }
}
