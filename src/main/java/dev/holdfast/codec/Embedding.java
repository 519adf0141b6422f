package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.io.IOException;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes objects that need JDK serialization into a value that Kryo writes, each as a length and a
 * stream of its own. Used only when the value as a whole is not Serializable.
 *
 * <p>Such a stream knows nothing of the objects around it. An object that is reached both inside
 * and outside, or from two streams, would come back as two; this class detects that and refuses the
 * value.
 */
final class Embedding extends Serializer<Object> {
  private final JavaStream java;
  private final GraphWalk walk;
  private final IdentityHashMap<Object, Boolean> inside = new IdentityHashMap<>();

  Embedding(JavaStream java, GraphWalk walk) {
    this.java = java;
    this.walk = walk;
  }

  void clear() {
    inside.clear();
  }

  /**
   * @throws RefusedClassException when an object is both inside a stream and outside
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

  @Override
  public void write(Kryo kryo, Output output, Object value) {
    try {
      walk.doubt();
      byte[] bytes = stream(value);
      output.writeVarInt(bytes.length, true);
      output.writeBytes(bytes);
    } catch (IOException e) {
      throw new EmbeddedStreamException(e);
    }
  }

  private byte[] stream(Object root) throws IOException {
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
        || (FixedTypes.of(object.getClass()) != null && ValueTypes.isImmutable(object.getClass()));
  }

  @Override
  public @Nullable Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    byte[] bytes = input.readBytes(BoundedInput.length(input, 1));
    try {
      return java.read(bytes, 0);
    } catch (IOException | UndecodableValueException e) {
      if (walk.isDiscarding()) {
        return new Missing("of an embedded stream");
      }
      throw e instanceof UndecodableValueException u
          ? u
          : new EmbeddedStreamException((IOException) e);
    }
  }

  /** Carries an exception of a stream through Kryo. */
  static final class EmbeddedStreamException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final transient IOException failure;

    EmbeddedStreamException(IOException failure) {
      super(failure);
      this.failure = failure;
    }
  }
}
