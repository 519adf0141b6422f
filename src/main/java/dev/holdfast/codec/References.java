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
  /**
   * A list that lives long is dear to fill with new objects, since the garbage collector notes each
   * such reference; so that of a large value is made anew.
   */
  private static final int MOST_KEPT = 256;

  private final ClassTable table;
  private final WrittenObjects written = new WrittenObjects();
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
    return written.numberOf(value) >= 0;
  }

  @Override
  public int getWrittenId(Object value) {
    for (int i = 0; i < open.size(); i++) {
      if (open.get(i) == value) {
        throw new CyclicValueException(value.getClass());
      }
    }
    return written.numberOf(value);
  }

  @Override
  public int addWrittenObject(Object value) {
    return written.add(value);
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

  @Override
  public void reset() {
    written.clear();
    int read = readObjects.size();
    readObjects.clear();
    if (read > MOST_KEPT) {
      readObjects.trimToSize();
    }
    open.clear();
  }
}
