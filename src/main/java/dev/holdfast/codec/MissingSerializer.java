package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;

/** Reads an object of a class that is gone, by the kind that the class table gives it. */
final class MissingSerializer extends Serializer<Object> {
  private final Route.Kind kind;
  private final String className;
  private final char[] fieldKinds;

  MissingSerializer(Route.Kind kind, String className, char[] fieldKinds) {
    this.kind = kind;
    this.className = className;
    this.fieldKinds = fieldKinds;
  }

  @Override
  public void write(Kryo kryo, Output output, Object value) {
    throw new IllegalStateException("A missing " + className + " is never written");
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    if (kind == Route.Kind.ENUM) {
      input.readString();
      return Missing.Constant.MISSING;
    }
    Missing missing = new Missing(className);
    kryo.reference(missing);
    switch (kind) {
      case BEAN -> {
        for (char fieldKind : fieldKinds) {
          if (fieldKind == 'L') {
            kryo.readClassAndObject(input);
          } else {
            BeanSerializer.readPrimitive(input, fieldKind);
          }
        }
      }
      case ARRAY -> {
        for (int i = BoundedInput.length(input, 1); i > 0; i--) {
          kryo.readClassAndObject(input);
        }
      }
      default -> throw new IllegalStateException(kind.name());
    }
    return missing;
  }
}
