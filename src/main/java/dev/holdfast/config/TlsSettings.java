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

  /** Declares these settings, and takes their values. */
  static TlsSettings read(SettingsReader reader) {
    return new TlsSettings(
        reader.computed(
            "redis.trust",
            Group.FREQUENT,
            new FileType("path of a PEM or PKCS12 file"),
            () -> "",
            "the JDK's",
            "The authorities whose certificates `rediss` accepts; the host name is checked too."),
        reader.computed(
            "redis.trust-password",
            Group.RARE,
            new SecretType("text"),
            () -> "",
            "none",
            "Password of `redis.trust`."),
        reader.computed(
            "redis.key",
            Group.RARE,
            new FileType("path of a PEM file with certificates and key, or PKCS12"),
            () -> "",
            "none",
            "Certificate and key of this node, where Redis asks for one (mutual TLS)."),
        reader.computed(
            "redis.key-password",
            Group.RARE,
            new SecretType("text"),
            () -> "",
            "none",
            "Password of `redis.key`."));
  }

  /** Hides the passwords. */
  @Override
  public String toString() {
    return "TlsSettings[trust=" + trust + ", key=" + key + "]";
  }
}
