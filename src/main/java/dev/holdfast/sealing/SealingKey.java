package dev.holdfast.sealing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One key of the ring. It encrypts nothing itself: each session gets a key of its own, derived with
 * HKDF-SHA256 (RFC 5869), so that the random nonces of one AES-GCM key never come near 2^32 (NIST
 * SP 800-38D, 8.3), however many sessions there are.
 *
 * <p>Named by four bytes derived from it, not by what an administrator calls it: two nodes can
 * never mean different keys by one name. The name may be seen; it tells nothing of the key.
 */
final class SealingKey {
  /** Bytes of a key: AES-256. */
  public static final int BYTES = 32;

  private static final String HMAC = "HmacSHA256";
  private static final int POOLED = 32;
  private static final byte[] SALT = "holdfast 1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NAME = "name".getBytes(StandardCharsets.US_ASCII);

  private final byte[] pseudorandom;
  private final int id;

  /** Of the pseudorandom key, to be used again: to make one takes more than to use it. */
  private final BlockingQueue<Mac> idle = new ArrayBlockingQueue<>(POOLED);

  /**
   * @param bytes {@value #BYTES} of them
   */
  SealingKey(byte[] bytes) {
    this.pseudorandom = mac(SALT).doFinal(bytes);
    this.id = ByteBuffer.wrap(derive(NAME)).getInt();
  }

  /** Names the key. */
  public int id() {
    return id;
  }

  /**
   * A key of {@value #BYTES} bytes for one purpose: HKDF-Expand.
   *
   * @param info names the purpose; different for different purposes
   */
  public byte[] derive(byte[] info) {
    byte[] block = Arrays.copyOf(info, info.length + 1);
    block[info.length] = 1;
    Mac pooled = idle.poll();
    Mac mac = pooled != null ? pooled : mac(pseudorandom);
    byte[] key = mac.doFinal(block);
    boolean unused = idle.offer(mac);
    return key;
  }

  private static Mac mac(byte[] key) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(HMAC + " is missing, which every Java platform must have", e);
    }
  }

  /** The name of a key as logs and reports show it: eight hexadecimal digits. */
  public static String name(int id) {
    return HexFormat.of().toHexDigits(id);
  }

  /** The name. */
  @Override
  public String toString() {
    return name(id);
  }
}
