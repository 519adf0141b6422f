package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.KryoException;
import dev.holdfast.api.FailedValueException;
import dev.holdfast.api.SessionLimitExceededException;
import dev.holdfast.api.UnencodableValueException;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.ConcurrentModificationException;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The codec of session attributes: an envelope of three bytes, then what Kryo or JDK serialization
 * wrote.
 *
 * <p>Kryo is tried first. When it meets a class that only JDK serialization gets right ({@link
 * Routes}), JDK serialization writes the whole value, which keeps shared objects shared. When that
 * fails because something in the value is not Serializable, Kryo writes the value after all and
 * embeds a stream for each object that needs JDK serialization, provided that none of them shares
 * anything with the rest ({@link Embedding}). The choice depends on the value alone, never on what
 * was encoded before, so an unchanged instance always gives the same bytes.
 *
 * <p>Bytes whose reading runs code of the application are read back once before they are returned:
 * those that JDK serialization wrote, and those with keys that are hashed or objects whose
 * superclass has a constructor to run. A value that cannot be read, because a constructor fails or
 * a {@code readObject} does not match, is refused while the application can still be told, whatever
 * was encoded before.
 *
 * <p>Kryo instances are pooled here and not per thread, so that none outlives the application. An
 * instance that threw is dropped: Kryo leaves its reference stack behind, and the next value read
 * with it would be wrong.
 */
public final class AttributeCodec implements ValueCodec {
  /** The most bytes that one value may take by default: 1 MiB. */
  public static final long DEFAULT_MAX_BYTES = 1024 * 1024;

  /** In place of bytes that the caller has already. */
  private static final byte[] KNOWN = {};

  private static final byte FORMAT = 1;
  private static final byte KRYO = 1;
  private static final byte JDK = 2;
  private static final byte NO_KEY = 0;
  private static final int ENVELOPE = 3;
  private static final int POOLED = 32;
  private static final byte[] KRYO_ENVELOPE = {FORMAT, KRYO, NO_KEY};

  static {
    UnsafeSwitch.off();
  }

  private final NamedClasses classes;
  private final Routes routes;
  private final JavaStream java;
  private final long maxBytes;
  private final BlockingQueue<KryoEngine> engines = new ArrayBlockingQueue<>(POOLED);
  private final ReadBack readBack = new ReadBack();

  /**
   * A value in bytes.
   *
   * @param doubtful whether reading them runs code of the application, which may fail
   */
  private record Written(byte[] bytes, boolean doubtful) {}

  /** A codec for one application that takes values of up to 1 MiB. */
  public AttributeCodec(ClassAllowList allowed) {
    this(allowed, DEFAULT_MAX_BYTES);
  }

  /**
   * A codec for one application.
   *
   * @param allowed the classes that values may consist of; its class loader reads them
   * @param maxBytes the most bytes that one value may take, 1 or more
   * @throws IllegalArgumentException when maxBytes is not positive
   */
  public AttributeCodec(ClassAllowList allowed, long maxBytes) {
    this(allowed, Set.of(), maxBytes);
  }

  /**
   * A codec for one application.
   *
   * @param allowed the classes that values may consist of; its class loader reads them
   * @param plain names of classes, or of packages with {@code .*} at the end, that are data though
   *     they do not implement Serializable ({@code codec.plain})
   * @param maxBytes the most bytes that one value may take, 1 or more
   * @throws IllegalArgumentException when maxBytes is not positive
   */
  public AttributeCodec(ClassAllowList allowed, Set<String> plain, long maxBytes) {
    if (maxBytes <= 0) {
      throw new IllegalArgumentException("maxBytes is " + maxBytes + "; it must be 1 or more");
    }
    this.classes = new NamedClasses(allowed);
    this.routes = new Routes(classes, new PlainClasses(plain));
    this.java = new JavaStream(allowed, maxBytes);
    this.maxBytes = maxBytes;
  }

  @Override
  public boolean isImmutable(Object value) {
    return Immutability.of(value);
  }

  @Override
  public boolean isJdkValue(byte[] encoded) {
    // An empty class table, then the number of a fixed type.
    return encoded.length > ENVELOPE + 1
        && encoded[0] == FORMAT
        && encoded[1] == KRYO
        && encoded[2] == NO_KEY
        && encoded[ENVELOPE] == 0
        && (encoded[ENVELOPE + 1] & 1) == 1
        && encoded[ENVELOPE + 1] != ValueTypes.reference(FixedTypes.EMBEDDED);
  }

  @Override
  public @Nullable String typeOf(byte[] encoded) {
    if (encoded.length <= ENVELOPE || encoded[0] != FORMAT || encoded[2] != NO_KEY) {
      return null;
    }
    return switch (encoded[1]) {
      case KRYO -> ClassTable.rootType(encoded, ENVELOPE);
      case JDK -> JavaStream.rootType(encoded, ENVELOPE);
      default -> null;
    };
  }

  @Override
  public byte[] encode(Object value, KnownBytes known) {
    Written written;
    try {
      written = write(value, known);
    } catch (RefusedClassException e) {
      throw refused(value, e.type.getName(), e.reason, e);
    } catch (CyclicValueException e) {
      throw refused(
          value,
          e.type.getName(),
          "it leads back to itself, and it cannot be made before its content. Use a collection that"
              + " can change.",
          e);
    } catch (JavaStream.TooDeepException e) {
      throw tooDeep(value, "deeper than " + e.limit + " levels");
    } catch (StackOverflowError e) {
      throw tooDeep(value, "deeper than the stack of this thread allows");
    } catch (JavaStream.TooLargeException e) {
      throw tooLarge(value, "more than the " + maxBytes + " bytes that an attribute may have");
    } catch (ConcurrentModificationException | UnencodableValueException e) {
      throw e;
    } catch (RuntimeException e) {
      throw isCaughtChanging(e)
          ? (ConcurrentModificationException) new ConcurrentModificationException().initCause(e)
          : failed(value, "its own code failed: " + e, e);
    }
    byte[] encoded = written.bytes();
    if (encoded.length > maxBytes + ENVELOPE) {
      throw tooLarge(
          value, encoded.length + " bytes; an attribute may have " + maxBytes + " bytes");
    }
    if (written.doubtful()) {
      requireReadable(value, encoded);
    }
    return encoded;
  }

  /**
   * Whether a collection of the JDK failed because it was changed meanwhile: not all of them detect
   * that.
   */
  private static boolean isCaughtChanging(RuntimeException e) {
    boolean stumbled =
        e instanceof NullPointerException
            || e instanceof IndexOutOfBoundsException
            || e instanceof NoSuchElementException
            || e instanceof ClassCastException
            || e instanceof NegativeArraySizeException;
    if (!stumbled) {
      return false;
    }
    for (StackTraceElement frame : e.getStackTrace()) {
      String where = frame.getClassName();
      // Objects and Optional throw on behalf of their callers.
      boolean messenger =
          where.startsWith("jdk.internal.")
              || where.startsWith("java.lang.")
              || where.equals("java.util.Objects")
              || where.startsWith("java.util.Optional");
      if (!messenger) {
        return where.startsWith("java.util.");
      }
    }
    return false;
  }

  private Written write(Object value, KnownBytes known) {
    Route.Kind kind = routes.of(value.getClass()).kind();
    if (kind != Route.Kind.JDK) {
      try {
        return withKryo(value, false, known);
      } catch (JdkNeededException e) {
        // JDK serialization writes it instead.
      }
    }
    try {
      byte[] envelope = {FORMAT, JDK, NO_KEY};
      byte[] encoded = java.write(envelope, value, object -> {});
      return known.are(encoded, 0, encoded.length)
          ? new Written(KNOWN, false)
          : new Written(encoded, true);
    } catch (NotSerializableException e) {
      if (kind == Route.Kind.JDK) {
        throw notSerializable(value, e);
      }
    } catch (IOException e) {
      throw failed(value, e);
    }
    try {
      return withKryo(value, true, known);
    } catch (Embedding.EmbeddedStreamException e) {
      throw e.failure instanceof NotSerializableException n
          ? notSerializable(value, n)
          : failed(value, e.failure);
    }
  }

  private Written withKryo(Object value, boolean embedding, KnownBytes known) {
    KryoEngine engine = engine();
    byte[] encoded = engine.encode(KRYO_ENVELOPE, value, embedding, known);
    boolean doubtful = engine.isDoubtful();
    engines.offer(engine);
    return encoded == null ? new Written(KNOWN, false) : new Written(encoded, doubtful);
  }

  private KryoEngine engine() {
    KryoEngine pooled = engines.poll();
    return pooled != null ? pooled : new KryoEngine(classes, routes, java, maxBytes);
  }

  private void requireReadable(Object value, byte[] encoded) {
    long digest = ReadBack.digest(encoded);
    if (readBack.contains(digest)) {
      return;
    }
    try {
      decode(encoded);
    } catch (UndecodableValueException e) {
      throw failed(value, "it can be written but not read: " + e.getMessage(), e);
    }
    readBack.add(digest);
  }

  /** Whether JDK serialization of a part of the value is refused for the same class. */
  private boolean leadsTo(Object part, String className) {
    try {
      java.write(new byte[0], part, object -> {});
      return false;
    } catch (NotSerializableException e) {
      return className.equals(e.getMessage());
    } catch (RefusedClassException e) {
      return className.equals(e.type.getName());
    } catch (IOException | RuntimeException | StackOverflowError e) {
      return false;
    }
  }

  private UnencodableValueException refused(
      Object root, String className, String reason, @Nullable Throwable cause) {
    String path = ValuePath.find(root, className, part -> leadsTo(part, className));
    String where =
        path == null || root.getClass().getName().equals(className) ? "" : " (at " + path + ")";
    return new UnencodableValueException(
        className + where + " cannot be kept in a session: " + reason, cause);
  }

  private static SessionLimitExceededException tooLarge(Object root, String howLarge) {
    return new SessionLimitExceededException(
        root.getClass().getName()
            + " cannot be kept in a session: it takes "
            + howLarge
            + ". Keep less in the session, or raise attribute.max-size.");
  }

  private UnencodableValueException tooDeep(Object root, String howDeep) {
    return refused(
        root,
        root.getClass().getName(),
        "objects are nested " + howDeep + ". Keep them in a list instead of a chain.",
        null);
  }

  private UnencodableValueException notSerializable(Object root, NotSerializableException e) {
    String className = String.valueOf(e.getMessage());
    String reason =
        className.startsWith("java.")
            ? Routes.OF_THE_JDK
            : "an object that needs JDK serialization leads to it, and it does not implement"
                + " java.io.Serializable. Implement it, or make the field transient; codec.plain"
                + " does not reach inside such an object.";
    return refused(root, className, reason, e);
  }

  private static FailedValueException failed(Object root, IOException e) {
    return failed(root, "its own serialization failed: " + e.getMessage(), e);
  }

  private static FailedValueException failed(Object root, String reason, Exception e) {
    return new FailedValueException(
        root.getClass().getName() + " cannot be kept in a session: " + reason, e);
  }

  /**
   * Reads what JDK serialization wrote elsewhere, without our envelope, under the class list and
   * the limits of this codec.
   *
   * @throws UndecodableValueException as {@link #decode}
   */
  public Object decodeStream(byte[] stream) {
    if (stream.length > maxBytes) {
      throw new StoredValueTooLargeException(
          stream.length + " bytes; an attribute may have " + maxBytes + " bytes");
    }
    return value(() -> java.read(stream, 0));
  }

  @Override
  public Object decode(byte[] bytes) {
    if (bytes.length <= ENVELOPE || bytes[0] != FORMAT) {
      throw new UndecodableValueException(
          bytes.length <= ENVELOPE
              ? "The stored value is cut off: " + bytes.length + " bytes"
              : "The stored value has the format "
                  + bytes[0]
                  + "; this version reads format "
                  + FORMAT,
          null);
    }
    if (bytes[2] != NO_KEY) {
      throw new UndecodableValueException(
          "The stored value is encrypted with key " + bytes[2], null);
    }
    return value(
        () ->
            switch (bytes[1]) {
              case KRYO -> readWithKryo(bytes);
              case JDK -> java.read(bytes, ENVELOPE);
              default ->
                  throw new UndecodableValueException(
                      "The stored value was written by the codec "
                          + bytes[1]
                          + ", which this version does not have",
                      null);
            });
  }

  /** Reads a value, and says why where that fails. */
  private static Object value(Reading reading) {
    Object value;
    try {
      value = reading.read();
    } catch (UndecodableValueException e) {
      throw e;
    } catch (Embedding.EmbeddedStreamException e) {
      throw unreadable(e.failure);
    } catch (IOException | RuntimeException | StackOverflowError | LinkageError e) {
      throw unreadable(e);
    }
    if (value == null) {
      throw new UndecodableValueException("The stored value is null, which no attribute is", null);
    }
    return value;
  }

  private interface Reading {
    @Nullable Object read() throws IOException;
  }

  private @Nullable Object readWithKryo(byte[] bytes) {
    KryoEngine engine = engine();
    Object value = engine.decode(bytes, ENVELOPE);
    engines.offer(engine);
    return value;
  }

  private static UndecodableValueException unreadable(Throwable e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof UndecodableValueException known) {
        return known;
      }
    }
    if (e instanceof StackOverflowError) {
      return new StoredValueTooLargeException(
          "Objects are nested deeper than the stack of a thread");
    }
    String what = e instanceof KryoException ? String.valueOf(e.getMessage()) : e.toString();
    return new UndecodableValueException("The stored value cannot be read: " + what, e);
  }
}
