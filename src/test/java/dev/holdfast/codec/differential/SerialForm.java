package dev.holdfast.codec.differential;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.HashMap;
import java.util.Map;

/**
 * The bytes of a JDK value's own serial form, which hold all that its class takes for its state and
 * none of its caches. Equal strings and boxed numbers count as one object.
 */
final class SerialForm extends ObjectOutputStream {
  private final Map<Object, Object> equal = new HashMap<>();

  private SerialForm(ByteArrayOutputStream bytes) throws IOException {
    super(bytes);
    enableReplaceObject(true);
  }

  static byte[] of(Object value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (SerialForm out = new SerialForm(bytes)) {
      out.writeObject(value);
    }
    return bytes.toByteArray();
  }

  @Override
  protected Object replaceObject(Object value) {
    if (value instanceof String || value instanceof Number && isJdk(value)) {
      Object first = equal.putIfAbsent(value, value);
      return first == null ? value : first;
    }
    return value;
  }

  private static boolean isJdk(Object value) {
    return value.getClass().getPackageName().equals("java.lang");
  }
}
