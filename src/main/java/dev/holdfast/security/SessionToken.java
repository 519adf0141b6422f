package dev.holdfast.security;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The session token a client holds: 16 bytes of locator and 32 bytes of secret, written as 64
 * characters of base64url without padding. 48 bytes fill 64 characters exactly, so two different
 * texts never mean the same token.
 *
 * <p>Only the cookie and URL rewriting ever see {@link #value()}; {@link #toString()} gives the
 * public id.
 */
public final class SessionToken {
  /** Characters of a token, and so of the cookie value. */
  public static final int LENGTH = 64;

  private static final int LOCATOR_BYTES = 16;
  private static final int SECRET_BYTES = 32;
  private static final int PUBLIC_HASH_BYTES = 16;
  private static final int PUBLIC_LENGTH = 43;
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  /** Null when the secret is not known. */
  private final byte @Nullable [] bytes;

  private final byte[] secretHash;
  private final String locator;

  private SessionToken(byte[] bytes) {
    this.bytes = bytes;
    this.locator = BASE64.encodeToString(Arrays.copyOf(bytes, LOCATOR_BYTES));
    this.secretHash = Sha256.of(bytes, LOCATOR_BYTES, SECRET_BYTES);
  }

  private SessionToken(String locator, byte[] secretHash) {
    this.bytes = null;
    this.locator = locator;
    this.secretHash = secretHash;
  }

  /** A new token: 384 bits from {@code random} (ASVS 7.2.3). */
  public static SessionToken create(SecureRandom random) {
    byte[] bytes = new byte[LOCATOR_BYTES + SECRET_BYTES];
    random.nextBytes(bytes);
    return new SessionToken(bytes);
  }

  /**
   * Stands for the token of a stored session whose secret is not known here, so that somebody other
   * than its client can end the session. Has no {@link #value()}.
   *
   * @param locator 22 characters of base64url
   * @param secretHash 32 bytes
   */
  public static SessionToken withoutSecret(String locator, byte[] secretHash) {
    return new SessionToken(locator, secretHash.clone());
  }

  /** The same session under a new secret: the locator stays, so the Redis key does too. */
  public SessionToken rotated(SecureRandom random) {
    byte[] next = new byte[LOCATOR_BYTES + SECRET_BYTES];
    random.nextBytes(next);
    System.arraycopy(Base64.getUrlDecoder().decode(locator), 0, next, 0, LOCATOR_BYTES);
    return new SessionToken(next);
  }

  /**
   * The token that {@code text} spells, or null when its length or alphabet is wrong; nothing is
   * hashed then.
   */
  public static @Nullable SessionToken parse(@Nullable String text) {
    if (!isWellFormed(text)) {
      return null;
    }
    return new SessionToken(Base64.getUrlDecoder().decode(text));
  }

  private static boolean isWellFormed(@Nullable String text) {
    return text != null && text.length() == LENGTH && isBase64(text);
  }

  private static boolean isBase64(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean base64url =
          (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_';
      if (!base64url) {
        return false;
      }
    }
    return true;
  }

  /**
   * The text for the cookie. Whoever knows it is the user: it goes into no log, message, key or URL
   * but encodeURL's.
   *
   * @throws IllegalStateException for a token {@link #withoutSecret}
   */
  public String value() {
    byte[] known = bytes;
    if (known == null) {
      throw new IllegalStateException(
          "The secret of session " + publicId() + " is not known here: only its client has it");
    }
    return BASE64.encodeToString(known);
  }

  /** 22 characters of base64url that name the session for ever; public. */
  public String locator() {
    return locator;
  }

  /** SHA-256 of the secret, 32 bytes, a copy. */
  public byte[] secretHash() {
    return secretHash.clone();
  }

  /**
   * Whether the secret of this token hashes to {@code hash}; takes the same time whatever differs.
   */
  public boolean hasSecretHash(byte @Nullable [] hash) {
    return MessageDigest.isEqual(secretHash, hash);
  }

  /** What {@code HttpSession.getId()} returns: see {@link #publicId(String, byte[])}. */
  public String publicId() {
    return publicId(locator, secretHash);
  }

  /**
   * The public session id: base64url of the locator and the first 16 bytes of the secret's hash, 43
   * characters.
   *
   * @param locator as {@link #locator()} gives it
   * @param secretHash 32 bytes
   */
  public static String publicId(String locator, byte[] secretHash) {
    byte[] id =
        Arrays.copyOf(Base64.getUrlDecoder().decode(locator), LOCATOR_BYTES + PUBLIC_HASH_BYTES);
    System.arraycopy(secretHash, 0, id, LOCATOR_BYTES, PUBLIC_HASH_BYTES);
    return BASE64.encodeToString(id);
  }

  /**
   * The locator in a public id, or null when {@code publicId} is not one.
   *
   * @param publicId as {@link #publicId()} gives it
   */
  public static @Nullable String locatorOf(@Nullable String publicId) {
    if (publicId == null || publicId.length() != PUBLIC_LENGTH || !isBase64(publicId)) {
      return null;
    }
    byte[] id = Base64.getUrlDecoder().decode(publicId);
    return BASE64.encodeToString(Arrays.copyOf(id, LOCATOR_BYTES));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SessionToken that
        && locator.equals(that.locator)
        && MessageDigest.isEqual(secretHash, that.secretHash);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(secretHash);
  }

  /** The public id, so that a token in a message gives nothing away. */
  @Override
  public String toString() {
    return publicId();
  }
}
