package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.util.MapReferenceResolver;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shared objects and cycles. Values of the JDK that cannot change are written again instead of
 * referred to (a string is long enough to be worth a reference).
 *
 * <p>An immutable collection can only be made when its elements are there. An element that leads
 * back to it would be read as null; such a cycle is found while writing.
 */
final class References extends MapReferenceResolver {
  private static final int KEPT = 2048;
  private static final int MOST_KEPT = 16 * 1024;

  private final ClassTable table;
  private final List<Object> open = new ArrayList<>();

  References(ClassTable table) {
    this.table = table;
  }

  /** From here to {@link #close} nothing may lead back to {@code value}. */
  void open(Object value) {
    open.add(value);
  }

  void close() {
    open.remove(open.size() - 1);
  }

  boolean isWritten(Object value) {
    return super.getWrittenId(value) >= 0;
  }

  @Override
  public int getWrittenId(Object value) {
    for (int i = 0; i < open.size(); i++) {
      if (open.get(i) == value) {
        throw new CyclicValueException(value.getClass());
      }
    }
    return super.getWrittenId(value);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public @Nullable Object getReadObject(Class type, int id) {
    Object value = super.getReadObject(type, id);
    if (value == null) {
      throw new KryoException("A reference leads to an object that is not read yet");
    }
    if (value instanceof Missing missing && !table.isDiscarding()) {
      throw table.gone(missing.className);
    }
    return value;
  }

  @Override
  @SuppressWarnings("rawtypes")
  public boolean useReferences(Class type) {
    return FixedTypes.isReferenced(type) && !Enum.class.isAssignableFrom(type);
  }

  /** As Kryo does, but the room that a large value took is kept: its session often has it again. */
  @Override
  public void reset() {
    int written = writtenObjects.size;
    if (written > 0) {
      writtenObjects.clear(written > MOST_KEPT ? KEPT : Math.max(KEPT, written));
    }
    int read = readObjects.size();
    readObjects.clear();
    if (read > MOST_KEPT) {
      readObjects.trimToSize();
    }
    open.clear();
  }
}
