package dev.holdfast.admin;

import dev.holdfast.security.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What the addresses of the admin view name, in a form that says nothing: addresses get into logs
 * of servers and proxies and into the history of browsers, and neither session ids nor names of
 * users belong there.
 *
 * <p>It is enciphered with AES-GCM, so what somebody made up is told from what a page gave out
 * before it is used. All nodes use the same key, made of {@code admin.token} and the application's
 * name: a page of one node leads on at another. The nonce is made of what is enciphered, so that an
 * address stays the same. With {@code admin.role} alone the key is no secret: the form then keeps
 * names out of the sight of those who read logs, and not from somebody who knows this code.
 */
final class PageLinks {
  /**
   * The most characters of a link that an address takes: of a name of 1,000 and a little more. A
   * browser sends the address of the page before along, and containers take 8 kB of headers.
   */
  static final int MAX_IN_ADDRESS = 2_800;

  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeySpec key;

  /** What is named; one cannot be used for another. */
  enum Kind {
    SESSION,
    USER,
    ATTRIBUTE,
    CURSOR
  }

  /**
   * @param secret {@code admin.token}, or null
   * @param application its name in Redis
   */
  PageLinks(@Nullable String secret, String application) {
    key =
        new SecretKeySpec(
            Sha256.of("holdfast admin links of " + application + "\n" + secret), "AES");
  }

  /** Letters, digits, dashes and underscores that stand for a text. */
  String of(Kind kind, String text) {
    // Not UTF-8, which loses half of a surrogate pair.
    ByteBuffer plain = ByteBuffer.allocate(2 * text.length());
    for (int i = 0; i < text.length(); i++) {
      plain.putChar(text.charAt(i));
    }
    try {
      byte[] nonce = nonce(kind, plain.array());
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, kind, nonce).doFinal(plain.array());
      byte[] link = Arrays.copyOf(nonce, NONCE + sealed.length);
      System.arraycopy(sealed, 0, link, NONCE, sealed.length);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(link);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES/GCM is missing, which every Java platform must have", e);
    }
  }

  /** Whether it may be a part of an address; else a form has to carry it. */
  static boolean fitsAddress(String link) {
    return link.length() <= MAX_IN_ADDRESS;
  }

  /** What it stands for; null when no page gave it out. */
  @Nullable String read(Kind kind, @Nullable String link) {
    if (link == null) {
      return null;
    }
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(link);
      if (bytes.length < NONCE + TAG_BITS / Byte.SIZE) {
        return null;
      }
      byte[] nonce = Arrays.copyOf(bytes, NONCE);
      byte[] plain =
          cipher(Cipher.DECRYPT_MODE, kind, nonce).doFinal(bytes, NONCE, bytes.length - NONCE);
      return ByteBuffer.wrap(plain).asCharBuffer().toString();
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return null;
    }
  }

  private byte[] nonce(Kind kind, byte[] plain) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key.getEncoded(), "HmacSHA256"));
    mac.update(kind.name().getBytes(StandardCharsets.US_ASCII));
    mac.update((byte) 0);
    return Arrays.copyOf(mac.doFinal(plain), NONCE);
  }

  private Cipher cipher(int mode, Kind kind, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(kind.name().getBytes(StandardCharsets.US_ASCII));
    return cipher;
  }
}
