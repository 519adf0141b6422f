package dev.holdfast.config;

/**
 * Whom to trust and who we are on a TLS connection. A text that is empty was not set.
 *
 * @param trust {@code redis.trust}: file of the authorities to trust instead of the JDK's
 * @param trustPassword {@code redis.trust-password}
 * @param key {@code redis.key}: file of our own certificate and key
 * @param keyPassword {@code redis.key-password}
 */
public record TlsSettings(String trust, String trustPassword, String key, String keyPassword) {

  /** Hides the passwords. */
  @Override
  public String toString() {
    return "TlsSettings[trust=" + trust + ", key=" + key + "]";
  }
}
