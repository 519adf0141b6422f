package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.io.Serializable;
import java.lang.reflect.Array;

/** An array of objects, or of arrays. */
final class ArraySerializer extends Serializer<Object> {

  @Override
  public void write(Kryo kryo, Output output, Object array) {
    Object[] elements = (Object[]) array;
    output.writeVarInt(elements.length, true);
    ClassTable table = (ClassTable) kryo.getClassResolver();
    boolean plain = table.admitsPlain() && !isSerializable(array.getClass());
    for (Object element : elements) {
      if (plain) {
        table.admitPlain();
      }
      kryo.writeClassAndObject(output, element);
    }
  }

  /** An array of a plain class is as plain as its elements; one of Object may hold anything. */
  private static boolean isSerializable(Class<?> array) {
    Class<?> element = array;
    while (element.isArray()) {
      element = element.getComponentType();
    }
    return element == Object.class || Serializable.class.isAssignableFrom(element);
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    int length = BoundedInput.length(input, 1);
    Object[] array = (Object[]) Array.newInstance(type.getComponentType(), length);
    kryo.reference(array);
    for (int i = 0; i < length; i++) {
      try {
        array[i] = kryo.readClassAndObject(input);
      } catch (ArrayStoreException e) {
        throw new UndecodableValueException(
            "An element of " + type.getName() + " is of another class now", e);
      }
    }
    return array;
  }
}
