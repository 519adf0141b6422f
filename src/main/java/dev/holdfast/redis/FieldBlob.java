package dev.holdfast.redis;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a hash as one array of bytes: a byte for the format, then for each field the length
 * and the bytes of its name and of its value. It does not look at what the fields hold, so what is
 * encrypted stays encrypted.
 */
final class FieldBlob {
  private static final byte FORMAT = 1;

  private FieldBlob() {}

  /**
   * @param flat names and values in turn, {@code byte[]} each
   */
  static byte[] encode(List<?> flat) {
    int size = 1;
    for (Object part : flat) {
      size += Integer.BYTES + ((byte[]) part).length;
    }
    ByteBuffer blob = ByteBuffer.allocate(size).put(FORMAT);
    for (Object part : flat) {
      byte[] bytes = (byte[]) part;
      blob.putInt(bytes.length).put(bytes);
    }
    return blob.array();
  }

  /** Names and values in turn; null when these are not the bytes of {@link #encode}. */
  static @Nullable List<byte[]> decode(byte[] bytes) {
    ByteBuffer blob = ByteBuffer.wrap(bytes);
    List<byte[]> flat = new ArrayList<>();
    try {
      if (blob.get() != FORMAT) {
        return null;
      }
      while (blob.hasRemaining()) {
        int length = blob.getInt();
        if (length < 0 || length > blob.remaining()) {
          return null;
        }
        byte[] part = new byte[length];
        blob.get(part);
        flat.add(part);
      }
    } catch (BufferUnderflowException e) {
      return null;
    }
    return flat.isEmpty() || flat.size() % 2 != 0 ? null : flat;
  }
}
