package dev.holdfast.container.vault;

import dev.holdfast.api.CredentialsProvider;

/** User and password for Redis. */
public final class VaultLogin implements CredentialsProvider {
  @Override
  public Credentials credentials() {
    return new Credentials("shop", VaultFile.read("password"));
  }
}
