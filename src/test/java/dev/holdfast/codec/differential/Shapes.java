package dev.holdfast.codec.differential;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Generated classes, compiled once and loaded by a loader that plays the application's. */
final class Shapes {
  private final Map<String, String> sources;
  private final ShapeLoader loader;
  private final List<Factory> factories = new ArrayList<>();

  private Shapes(Map<String, String> sources, Map<String, byte[]> classes) {
    this.sources = sources;
    this.loader = new ShapeLoader(classes);
  }

  /** The factory of one shape. */
  record Factory(String name, MethodHandle make) {
    Object make(int n, @Nullable Object a, @Nullable Object b) {
      try {
        return make.invokeExact(n, a, b);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }
  }

  static Shapes generate(long seed, int count) {
    Map<String, String> sources = ShapeSource.generate(new Random(seed), count);
    Shapes shapes = new Shapes(sources, compile(sources));
    MethodType type = MethodType.methodType(Object.class, int.class, Object.class, Object.class);
    for (String name : sources.keySet()) {
      if (name.startsWith("shapes.S")) {
        try {
          Class<?> shape = Class.forName(name, false, shapes.loader);
          MethodHandle make = MethodHandles.publicLookup().findStatic(shape, "make", type);
          shapes.factories.add(new Factory(name, make));
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    return shapes;
  }

  ClassLoader loader() {
    return loader;
  }

  List<Factory> factories() {
    return factories;
  }

  /** The source of a shape, for the report of a failure. */
  String source(String name) {
    return sources.getOrDefault(name, "");
  }

  private static Map<String, byte[]> compile(Map<String, String> sources) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Map<String, ByteArrayOutputStream> written = new HashMap<>();
    StringWriter messages = new StringWriter();
    List<JavaFileObject> files = new ArrayList<>();
    sources.forEach((name, text) -> files.add(new Source(name, text)));
    List<String> options =
        List.of(
            "-proc:none", "-nowarn", "-Xlint:none", "-cp", System.getProperty("java.class.path"));
    try (JavaFileManager memory =
        new Memory(compiler.getStandardFileManager(null, null, null), written)) {
      if (!compiler.getTask(messages, memory, null, options, null, files).call()) {
        throw new IllegalStateException("The generated classes do not compile:\n" + messages);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, byte[]> classes = new HashMap<>();
    written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
    return classes;
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String name, String text) {
      super(URI.create("string:///" + name.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> written;

    Memory(JavaFileManager files, Map<String, ByteArrayOutputStream> written) {
      super(files);
      this.written = written;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(
          URI.create("memory:///" + className.replace('.', '/') + ".class"), kind) {
        @Override
        public OutputStream openOutputStream() {
          return written.computeIfAbsent(className, name -> new ByteArrayOutputStream());
        }
      };
    }
  }

  /** Has the class files as resources too, since the allow-list looks for these. */
  private static final class ShapeLoader extends ClassLoader {
    private final Map<String, byte[]> classes;

    ShapeLoader(Map<String, byte[]> classes) {
      super(Shapes.class.getClassLoader());
      this.classes = classes;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      byte[] bytes = classes.get(name);
      if (bytes == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, bytes, 0, bytes.length);
    }

    @Override
    protected @Nullable URL findResource(String path) {
      boolean isClass = path.endsWith(".class");
      byte[] bytes =
          isClass ? classes.get(path.substring(0, path.length() - 6).replace('/', '.')) : null;
      if (bytes == null) {
        return null;
      }
      try {
        return new URL("memory", null, 0, "/" + path, new InMemory(bytes));
      } catch (MalformedURLException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static final class InMemory extends URLStreamHandler {
    private final byte[] bytes;

    InMemory(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    protected URLConnection openConnection(URL url) {
      return new URLConnection(url) {
        @Override
        public void connect() {}

        @Override
        public InputStream getInputStream() {
          return new ByteArrayInputStream(bytes);
        }
      };
    }
  }
}
