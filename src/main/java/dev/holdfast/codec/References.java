package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.util.MapReferenceResolver;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps shared objects shared, and cycles. Immutable values of the JDK are written again instead of
 * being referred to, except strings, which are long enough to be worth a reference.
 *
 * <p>An immutable collection can only be made when its elements are there. An element that leads
 * back to it would be read as null; writing such a cycle is refused.
 */
final class References extends MapReferenceResolver {
  /**
   * Filling a long-lived list with new objects is expensive, because the garbage collector records
   * each reference; so the list of a large value is replaced by a new one.
   */
  private static final int MOST_KEPT = 256;

  private final GraphWalk walk;
  private final WrittenObjects written = new WrittenObjects();
  private final List<Object> open = new ArrayList<>();

  References(GraphWalk walk) {
    this.walk = walk;
  }

  /** Until {@link #close}, nothing may lead back to {@code value}. */
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
    Object value = id >= 0 && id < readObjects.size() ? readObjects.get(id) : null;
    if (value == null) {
      throw new KryoException(
          "Unable to resolve reference " + id + ": it leads to an object that is not read yet");
    }
    if (value instanceof Missing missing && !walk.isDiscarding()) {
      throw walk.gone(missing.className);
    }
    return value;
  }

  @Override
  @SuppressWarnings("rawtypes")
  public boolean useReferences(Class type) {
    // Of an embedded object a reader knows only that it is one, so all of them are alike.
    return walk.isEmbedded()
        || ((type == String.class || !ValueTypes.isImmutable(type))
            && !Enum.class.isAssignableFrom(type));
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
