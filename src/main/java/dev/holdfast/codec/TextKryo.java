package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.ClassResolver;
import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Registration;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import org.jspecify.annotations.Nullable;

/**
 * Kryo with a walk of its own, over the same bytes. Each level of a value takes two frames of the
 * stack, one of this class and one of a serializer, so that {@value #MAX_DEPTH} levels fit a stack
 * of 512 KB, whether these methods are interpreted or compiled. Two rules keep the frames few and
 * small. A serializer that leads to other objects has no type parameter, whose bridge method would
 * be a third frame. What such a method does before and after it leads to them is in methods of
 * their own, whose variables then take no room while the walk goes deeper.
 *
 * <p>Strings, which are most of the objects in most values, have a shortcut: a large map of strings
 * takes a sixth less time.
 *
 * <p>Nothing is put right when something throws: {@link AttributeCodec} drops the Kryo then.
 */
final class TextKryo extends Kryo {
  /** The most levels of a value, both ways. Strings are no level. */
  static final int MAX_DEPTH = 1000;

  private static final byte TEXT = (byte) ValueTypes.reference(ValueTypes.TEXT);
  private static final int FIRST_REFERENCE = 2;
  private static final int NO_NUMBER = -1;

  private final ClassResolver classes;
  private final References references;
  private final GraphWalk walk;

  /** The number of each object that is being read, by its depth, until the object is made. */
  private final int[] numbers = new int[MAX_DEPTH];

  private int depth;

  /** What was read last, if it was a text, null or a reference. */
  private @Nullable Object read;

  TextKryo(ClassResolver classes, References references, GraphWalk walk) {
    super(classes, references);
    this.classes = classes;
    this.references = references;
    this.walk = walk;
  }

  /** The walk under way, for the serializers, which all Kryos share. */
  static GraphWalk walk(Kryo kryo) {
    return ((TextKryo) kryo).walk;
  }

  /** Its references, likewise. */
  static References references(Kryo kryo) {
    return ((TextKryo) kryo).references;
  }

  // Writing

  @Override
  public void writeClassAndObject(Output output, @Nullable Object object) {
    Serializer<Object> serializer = beginWriting(output, object);
    if (serializer != null) {
      serializer.write(this, output, object);
      depth--;
    }
  }

  /** Begins an object. Answers null when there is nothing more to write of it. */
  @SuppressWarnings("unchecked")
  private @Nullable Serializer<Object> beginWriting(Output output, @Nullable Object object) {
    if (object instanceof String text) {
      output.writeByte(TEXT);
      if (!isWrittenBefore(output, text)) {
        output.writeString(text);
      }
      return null;
    }
    if (depth == MAX_DEPTH) {
      throw new JavaStream.TooDeepException(MAX_DEPTH);
    }
    Registration registration =
        classes.writeClass(output, object == null ? null : object.getClass());
    if (object == null
        || registration == null
        || (references.useReferences(object.getClass()) && isWrittenBefore(output, object))) {
      return null;
    }
    depth++;
    return (Serializer<Object>) registration.getSerializer();
  }

  private boolean isWrittenBefore(Output output, Object object) {
    int id = references.getWrittenId(object);
    if (id >= 0) {
      output.writeVarInt(id + FIRST_REFERENCE, true);
      return true;
    }
    references.addWrittenObject(object);
    output.writeByte(NOT_NULL);
    return false;
  }

  // Reading

  @Override
  @SuppressWarnings("unchecked")
  public @Nullable Object readClassAndObject(Input input) {
    Registration registration = beginReading(input);
    if (registration == null) {
      return read;
    }
    Object object = registration.getSerializer().read(this, input, registration.getType());
    reference(object);
    depth--;
    return object;
  }

  /**
   * Begins an object. Answers null when there is nothing more to read of it: {@link #read} is it.
   */
  private @Nullable Registration beginReading(Input input) {
    if (((BoundedInput) input).skip(TEXT, NOT_NULL)) {
      int id = references.nextReadId(String.class);
      String text = ValueSerializer.readString(input);
      references.setReadObject(id, text);
      read = text;
      return null;
    }
    if (depth == MAX_DEPTH) {
      throw JavaStream.nestedTooDeep(MAX_DEPTH);
    }
    Registration registration = classes.readClass(input);
    if (registration == null) {
      read = null;
      return null;
    }
    Class<?> type = registration.getType();
    int number = NO_NUMBER;
    if (references.useReferences(type)) {
      int reference = input.readVarInt(true);
      if (reference != NOT_NULL) {
        read = references.getReadObject(type, reference - FIRST_REFERENCE);
        return null;
      }
      number = references.nextReadId(type);
    }
    numbers[depth++] = number;
    return registration;
  }

  /**
   * Makes the object that is being read known under its number. Serializers call this before they
   * read its content, which may refer to it; for those that cannot, it is done at the end.
   */
  @Override
  public void reference(@Nullable Object object) {
    int number = numbers[depth - 1];
    if (number != NO_NUMBER && object != null) {
      references.setReadObject(number, object);
      numbers[depth - 1] = NO_NUMBER;
    }
  }

  @Override
  public void reset() {
    super.reset();
    read = null;
  }
}
