package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.lang.reflect.Field;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Writes a class without serialization code of its own, field by field. The names and kinds of the
 * fields are in the class table, ahead of the values.
 *
 * <p>The order is that of Java serialization, and so is the moment at which the fields are set: all
 * together, when all of them are read (ObjectInputStream does so for classes without a readObject
 * method). A map that is read meanwhile and has this object among its keys therefore gets the hash
 * of an empty object, as it would from Java serialization.
 *
 * <p>A field that the class has lost is read and dropped, not skipped: a later field may refer to
 * an object that first occurs in it. A new field keeps its default value or, in a plain class, the
 * value that the constructor gave it. A field whose type has changed takes the value if it fits
 * (also between a primitive and its wrapper, and to a wider number, unless digits would be lost);
 * otherwise the value cannot be read.
 */
final class BeanSerializer extends Serializer<Object> {
  private final BeanLayout layout;
  private final char[] kinds;
  private final BeanLayout.@Nullable Slot[] targets;

  /** Writes and reads the class as it is now. */
  BeanSerializer(BeanLayout layout) {
    this.layout = layout;
    this.targets = layout.slots;
    this.kinds = new char[targets.length];
    for (int i = 0; i < kinds.length; i++) {
      kinds[i] = layout.slots[i].kind();
    }
  }

  /** Reads the class as it was stored. */
  BeanSerializer(BeanLayout layout, String[] names, char[] kinds) {
    this.layout = layout;
    this.kinds = kinds;
    this.targets = new BeanLayout.@Nullable Slot[names.length];
    for (int i = 0; i < names.length; i++) {
      targets[i] = layout.slot(names[i]);
    }
  }

  @Override
  public void write(Kryo kryo, Output output, Object bean) {
    GraphWalk walk = TextKryo.walk(kryo);
    boolean plain = layout.plain && walk.admitsPlain();
    if (layout.runsConstructor) {
      walk.doubt();
    }
    try {
      for (BeanLayout.Slot slot : layout.slots) {
        if (slot.kind() != 'L') {
          writePrimitive(output, bean, slot);
          continue;
        }
        if (plain) {
          walk.admitPlain();
        }
        kryo.writeClassAndObject(output, slot.field().get(bean));
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void writePrimitive(Output output, Object bean, BeanLayout.Slot slot)
      throws IllegalAccessException {
    Field field = slot.field();
    switch (slot.kind()) {
      case 'Z' -> output.writeBoolean(field.getBoolean(bean));
      case 'B' -> output.writeByte(field.getByte(bean));
      case 'C' -> output.writeVarInt(field.getChar(bean), true);
      case 'S' -> output.writeVarInt(field.getShort(bean), false);
      case 'I' -> output.writeVarInt(field.getInt(bean), false);
      case 'J' -> output.writeVarLong(field.getLong(bean), false);
      case 'F' -> output.writeFloat(field.getFloat(bean));
      case 'D' -> output.writeDouble(field.getDouble(bean));
      default -> throw new IllegalStateException("a field of the kind " + slot.kind());
    }
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    Object bean = layout.newInstance();
    kryo.reference(bean);
    @Nullable Object[] values = new Object[kinds.length];
    for (int i = 0; i < kinds.length; i++) {
      if (targets[i] == null) {
        TextKryo.walk(kryo).beginDiscarding();
      }
      values[i] = kinds[i] == 'L' ? kryo.readClassAndObject(input) : readPrimitive(input, kinds[i]);
      if (targets[i] == null) {
        TextKryo.walk(kryo).endDiscarding();
      }
    }
    assign(bean, values);
    return bean;
  }

  private void assign(Object bean, @Nullable Object[] values) {
    for (int i = 0; i < kinds.length; i++) {
      BeanLayout.Slot target = targets[i];
      if (target != null) {
        assign(bean, target, values[i]);
      }
    }
  }

  static Object readPrimitive(Input input, char kind) {
    return switch (kind) {
      case 'Z' -> input.readBoolean();
      case 'B' -> input.readByte();
      case 'C' -> (char) input.readVarInt(true);
      case 'S' -> (short) input.readVarInt(false);
      case 'I' -> input.readVarInt(false);
      case 'J' -> input.readVarLong(false);
      case 'F' -> input.readFloat();
      case 'D' -> input.readDouble();
      default -> throw new KryoException("A field has the unknown kind " + (int) kind);
    };
  }

  private void assign(Object bean, BeanLayout.Slot slot, @Nullable Object value) {
    Field field = slot.field();
    if (value == null && slot.kind() != 'L') {
      return;
    }
    try {
      Class<?> fieldType = field.getType();
      if (value instanceof Number number && !fieldType.isInstance(value)) {
        requireExact(number, fieldType);
        field.set(bean, widened(number, fieldType));
      } else {
        field.set(bean, value);
      }
    } catch (IllegalArgumentException e) {
      throw new UndecodableValueException(
          "The field "
              + slot.name()
              + " of "
              + layout.type.getName()
              + " is a "
              + field.getType().getName()
              + " now; the stored value is a "
              + (value == null ? "null" : value.getClass().getName()),
          e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Java widens a whole number to a floating-point one and silently drops digits (JLS 5.1.2); a
   * session must not.
   *
   * @throws IllegalArgumentException when digits would be lost
   */
  private static void requireExact(Number number, Class<?> to) {
    boolean whole = !(number instanceof Double || number instanceof Float);
    double widened = to == float.class ? number.floatValue() : number.doubleValue();
    boolean floating = to == float.class || to == double.class || to == Double.class;
    // Not by casting back: the largest long, cast to double and back, seems to be unchanged.
    if (whole
        && floating
        && new BigDecimal(widened).compareTo(BigDecimal.valueOf(number.longValue())) != 0) {
      throw new IllegalArgumentException(to.getName() + " cannot hold all digits of the number");
    }
  }

  /** Widens a number as assignment does for primitives (JLS 5.1.2), and for wrappers too. */
  private static Object widened(Number number, Class<?> to) {
    boolean whole = !(number instanceof Double || number instanceof Float);
    boolean fitsInt =
        number instanceof Integer || number instanceof Short || number instanceof Byte;
    if (to == Long.class && (fitsInt || number instanceof Long)) {
      return number.longValue();
    }
    if (to == Integer.class && fitsInt) {
      return number.intValue();
    }
    if (to == Double.class && (whole || number instanceof Float) && !(number instanceof Long)) {
      return number.doubleValue();
    }
    return number;
  }
}
