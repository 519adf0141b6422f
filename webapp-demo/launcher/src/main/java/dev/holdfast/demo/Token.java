package dev.holdfast.demo;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A session cookie's value taken apart: 16 bytes name the session, 32 bytes are the secret that
 * opens it. Only the first part and the secret's hash can be had from here.
 *
 * @param locator 22 characters of base64url; names the session's key in Redis
 * @param secretHash SHA-256 of the secret
 * @param shortened the first and last four characters of the value
 */
record Token(String locator, byte[] secretHash, String shortened) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{64}");
  private static final int LOCATOR_BYTES = 16;

  /** The token that {@code value} spells, or null when it is something else. */
  static @Nullable Token parse(@Nullable String value) {
    if (value == null || !FORM.matcher(value).matches()) {
      return null;
    }
    byte[] bytes = Base64.getUrlDecoder().decode(value);
    String locator =
        Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(bytes, LOCATOR_BYTES));
    byte[] hash = sha256(Arrays.copyOfRange(bytes, LOCATOR_BYTES, bytes.length));
    return new Token(locator, hash, value.substring(0, 4) + "…" + value.substring(60));
  }

  boolean opens(byte @Nullable [] storedHash) {
    return MessageDigest.isEqual(secretHash, storedHash);
  }

  @Override
  public String toString() {
    return shortened;
  }

  private static byte[] sha256(byte[] input) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(input);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
