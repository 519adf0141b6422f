package dev.holdfast.sealing;

import dev.holdfast.api.KeyProvider;
import dev.holdfast.config.Encryption;
import dev.holdfast.config.EncryptionSettings;
import dev.holdfast.config.Settings;
import dev.holdfast.security.NamedClass;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals the bytes of one application's sessions, field by field, and opens them again: AES-256-GCM.
 *
 * <pre>
 * sealed = format (1 byte, 0x81), key id (4), mark (8), nonce (12),
 *          ciphertext (as long as the plain bytes), tag (16)
 * </pre>
 *
 * <p>The plain forms of values and logins begin with a format number below 0x80, so one byte tells
 * which is which. The tag also authenticates the format, prefix and name of the application, the
 * session's locator, the name of the field, and what the caller binds to it. So bytes that were
 * copied to another field, session or application do not open. It authenticates the mark, too: a
 * number by which the caller tells old bytes from new ones.
 *
 * <p>Each session has a key of its own, derived from the ring's ({@link SealingKey}); nonces are
 * random. Sealing n bytes allocates the n + {@value #OVERHEAD} that it returns and little else:
 * ciphers are pooled here, not per thread, so that none outlives the application.
 */
public final class Sealing {
  /** How many bytes longer the sealed form is. */
  public static final int OVERHEAD = 41;

  private static final byte FORMAT = (byte) 0x81;
  private static final int NONCE = 12;
  private static final int MARK = 1 + Integer.BYTES;
  private static final int HEADER = MARK + Long.BYTES + NONCE;

  /** Bytes of the format and the mark. */
  private static final int MARKED = 1 + Long.BYTES;

  private static final int TAG = 16;
  private static final int POOLED = 32;
  private static final int PSEUDONYM = 16;
  private static final String AES = "AES";

  private final KeySource keys;
  private final Encryption mode;
  private final byte[] context;
  private final byte[] pseudonym;
  private final SecureRandom random = new SecureRandom();
  private final BlockingQueue<Cipher> ciphers = new ArrayBlockingQueue<>(POOLED);

  /**
   * Creates the sealing of one application.
   *
   * @param app its name in the store, which no other application has there
   * @param mode whether it writes sealed bytes, and whether it takes plain ones
   */
  public Sealing(KeySource keys, Encryption mode, String app) {
    this.keys = keys;
    this.mode = mode;
    this.context = ("holdfast " + app + " ").getBytes(StandardCharsets.UTF_8);
    this.pseudonym = ("holdfast " + app + " user ").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Creates the sealing that the settings ask for.
   *
   * @param loader class loader of the application, which may hold the class that gives the keys
   * @throws IllegalArgumentException when there are no usable keys where the settings point to; the
   *     message names the setting and shows no key
   */
  public static Sealing of(Settings settings, ClassLoader loader) {
    EncryptionSettings encryption = settings.encryption();
    return new Sealing(
        keys(encryption, loader), encryption.mode(), settings.prefix() + ":" + settings.app());
  }

  private static KeySource keys(EncryptionSettings encryption, ClassLoader loader) {
    if (!encryption.keysFile().isEmpty()) {
      return from("encryption.keys-file", new KeyFile(Path.of(encryption.keysFile())));
    }
    if (!encryption.provider().isEmpty()) {
      String setting = "encryption.provider";
      return from(
          setting, NamedClass.instance(setting, encryption.provider(), KeyProvider.class, loader));
    }
    return KeySource.fixed(KeyRing.of(encryption.keys()));
  }

  private static KeySource from(String setting, KeyProvider provider) {
    try {
      return new KeySource(provider);
    } catch (InvalidKeysException e) {
      throw new IllegalArgumentException(setting + ": " + e.getMessage(), e);
    }
  }

  /** Which keys there are, by name, for the start-up report. */
  public String report() {
    return "encryption: " + mode.name().toLowerCase(Locale.ROOT) + ", " + keys.ring();
  }

  /** The names of the keys in the order of the alphabet, which says nothing of the keys. */
  public String keyNames() {
    List<String> names =
        keys.ring().keys().stream().map(key -> SealingKey.name(key.id())).sorted().toList();
    return names.isEmpty() ? "none" : String.join(", ", names);
  }

  /**
   * The names that may stand for a user in the store, where a reader must not be able to confirm a
   * guess: HMAC-SHA256 of {@code user} under each key. The first is the one to write. The others
   * may have been written before the keys were exchanged, or by a node that is at another step of
   * turning encryption on or off.
   */
  List<String> pseudonyms(String user) {
    List<String> names = new ArrayList<>();
    for (SealingKey key : keys.ring().keys()) {
      byte[] text = user.getBytes(StandardCharsets.UTF_8);
      byte[] info = Arrays.copyOf(pseudonym, pseudonym.length + text.length);
      System.arraycopy(text, 0, info, pseudonym.length, text.length);
      byte[] hmac = Arrays.copyOf(key.derive(info), PSEUDONYM);
      names.add(Base64.getUrlEncoder().withoutPadding().encodeToString(hmac));
    }
    if (mode != Encryption.REQUIRED) {
      names.add(isWriting() ? names.size() : 0, user);
    }
    return names;
  }

  /** Name of the key that this node seals with; null when it writes in the clear. */
  @Nullable String writingKey() {
    return isWriting() ? SealingKey.name(keys.ring().writing().id()) : null;
  }

  /** Whether this node has the key of that name, after asking for newer keys if it lacks it. */
  boolean hasKey(String name) {
    return has(keys.ring(), name) || has(keys.newestRing(), name);
  }

  private static boolean has(KeyRing ring, String name) {
    return ring.keys().stream().anyMatch(key -> SealingKey.name(key.id()).equals(name));
  }

  /** Whether bytes are sealed before they are written. */
  boolean isWriting() {
    return mode != Encryption.OFF;
  }

  /**
   * Whether only sealed bytes are opened, so that a holder of the key has written whatever is read.
   */
  public boolean isRequired() {
    return mode == Encryption.REQUIRED;
  }

  /** Whether the bytes are of the sealed form, in this format or a later one. */
  public static boolean isSealed(byte[] bytes) {
    return bytes.length > 0 && bytes[0] < 0;
  }

  /**
   * Whether the bytes have to be written again to be as this node writes now: sealed with the first
   * key of the ring, or in the clear.
   */
  boolean isOutdated(byte[] bytes) {
    if (!isWriting()) {
      return isSealed(bytes);
    }
    return bytes.length < HEADER
        || bytes[0] != FORMAT
        || ByteBuffer.wrap(bytes).getInt(1) != keys.ring().writing().id();
  }

  /**
   * The mark that sealed bytes carry. It can be trusted if they open.
   *
   * @param sealed bytes that {@link OfSession#open} has opened
   */
  public static long mark(byte[] sealed) {
    return ByteBuffer.wrap(sealed).getLong(MARK);
  }

  /** The sealing of one session's fields, which remembers the key that it derived last. */
  public OfSession of(String locator) {
    return new OfSession(locator);
  }

  /** Seals and opens the fields of one session. Not safe for use by several threads. */
  public final class OfSession {
    private final byte[] info;
    private @Nullable SecretKeySpec key;
    private int keyId;

    private OfSession(String locator) {
      byte[] name = locator.getBytes(StandardCharsets.UTF_8);
      info = Arrays.copyOf(context, context.length + name.length);
      System.arraycopy(name, 0, info, context.length, name.length);
    }

    /**
     * Seals bytes.
     *
     * @param field the name of the field in its session
     * @param mark a number that is stored and authenticated with them
     * @param bound is authenticated with them
     */
    public byte[] seal(String field, long mark, byte[] bound, byte[] plain) {
      SealingKey writing = keys.ring().writing();
      byte[] sealed = new byte[plain.length + OVERHEAD];
      byte[] nonce = new byte[NONCE];
      random.nextBytes(nonce);
      ByteBuffer.wrap(sealed).put(FORMAT).putInt(writing.id()).putLong(mark).put(nonce);
      try {
        Cipher cipher = cipher();
        cipher.init(Cipher.ENCRYPT_MODE, key(writing), new GCMParameterSpec(8 * TAG, nonce));
        authenticate(cipher, field, mark, bound);
        cipher.doFinal(plain, 0, plain.length, sealed, HEADER);
        ciphers.offer(cipher);
        return sealed;
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("AES-256-GCM does not work on this Java platform", e);
      }
    }

    /**
     * Opens what {@link #seal} gave.
     *
     * @throws BrokenSealException when it did not give these bytes for this field of this session
     * @throws UnknownKeyException when this node has neither the key nor the format, and so cannot
     *     tell
     */
    public byte[] open(String field, byte[] bound, byte[] sealed)
        throws BrokenSealException, UnknownKeyException {
      if (!isSealed(sealed)) {
        if (mode == Encryption.REQUIRED) {
          throw new BrokenSealException("it is stored in the clear, and encryption is required");
        }
        return sealed;
      }
      if (sealed[0] != FORMAT) {
        throw new UnknownKeyException(
            "it is sealed in the format "
                + (sealed[0] & 0x7F)
                + ", which this version cannot read");
      }
      if (sealed.length < OVERHEAD) {
        throw new BrokenSealException("it is cut off");
      }
      SealingKey sealing = known(ByteBuffer.wrap(sealed).getInt(1));
      try {
        Cipher cipher = cipher();
        cipher.init(
            Cipher.DECRYPT_MODE,
            key(sealing),
            new GCMParameterSpec(8 * TAG, sealed, HEADER - NONCE, NONCE));
        authenticate(cipher, field, mark(sealed), bound);
        byte[] plain = cipher.doFinal(sealed, HEADER, sealed.length - HEADER);
        ciphers.offer(cipher);
        return plain;
      } catch (AEADBadTagException e) {
        throw new BrokenSealException("its tag is wrong under the key " + sealing);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("AES-256-GCM does not work on this Java platform", e);
      }
    }

    private SealingKey known(int id) throws UnknownKeyException {
      SealingKey known = keys.ring().key(id);
      if (known == null) {
        known = keys.newestRing().key(id);
      }
      if (known == null) {
        KeyRing ring = keys.ring();
        throw new UnknownKeyException(
            "it is sealed with the key "
                + SealingKey.name(id)
                + ", which this node does not have ("
                + ring
                + ")");
      }
      return known;
    }

    private SecretKeySpec key(SealingKey sealing) {
      SecretKeySpec current = key;
      if (current == null || keyId != sealing.id()) {
        current = new SecretKeySpec(sealing.derive(info), AES);
        key = current;
        keyId = sealing.id();
      }
      return current;
    }

    /** A locator has no space, so no two contexts are the same. */
    private void authenticate(Cipher cipher, String field, long mark, byte[] bound) {
      int size = MARKED + info.length + Integer.BYTES + Character.BYTES * field.length();
      ByteBuffer all = ByteBuffer.allocate(size + bound.length);
      all.put(FORMAT).putLong(mark).put(info).putInt(field.length());
      // UTF-16 has a form of its own for every Java string, UTF-8 has none for a lone surrogate.
      for (int i = 0; i < field.length(); i++) {
        all.putChar(field.charAt(i));
      }
      // At once: the cipher keeps what it is given in a buffer that grows.
      cipher.updateAAD(all.put(bound).array());
    }
  }

  private Cipher cipher() throws GeneralSecurityException {
    Cipher pooled = ciphers.poll();
    return pooled != null ? pooled : Cipher.getInstance("AES/GCM/NoPadding");
  }
}
