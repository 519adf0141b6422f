package dev.holdfast.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.KryoBufferUnderflowException;
import org.jspecify.annotations.Nullable;

/**
 * Kryo's input with a budget. Every element that a collection or array declares takes at least one
 * byte of the stream, so all declared lengths together can never exceed the length of the stream; a
 * declaration beyond it is refused before anything is allocated, nested ones included.
 *
 * <p>It never writes into the bytes it is given, so they need no copy.
 */
final class BoundedInput extends Input {
  private final byte[] shortText = new byte[64];
  private long budget;

  /** Reads {@code bytes} from {@code offset} on. */
  BoundedInput(byte[] bytes, int offset) {
    super(bytes, offset, bytes.length - offset);
    budget = (long) bytes.length - offset;
  }

  /**
   * Reads a declared number of elements.
   *
   * @param bytesEach the least that one element takes
   * @throws StoredValueTooLargeException when the bytes that are left cannot hold that many
   */
  static int length(Input input, int bytesEach) {
    return ((BoundedInput) input).length(bytesEach);
  }

  private int length(int bytesEach) {
    int declared = readVarInt(true);
    long bytes = (long) declared * bytesEach;
    if (declared < 0 || bytes > limit() - position() || bytes > budget) {
      throw new StoredValueTooLargeException(
          "A length of "
              + declared
              + " is declared where "
              + (limit() - position())
              + " bytes are left");
    }
    budget -= bytes;
    return declared;
  }

  /** Skips these two bytes if they come next; answers whether they do. */
  boolean skip(byte first, byte second) {
    boolean next =
        limit - position >= 2 && buffer[position] == first && buffer[position + 1] == second;
    if (next) {
      position += 2;
    }
    return next;
  }

  /**
   * Reads a text as Kryo does, but an all-ASCII text in one step, and without changing the buffer.
   */
  @Override
  public @Nullable String readString() {
    if (position == limit) {
      return super.readString();
    }
    if (!readVarIntFlag()) {
      return readMarkedAscii();
    }
    int start = position;
    int length = readVarIntFlag(true) - 1;
    if (length > 0 && length <= limit - position && Ascii.isAscii(buffer, position, length)) {
      String text = new String(buffer, position, length, ISO_8859_1);
      position += length;
      return text;
    }
    position = start;
    return super.readString();
  }

  /**
   * Reads Kryo's form of short ASCII text, whose last byte is marked. Kryo would remove that mark
   * in the buffer; this removes it in a copy.
   */
  private String readMarkedAscii() {
    int length = Ascii.lengthOf(buffer, position, limit) + 1;
    if (length > limit - position) {
      throw new KryoBufferUnderflowException("A text has no end");
    }
    byte[] ascii = length <= shortText.length ? shortText : new byte[length];
    System.arraycopy(buffer, position, ascii, 0, length);
    ascii[length - 1] &= 0x7f;
    position += length;
    return new String(ascii, 0, length, ISO_8859_1);
  }

  /** Kryo reads the length of a string here, and allocates right after. */
  @Override
  public int readVarIntFlag(boolean optimizePositive) {
    int declared = super.readVarIntFlag(optimizePositive);
    if (declared < 0 || declared - 1 > limit() - position()) {
      throw new StoredValueTooLargeException(
          "A string of "
              + declared
              + " characters is declared where "
              + (limit() - position())
              + " bytes are left");
    }
    return declared;
  }
}
