package dev.holdfast.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

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
    int length = text.length();
    int start = position;
    writeVarIntFlag(true, length + 1, true);
    require(length);
    copyLowBytes(text, buffer, position);
    // The low bytes of other characters may look like ASCII.
    if (Ascii.isAscii(buffer, position, length)
        && text.equals(new String(buffer, position, length, ISO_8859_1))) {
      position += length;
    } else {
      position = start;
      super.writeString(text);
    }
  }

  /** Nothing else copies a text without another array; it is deprecated for what it leaves out. */
  @SuppressWarnings("deprecation")
  private static void copyLowBytes(String text, byte[] buffer, int position) {
    text.getBytes(0, text.length(), buffer, position);
  }
}
