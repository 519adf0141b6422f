package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;

/**
 * Stands for an object whose class is gone, inside a field that is gone too. It has to be read all
 * the same: objects within it are counted, and may be referred to later.
 */
final class Missing {
  final String className;

  Missing(String className) {
    this.className = className;
  }

  /** An enum constant takes part in no references, so it needs a class of its own. */
  enum Constant {
    MISSING
  }

  static final class Reader extends Serializer<Object> {
    private final Route.Kind kind;
    private final String className;
    private final char[] fieldKinds;

    Reader(Route.Kind kind, String className, char[] fieldKinds) {
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
        return Constant.MISSING;
      }
      Missing missing = new Missing(className);
      kryo.reference(missing);
      switch (kind) {
        case BEAN -> {
          for (char fieldKind : fieldKinds) {
            BeanSerializer.drop(kryo, input, fieldKind);
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
}
