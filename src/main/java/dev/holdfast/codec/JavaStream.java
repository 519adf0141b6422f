package dev.holdfast.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * JDK serialization behind the class allow-list, in both directions.
 *
 * <p>Reading: every class that the stream names is judged by name before it is loaded; the
 * application's loader loads it without initialising it. What an allowed class creates itself, for
 * instance in {@code readResolve}, is not judged: the bytes do not choose it, and the class's code
 * has run already. The filter limits depth and lets all arrays of a stream together have no more
 * elements than its bytes can fill (eight per byte, since hash tables declare capacity, not
 * content). References and bytes are limited by the length of the array that is read.
 *
 * <p>Writing: the same list judges, so that nothing is written that reading refuses. The depth is
 * sampled from the stack every {@value #SAMPLE} objects, and reading allows that much more. A
 * HashMap writes its size first and does not notice a change while it is written, so the sizes of
 * all collections are compared at the end.
 */
final class JavaStream {
  /** Reading takes about 1 KB of stack per level; a thread may have 1 MB in all. */
  static final int MAX_DEPTH = 400;

  private static final int SAMPLE = 64;
  private static final int ELEMENTS_PER_BYTE = 8;
  private static final int ELEMENTS_ALWAYS = 1024;

  /** The classes that {@code List.of} and {@code Collections.unmodifiableList} are written as. */
  private static final Set<String> REPLACING =
      Set.of("java.util.CollSer", "java.util.Collections$UnmodifiableList");

  /**
   * The class that a lambda is written as. It is allowed in any stream: it names the class that
   * made the lambda, that class is judged like any other, and only it can bring the lambda back.
   */
  private static final String LAMBDA = SerializedLambda.class.getName();

  private final ClassAllowList allowed;
  private final long maxBytes;

  JavaStream(ClassAllowList allowed, long maxBytes) {
    this.allowed = allowed;
    this.maxBytes = maxBytes;
  }

  /**
   * Writes one object and what it leads to, behind {@code envelope}.
   *
   * @param reached is told of every object
   * @throws RefusedClassException for a class that is not allowed, or a part of a sorted set
   * @throws CyclicValueException when an immutable collection leads back to itself
   * @throws TooLargeException beyond the limit
   * @throws ConcurrentModificationException when a collection changed meanwhile
   */
  byte[] write(byte[] envelope, Object root, Consumer<Object> reached) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    bytes.writeBytes(envelope);
    Writer writer = new Writer(new Limited(bytes, maxBytes), reached);
    writer.writeObject(root);
    writer.flush();
    writer.requireUnchanged();
    writer.requireNoReplacedCycle(root);
    return bytes.toByteArray();
  }

  /**
   * Reads one object.
   *
   * @param offset where the stream starts
   * @throws UndecodableValueException for a class that is missing or not allowed
   */
  Object read(byte[] bytes, int offset) throws IOException {
    InputStream in = new ByteArrayInputStream(bytes, offset, bytes.length - offset);
    try (Reader reader = new Reader(in, bytes.length - offset)) {
      return reader.readObject();
    } catch (ClassNotFoundException e) {
      throw new UndecodableValueException(
          "The class '"
              + NamedClasses.printable(String.valueOf(e.getMessage()))
              + "' is not in this application",
          e);
    }
  }

  /** The name of the class of the first object; null when the bytes do not tell. */
  static @Nullable String rootType(byte[] bytes, int offset) {
    InputStream in = new ByteArrayInputStream(bytes, offset, bytes.length - offset);
    try (FirstClass first = new FirstClass(in)) {
      Object unused = first.readObject();
      return null;
    } catch (FirstClass.FoundException e) {
      return e.name;
    } catch (IOException | ClassNotFoundException | RuntimeException e) {
      return null;
    }
  }

  /** Reads as far as the first name of a class, and loads none. */
  private static final class FirstClass extends ObjectInputStream {
    FirstClass(InputStream in) throws IOException {
      super(in);
      setObjectInputFilter(
          info ->
              info.serialClass() == null
                  ? ObjectInputFilter.Status.UNDECIDED
                  : ObjectInputFilter.Status.REJECTED);
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description) {
      throw new FoundException(description.getName());
    }

    @Override
    protected Class<?> resolveProxyClass(String[] interfaces) {
      throw new FoundException("a proxy of " + String.join(", ", interfaces));
    }

    private static final class FoundException extends RuntimeException {
      private static final long serialVersionUID = 1L;

      final String name;

      FoundException(String name) {
        super(null, null, false, false);
        this.name = name;
      }
    }
  }

  private final class Writer extends ObjectOutputStream {
    private final Consumer<Object> reached;
    private final List<Object> collections = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private int objects;
    private boolean replaced;

    Writer(OutputStream out, Consumer<Object> reached) throws IOException {
      super(out);
      this.reached = reached;
      enableReplaceObject(true);
    }

    @Override
    protected void annotateClass(Class<?> type) {
      if (NamedClasses.isMadeAtRunTime(type)) {
        throw new RefusedClassException(type, NamedClasses.MADE_AT_RUN_TIME);
      }
      boolean judged = !type.isPrimitive() && type != SerializedLambda.class;
      if (judged && !allowed.isAllowed(type.getName())) {
        throw new RefusedClassException(type, NamedClasses.notAllowed(type));
      }
    }

    @Override
    protected void annotateProxyClass(Class<?> type) {
      for (Class<?> face : type.getInterfaces()) {
        if (NamedClasses.isMadeAtRunTime(face)) {
          throw new RefusedClassException(face, NamedClasses.MADE_AT_RUN_TIME);
        }
        if (!allowed.isAllowed(face.getName())) {
          throw new RefusedClassException(face, NamedClasses.notAllowed(face));
        }
      }
    }

    @Override
    protected Object replaceObject(Object object) {
      SortedViews.refuse(object);
      requireNamed(object);
      reached.accept(object);
      if (REPLACING.contains(object.getClass().getName())) {
        replaced = true;
      }
      int size = sizeOf(object);
      if (size >= 0) {
        collections.add(object);
        sizes.add(size);
      }
      if (++objects % SAMPLE == 0 && depth() > MAX_DEPTH) {
        throw new TooDeepException(MAX_DEPTH);
      }
      return object;
    }

    /**
     * Refuses a class that only this JVM has; the advice to implement Serializable would not help.
     */
    private static void requireNamed(Object object) {
      Class<?> type = object.getClass();
      if (!(object instanceof Serializable) && NamedClasses.isMadeAtRunTime(type)) {
        throw new RefusedClassException(
            type, type.isHidden() ? NamedClasses.LAMBDA : NamedClasses.MADE_AT_RUN_TIME);
      }
    }

    private static long depth() {
      return StackWalker.getInstance()
          .walk(frames -> frames.filter(f -> f.getMethodName().equals("writeObject0")).count());
    }

    /**
     * The size of a collection of the JDK, else -1: an application's collection may do anything
     * when asked.
     */
    private static int sizeOf(Object object) {
      if (object.getClass().getClassLoader() != null) {
        return -1;
      }
      if (object instanceof Map<?, ?> map) {
        return map.size();
      }
      return object instanceof Collection<?> collection ? collection.size() : -1;
    }

    void requireNoReplacedCycle(Object root) {
      Class<?> cyclic = replaced ? ReplacedCycles.in(root) : null;
      if (cyclic != null) {
        throw new CyclicValueException(cyclic);
      }
    }

    void requireUnchanged() {
      for (int i = 0; i < sizes.size(); i++) {
        if (sizeOf(collections.get(i)) != sizes.get(i)) {
          throw new ConcurrentModificationException(
              collections.get(i).getClass().getName() + " changed while it was written");
        }
      }
    }
  }

  private final class Reader extends ObjectInputStream {
    private final int length;
    private long budget;

    /**
     * Sets both filters, since a stream's own filter replaces that of the JVM ({@code
     * jdk.serialFilter}). What either rejects is rejected.
     */
    Reader(InputStream in, int length) throws IOException {
      super(in);
      this.length = length;
      budget = (long) length * ELEMENTS_PER_BYTE + ELEMENTS_ALWAYS;
      setObjectInputFilter(
          ObjectInputFilter.merge(this::check, ObjectInputFilter.Config.getSerialFilter()));
    }

    /** The filter. What it throws becomes the cause of what the stream throws. */
    private ObjectInputFilter.Status check(ObjectInputFilter.FilterInfo info) {
      if (info.depth() > MAX_DEPTH + SAMPLE + 2) {
        throw nestedTooDeep(MAX_DEPTH);
      }
      if (info.references() > length) {
        throw declared(info.references() + " objects");
      }
      Class<?> type = info.serialClass();
      if (type == null) {
        return ObjectInputFilter.Status.UNDECIDED;
      }
      if (info.arrayLength() >= 0) {
        budget -= info.arrayLength() * (long) weight(type);
        if (budget < 0) {
          throw declared("An array of " + info.arrayLength() + " elements");
        }
      }
      // Classes that the stream names were judged before they were loaded. The others come from
      // readResolve of an allowed class, or are internals of hash tables.
      return ObjectInputFilter.Status.ALLOWED;
    }

    private StoredValueTooLargeException declared(String what) {
      return new StoredValueTooLargeException(
          what + " declared in a stream of " + length + " bytes");
    }

    private static int weight(Class<?> array) {
      Class<?> component = array.getComponentType();
      if (component == null || !component.isPrimitive()) {
        return 1;
      }
      if (component == long.class || component == double.class) {
        return 8;
      }
      return component == int.class || component == float.class ? 4 : 2;
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description)
        throws IOException, ClassNotFoundException {
      String name = description.getName();
      Class<?> primitive = NamedClasses.primitive(name);
      return primitive != null ? primitive : load(name);
    }

    @Override
    protected Class<?> resolveProxyClass(String[] interfaces)
        throws IOException, ClassNotFoundException {
      Class<?>[] faces = new Class<?>[interfaces.length];
      for (int i = 0; i < faces.length; i++) {
        requireAllowed(interfaces[i]);
      }
      for (int i = 0; i < faces.length; i++) {
        faces[i] = load(interfaces[i]);
      }
      try {
        return Proxy.newProxyInstance(allowed.loader(), faces, (proxy, method, arguments) -> null)
            .getClass();
      } catch (IllegalArgumentException e) {
        throw new InvalidClassException(
            "The interfaces of a stored proxy do not go together: " + e.getMessage());
      }
    }

    private Class<?> load(String name) throws ClassNotFoundException {
      requireAllowed(name);
      return Class.forName(name, false, allowed.loader());
    }

    private void requireAllowed(String name) {
      if (!name.equals(LAMBDA) && !allowed.isAllowed(name)) {
        throw NamedClasses.notAllowedToRead(name);
      }
    }
  }

  static StoredValueTooLargeException nestedTooDeep(int limit) {
    return new StoredValueTooLargeException("Objects are nested deeper than " + limit);
  }

  /** Counts the bytes, so that the writing of a giant value stops early. */
  private static final class Limited extends OutputStream {
    private final OutputStream out;
    private final long limit;
    private long count;

    Limited(OutputStream out, long limit) {
      this.out = out;
      this.limit = limit;
    }

    @Override
    public void write(int b) throws IOException {
      count(1);
      out.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      count(length);
      out.write(bytes, offset, length);
    }

    private void count(int length) {
      count += length;
      if (count > limit) {
        throw new TooLargeException();
      }
    }
  }

  /** A value is nested too deep. */
  static final class TooDeepException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final int limit;

    TooDeepException(int limit) {
      super(null, null, false, false);
      this.limit = limit;
    }
  }

  /** A value needs more bytes than an attribute may have. */
  static final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLargeException() {
      super(null, null, false, false);
    }
  }
}
