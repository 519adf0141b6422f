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
    GraphWalk walk = TextKryo.walk(kryo);
    boolean plain = walk.admitsPlain() && !isSerializable(array.getClass());
    for (Object element : elements) {
      if (plain) {
        walk.admitPlain();
      }
      kryo.writeClassAndObject(output, element);
    }
  }

  /**
   * Whether an array counts as Serializable: not if its elements are of a plain class. An array of
   * Object does, as it may hold anything.
   */
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
