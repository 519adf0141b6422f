package dev.holdfast.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.esotericsoftware.kryo.kryo5.io.Output;
import org.jspecify.annotations.Nullable;

/** Kryo's output, which writes the same bytes but a long text that is ASCII as a whole. */
final class TextOutput extends Output {

  /** Kryo writes shorter ones in another form. */
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

  /** Half of a surrogate pair becomes one byte too, a question mark. */
  private static boolean isSame(String text, byte[] ascii) {
    return text.equals(new String(ascii, ISO_8859_1));
  }
}
