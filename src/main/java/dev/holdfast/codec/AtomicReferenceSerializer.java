package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.util.concurrent.atomic.AtomicReference;

/** Writes what the reference holds at that moment. */
final class AtomicReferenceSerializer extends Serializer<Object> {

  @Override
  public void write(Kryo kryo, Output output, Object reference) {
    kryo.writeClassAndObject(output, ((AtomicReference<?>) reference).get());
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<?> type) {
    AtomicReference<Object> reference = new AtomicReference<>();
    kryo.reference(reference);
    reference.set(kryo.readClassAndObject(input));
    return reference;
  }
}
