package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.util.Map;

/**
 * A class as a value, by its name and under the allow-list like any other name; it is not
 * initialised.
 */
final class ClassSerializer extends Serializer<Class<?>> {
  private static final Map<String, Class<?>> PRIMITIVES = JavaStream.PRIMITIVES;

  @Override
  public void write(Kryo kryo, Output output, Class<?> type) {
    Routes routes = ((ClassTable) kryo.getClassResolver()).routes();
    if (!type.isPrimitive() && !routes.isAllowed(type.getName())) {
      throw new RefusedClassException(type, Routes.notAllowed(type));
    }
    output.writeString(type.getName());
  }

  @Override
  public Class<?> read(Kryo kryo, Input input, Class<? extends Class<?>> type) {
    ClassTable table = (ClassTable) kryo.getClassResolver();
    String name = ValueSerializer.readString(input);
    Class<?> primitive = PRIMITIVES.get(name);
    if (primitive != null) {
      return primitive;
    }
    Class<?> found =
        table.isDiscarding() && !table.routes().isAllowed(name)
            ? null
            : table.routes().resolve(name);
    if (found == null && !table.isDiscarding()) {
      throw table.gone(name);
    }
    return found == null ? Missing.class : found;
  }
}
