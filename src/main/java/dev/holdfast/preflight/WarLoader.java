package dev.holdfast.preflight;

import dev.holdfast.codec.ClassOrigins;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * Loads the classes of a WAR so that they can be judged. None of their code ever runs: nobody
 * initialises them.
 *
 * <p>What a class names and the WAR does not bring, the API of the container above all, is replaced
 * by an empty stand-in: without it the class could not be loaded. Nothing of this program but the
 * JDK can be seen from here.
 */
final class WarLoader extends ClassLoader implements ClassOrigins {
  private final WarFile war;
  private final WarClasses classes;

  /** The class files of jars that something was loaded from, by jar. */
  private final Map<String, Map<String, byte[]>> jars = new HashMap<>();

  private final Set<String> standIns = new HashSet<>();

  WarLoader(WarFile war, WarClasses classes) {
    super(ClassLoader.getPlatformClassLoader());
    this.war = war;
    this.classes = classes;
  }

  /** Whether a class only stands in for one that the WAR does not bring. */
  boolean isStandIn(Class<?> type) {
    return standIns.contains(type.getName());
  }

  /**
   * Whether a class is or extends a stand-in, so that it may be Serializable or not. The interfaces
   * of the Servlet API are known not to be.
   */
  boolean isUnknown(Class<?> type) {
    if (isStandIn(type) && !(type.isInterface() && isOfServlets(type))) {
      return true;
    }
    Class<?> above = type.getSuperclass();
    if (above != null && isUnknown(above)) {
      return true;
    }
    for (Class<?> face : type.getInterfaces()) {
      if (isUnknown(face)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a type belongs to the Servlet API. */
  static boolean isOfServlets(Class<?> type) {
    return Stream.of(ServletApi.values())
        .anyMatch(api -> type.getName().startsWith(api.title() + "."));
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    String path = name.replace('.', '/');
    byte[] file;
    try {
      file = bytes(path);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
    if (file == null) {
      file = standIn(path);
      standIns.add(name);
    }
    return defineClass(name, file, 0, file.length);
  }

  private byte @Nullable [] bytes(String path) throws IOException {
    WarClass type = classes.get(path);
    if (type == null) {
      return null;
    }
    byte[] kept = type.bytes();
    if (kept != null) {
      return kept;
    }
    Map<String, byte[]> jar = jars.get(type.place());
    if (jar == null) {
      jar = read(type.place());
      jars.put(type.place(), jar);
    }
    return jar.get(path + ".class");
  }

  private Map<String, byte[]> read(String place) throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    war.readJar(
        place,
        (name, in) -> {
          if (name.endsWith(".class") && !name.startsWith("META-INF/")) {
            files.put(name, war.bytes(in, place + "!/" + name));
          }
        });
    return files;
  }

  private byte[] standIn(String path) {
    ClassWriter writer = new ClassWriter(0);
    int kind =
        classes.isUsedAsInterface(path)
            ? Opcodes.ACC_INTERFACE | Opcodes.ACC_ABSTRACT
            : Opcodes.ACC_ABSTRACT | Opcodes.ACC_SUPER;
    writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC | kind, path, null, "java/lang/Object", null);
    writer.visitEnd();
    return writer.toByteArray();
  }

  /** Where a class file would lie in the exploded WAR; only its text counts. */
  @Override
  protected @Nullable URL findResource(String name) {
    if (!name.endsWith(".class")) {
      return null;
    }
    WarClass type = classes.get(name.substring(0, name.length() - ".class".length()));
    if (type == null) {
      return null;
    }
    try {
      return new URL("war", null, -1, "/" + type.place() + "/" + name, new NoContent());
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected Enumeration<URL> findResources(String name) {
    URL url = findResource(name);
    return Collections.enumeration(url == null ? List.of() : List.of(url));
  }

  private static final class NoContent extends URLStreamHandler {
    @Override
    protected URLConnection openConnection(URL url) {
      return new URLConnection(url) {
        @Override
        public void connect() {}

        @Override
        public InputStream getInputStream() {
          return new ByteArrayInputStream(new byte[0]);
        }
      };
    }
  }

  @Override
  public Origin of(String resource, URL location) {
    String text = location.toString();
    if (!text.startsWith("war:")) {
      return Origin.ELSEWHERE;
    }
    return text.startsWith("war:/" + WarClass.CLASSES + "/") ? Origin.APPLICATION : Origin.LIBRARY;
  }

  @Override
  public boolean hasApplicationPackage(String path) {
    return classes.hasOwnPackage(path);
  }
}
