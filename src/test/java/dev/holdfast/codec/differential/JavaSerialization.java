package dev.holdfast.codec.differential;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** The reference: ObjectOutputStream and ObjectInputStream with the application's loader. */
final class JavaSerialization {
  private final ClassLoader loader;

  JavaSerialization(ClassLoader loader) {
    this.loader = loader;
  }

  /**
   * What came of a value: the object that was read, or why there is none.
   *
   * @param value what was read; null beside a failure, and when readResolve brought null
   * @param failure what the writing, the reading or the object's own code threw
   */
  record Outcome(@Nullable Object value, @Nullable Throwable failure) {
    boolean brings() {
      return failure == null && value != null;
    }
  }

  Outcome roundTrip(Object value) {
    try {
      return read(write(value));
    } catch (IOException | RuntimeException | StackOverflowError | LinkageError e) {
      return new Outcome(null, e);
    }
  }

  static byte[] write(Object value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    return bytes.toByteArray();
  }

  Outcome read(byte[] bytes) {
    try (ObjectInputStream in = new OfLoader(bytes)) {
      return new Outcome(in.readObject(), null);
    } catch (IOException
        | ClassNotFoundException
        | RuntimeException
        | StackOverflowError
        | LinkageError e) {
      return new Outcome(null, e);
    }
  }

  private final class OfLoader extends ObjectInputStream {
    OfLoader(byte[] bytes) throws IOException {
      super(new ByteArrayInputStream(bytes));
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description)
        throws IOException, ClassNotFoundException {
      try {
        return Class.forName(description.getName(), false, loader);
      } catch (ClassNotFoundException e) {
        return super.resolveClass(description);
      }
    }

    @Override
    protected Class<?> resolveProxyClass(String[] names) throws ClassNotFoundException {
      Class<?>[] interfaces = new Class<?>[names.length];
      for (int i = 0; i < names.length; i++) {
        interfaces[i] = Class.forName(names[i], false, loader);
      }
      return Proxy.newProxyInstance(loader, interfaces, (proxy, method, arguments) -> null)
          .getClass();
    }
  }
}
