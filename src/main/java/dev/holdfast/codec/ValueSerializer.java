package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;

/** Writes a value that leads to no other object. */
final class ValueSerializer<T> extends Serializer<T> {

  interface Writer<T> {
    void write(Output output, T value);
  }

  interface Reader<T> {
    T read(Input input);
  }

  private final Writer<T> writer;
  private final Reader<T> reader;

  ValueSerializer(Writer<T> writer, Reader<T> reader) {
    this.writer = writer;
    this.reader = reader;
  }

  @Override
  public void write(Kryo kryo, Output output, T value) {
    writer.write(output, value);
  }

  @Override
  public T read(Kryo kryo, Input input, Class<? extends T> type) {
    try {
      return reader.read(input);
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      throw new UndecodableValueException("The stored bytes are no " + type.getName(), e);
    }
  }

  static void writeBytes(Output output, byte[] bytes) {
    output.writeVarInt(bytes.length, true);
    output.writeBytes(bytes);
  }

  static byte[] readBytes(Input input) {
    return input.readBytes(BoundedInput.length(input, 1));
  }

  static String readString(Input input) {
    String text = input.readString();
    if (text == null) {
      throw new UndecodableValueException("A text is missing in the stored value", null);
    }
    return text;
  }
}
