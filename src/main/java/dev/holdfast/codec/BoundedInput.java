package dev.holdfast.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.esotericsoftware.kryo.kryo5.io.Input;

/**
 * Kryo's input with a budget. Every element that a collection or array declares takes at least one
 * byte of the stream, so all declared lengths together can never exceed the length of the stream; a
 * declaration beyond it is refused before anything is allocated, nested ones included.
 *
 * <p>Kryo's string reader writes into its buffer for a moment. Construct it with a copy.
 */
final class BoundedInput extends Input {
  private long budget;

  BoundedInput(byte[] ownBytes) {
    super(ownBytes);
    budget = ownBytes.length;
  }

  /**
   * Reads a declared number of elements.
   *
   * @param bytesEach the least that one element takes
   * @throws StoredValueTooLargeException when that many cannot follow
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

  /** As Kryo does, but a long text that is ASCII as a whole. */
  @Override
  public String readString() {
    if (position < limit && readVarIntFlag()) {
      int start = position;
      int length = readVarIntFlag(true) - 1;
      if (length > 0 && length <= limit - position && Ascii.isAscii(buffer, position, length)) {
        String text = new String(buffer, position, length, ISO_8859_1);
        position += length;
        return text;
      }
      position = start;
    }
    return super.readString();
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
