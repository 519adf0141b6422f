package dev.holdfast.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.esotericsoftware.kryo.kryo5.io.Output;
import org.jspecify.annotations.Nullable;

/**
 * Kryo's output, with a faster way to write a long text that is all ASCII. The bytes are the same.
 */
final class TextOutput extends Output {

  /** Kryo itself writes shorter texts: it has another form for some of them. */
  private static final int LONG = 65;

  TextOutput(int capacity, int maxCapacity) {
    super(capacity, maxCapacity);
  }

  @Override
  public void writeString(@Nullable String text) {
    if (text == null || text.length() < LONG || text.charAt(0) >= 0x80) {
      super.writeString(text);
      return;
    }
    byte[] bytes = text.getBytes(UTF_8);
    int length = text.length();
    if (bytes.length != length || (Ascii.has('?', bytes) && !isSame(text, bytes))) {
      super.writeString(text);
      return;
    }
    writeVarIntFlag(true, length + 1, true);
    writeBytes(bytes, 0, length);
  }

  /**
   * Whether the bytes are the text: encoding also turns half of a surrogate pair into one byte, a
   * question mark.
   */
  private static boolean isSame(String text, byte[] ascii) {
    return text.equals(new String(ascii, ISO_8859_1));
  }
}
