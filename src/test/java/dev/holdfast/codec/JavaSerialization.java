package dev.holdfast.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;

/** Java serialization itself, which says what a value has to come back as. */
final class JavaSerialization {

  private JavaSerialization() {}

  /** Writes and reads a value as Tomcat's and Jetty's own persistence do. */
  @SuppressWarnings("unchecked")
  static <T> T roundTrip(T value) throws IOException, ClassNotFoundException {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes(value)))) {
      return (T) in.readObject();
    }
  }

  static byte[] bytes(Object value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    return bytes.toByteArray();
  }

  /** Whether Java serialization writes a value and then cannot read it. */
  static boolean writesButCannotRead(Object value) throws IOException, ClassNotFoundException {
    try {
      roundTrip(value);
      return false;
    } catch (InvalidClassException e) {
      return true;
    }
  }
}
