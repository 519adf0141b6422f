package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;

/**
 * Writes a class, as a value, by its name, which the allow-list judges like any other. Reading does
 * not initialise the class.
 */
final class ClassSerializer extends Serializer<Class<?>> {

  @Override
  public void write(Kryo kryo, Output output, Class<?> type) {
    if (!type.isPrimitive() && !TextKryo.walk(kryo).isAllowed(type.getName())) {
      throw new RefusedClassException(type, NamedClasses.notAllowed(type));
    }
    output.writeString(type.getName());
  }

  @Override
  public Class<?> read(Kryo kryo, Input input, Class<? extends Class<?>> type) {
    String name = ValueSerializer.readString(input);
    Class<?> primitive = NamedClasses.primitive(name);
    if (primitive != null) {
      return primitive;
    }
    Class<?> found = TextKryo.walk(kryo).find(name);
    return found == null ? Missing.class : found;
  }
}
