package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.Registration;
import org.jspecify.annotations.Nullable;

/**
 * How the values of one class are written.
 *
 * @param kind how they are written
 * @param registration Kryo's serializer for the class; null when {@link Kind#REFUSED} or {@link
 *     Kind#JDK}
 * @param layout the fields, for {@link Kind#BEAN} only
 * @param plain whether the class is neither Serializable nor named by {@code codec.plain}, so that
 *     an object of it is kept only as the value itself or where plain objects alone lead to it
 * @param reason what to tell the developer when {@link Kind#REFUSED}
 */
record Route(
    Kind kind,
    @Nullable Registration registration,
    @Nullable BeanLayout layout,
    boolean plain,
    @Nullable String reason) {

  enum Kind {
    /** A JDK class with a number of its own. */
    FIXED('F'),
    /** A class without serialization code of its own, field by field. */
    BEAN('B'),
    /** An enum, by the name of its constant. */
    ENUM('E'),
    /** An array of objects. */
    ARRAY('A'),
    /** JDK serialization. */
    JDK('S'),
    /** Cannot be stored. */
    REFUSED('-');

    /** The letter that stands for it in the class table of stored bytes. */
    final char code;

    Kind(char code) {
      this.code = code;
    }
  }

  static Route refused(String reason) {
    return new Route(Kind.REFUSED, null, null, false, reason);
  }
}
