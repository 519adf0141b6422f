package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.io.IOException;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Objects for JDK serialization inside a value that Kryo writes, each with its length and a fresh
 * stream. Used only when the value as a whole is not Serializable.
 *
 * <p>A fresh stream knows nothing of the objects around it. One that is reached both inside and
 * outside, or from two such streams, would come back as two; that is found here and the value
 * refused.
 */
final class Embedding {
  private final JavaStream java;
  private final IdentityHashMap<Object, Boolean> inside = new IdentityHashMap<>();

  Embedding(JavaStream java) {
    this.java = java;
  }

  void clear() {
    inside.clear();
  }

  /**
   * @throws RefusedClassException when an object is inside and outside
   */
  void requireNothingShared(References references) {
    for (Object object : inside.keySet()) {
      if (references.isWritten(object)) {
        throw shared(object);
      }
    }
  }

  private static RefusedClassException shared(Object object) {
    return new RefusedClassException(
        object.getClass(),
        "it is shared between a part that needs JDK serialization and another part, which would"
            + " come back as two objects. Make every class of the attribute implement"
            + " java.io.Serializable.");
  }

  private byte[] write(Object root) throws IOException {
    return java.write(
        new byte[0],
        root,
        object -> {
          if (object != root && !isPlainValue(object) && inside.put(object, true) != null) {
            throw shared(object);
          }
        });
  }

  private static boolean isPlainValue(Object object) {
    return object instanceof String
        || object instanceof Class
        || object instanceof Enum
        || (FixedTypes.of(object.getClass()) != null
            && !FixedTypes.isReferenced(object.getClass()));
  }

  /** Has no state: finds that of its value in the class table. */
  static final class Embedded extends Serializer<Object> {

    @Override
    public void write(Kryo kryo, Output output, Object value) {
      try {
        table(kryo).doubt();
        byte[] bytes = table(kryo).embedded().write(value);
        output.writeVarInt(bytes.length, true);
        output.writeBytes(bytes);
      } catch (IOException e) {
        throw new EmbeddedStreamException(e);
      }
    }

    @Override
    public @Nullable Object read(Kryo kryo, Input input, Class<? extends Object> type) {
      byte[] bytes = input.readBytes(BoundedInput.length(input, 1));
      ClassTable table = table(kryo);
      try {
        return table.embedded().java.read(bytes, 0);
      } catch (IOException | UndecodableValueException e) {
        if (table.isDiscarding()) {
          return new Missing("of an embedded stream");
        }
        throw e instanceof UndecodableValueException u
            ? u
            : new EmbeddedStreamException((IOException) e);
      }
    }

    private static ClassTable table(Kryo kryo) {
      return (ClassTable) kryo.getClassResolver();
    }
  }

  /** Carries what a stream threw through Kryo. */
  static final class EmbeddedStreamException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final transient IOException failure;

    EmbeddedStreamException(IOException failure) {
      super(failure);
      this.failure = failure;
    }
  }
}
