package dev.holdfast;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * The javax jar against the real API of Servlet 4.0.1: what it calls is there, and what old
 * applications call is in it.
 */
class JavaxJarIT {
  private static final Path ALL_JAR = jar("holdfast.all.jar");
  private static final Path JAVAX_JAR = jar("holdfast.all.javax.jar");
  private static final String API = "javax/servlet/";

  /** Loaded where the container has Servlet 6.1, and nowhere else. */
  private static final Set<String> OF_SERVLET_6_1 =
      Set.of(
          "dev/holdfast/servlet/AccessibleWebSession",
          "dev/holdfast/servlet/AccessibleWebSession$TokenAccessor");

  private static Path jar(String property) {
    return Path.of(requireNonNull(System.getProperty(property), property));
  }

  /** A WAR with nothing but the javax jar, on a container of Servlet 4.0. */
  private static URLClassLoader war() throws IOException {
    URL api = javax.servlet.Servlet.class.getProtectionDomain().getCodeSource().getLocation();
    return new URLClassLoader(
        new URL[] {JAVAX_JAR.toUri().toURL(), api}, ClassLoader.getPlatformClassLoader());
  }

  /** Our classes in a jar, without the libraries, by name. */
  private static Map<String, byte[]> classes(Path jar) throws IOException {
    Map<String, byte[]> classes = new TreeMap<>();
    entries(jar)
        .forEach(
            (name, bytes) -> {
              if (name.endsWith(".class") && !name.startsWith("dev/holdfast/lib/")) {
                classes.put(name.substring(0, name.length() - ".class".length()), bytes);
              }
            });
    return classes;
  }

  private static Map<String, byte[]> entries(Path jar) throws IOException {
    Map<String, byte[]> entries = new TreeMap<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      for (JarEntry entry : file.stream().filter(entry -> !entry.isDirectory()).toList()) {
        try (InputStream in = file.getInputStream(entry)) {
          entries.put(entry.getName(), in.readAllBytes());
        }
      }
    }
    return entries;
  }

  // What an application calls

  @Test
  void everyMethodOfTheApiIsImplemented() throws Exception {
    List<String> missing = new ArrayList<>();
    int checked = 0;
    try (URLClassLoader war = war()) {
      for (String name : classes(JAVAX_JAR).keySet()) {
        Class<?> type = OF_SERVLET_6_1.contains(name) ? null : ofTheApi(war, name);
        if (type != null) {
          checked++;
          for (Class<?> face : interfaces(type)) {
            missing.addAll(notImplemented(type, face));
          }
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(checked).as("classes that implement something of the API").isGreaterThan(15);
  }

  /** The class, if it can be instantiated and is a type of the API. */
  private static Class<?> ofTheApi(ClassLoader war, String name) throws ClassNotFoundException {
    Class<?> type;
    try {
      type = Class.forName(name.replace('/', '.'), false, war);
    } catch (NoClassDefFoundError e) {
      // It extends a class of a library that the application may bring, none of the API's.
      assertThat(e).hasMessageNotContaining(API);
      return null;
    }
    return Modifier.isAbstract(type.getModifiers()) || interfaces(type).isEmpty() ? null : type;
  }

  /** The interfaces of the API, inherited ones too. */
  private static Set<Class<?>> interfaces(Class<?> type) {
    Set<Class<?>> found = new LinkedHashSet<>();
    for (Class<?> above = type; above != null; above = above.getSuperclass()) {
      for (Class<?> face : above.getInterfaces()) {
        if (face.getName().startsWith("javax.servlet.")) {
          found.add(face);
        }
        found.addAll(interfaces(face));
      }
    }
    return found;
  }

  private static List<String> notImplemented(Class<?> type, Class<?> face) {
    return Arrays.stream(face.getMethods())
        .filter(method -> Modifier.isAbstract(method.getModifiers()))
        .filter(method -> !isImplemented(type, method))
        .map(method -> type.getName() + " lacks " + method)
        .toList();
  }

  private static boolean isImplemented(Class<?> type, Method method) {
    return Arrays.stream(type.getMethods())
        .anyMatch(
            own ->
                own.getName().equals(method.getName())
                    && Arrays.equals(own.getParameterTypes(), method.getParameterTypes())
                    && method.getReturnType().isAssignableFrom(own.getReturnType())
                    && !Modifier.isAbstract(own.getModifiers()));
  }

  /** The API's wrapper would ask the container, which knows neither our id nor our session. */
  @ParameterizedTest
  @CsvSource({
    "SessionRequest, isRequestedSessionIdFromUrl",
    "SessionResponse, encodeUrl",
    "SessionResponse, encodeRedirectUrl",
    "ScopedResponse, setStatus"
  })
  void formerNamesDoNotPassUsBy(String type, String method) throws Exception {
    try (URLClassLoader war = war()) {
      Class<?> ours = war.loadClass("dev.holdfast.servlet." + type);
      Class<?> above = ours.getSuperclass();
      while (above.getClassLoader() == ours.getClassLoader()
          && above.getName().startsWith("dev.holdfast.")) {
        above = above.getSuperclass();
      }
      for (Method former : above.getMethods()) {
        if (former.getName().equals(method)) {
          assertThat(ours.getDeclaredMethod(method, former.getParameterTypes())).isNotNull();
        }
      }
      assertThat(above.getMethods()).extracting(Method::getName).contains(method);
    }
  }

  @Test
  void theFormerContextOfSessionsKnowsNone() throws Exception {
    try (URLClassLoader war = war()) {
      Class<?> none = war.loadClass("dev.holdfast.servlet.NoSessions");
      Object context = none.getEnumConstants()[0];
      Class<?> api = war.loadClass("javax.servlet.http.HttpSessionContext");
      Method ids = api.getMethod("getIds");
      assertThat(api.getMethod("getSession", String.class).invoke(context, "x")).isNull();
      assertThat(((Enumeration<?>) ids.invoke(context)).hasMoreElements()).isFalse();
    }
  }

  // What it calls

  /**
   * What Servlet 6 has added and these classes call, each behind a look at what the container has:
   * the methods that only an application of Servlet 6.1 calls, and the attributes of the cookie.
   */
  private static final Set<String> ADDED =
      Set.of(
          "ContainerCookie calls SessionCookieConfig.getAttributes",
          "ScopedResponse calls HttpServletResponseWrapper.setCharacterEncoding",
          "SessionResponse calls ScopedResponse.sendRedirect");

  @Test
  void whatItCallsIsInTheApi() throws Exception {
    Set<String> unknown = new TreeSet<>();
    try (URLClassLoader war = war()) {
      classes(JAVAX_JAR)
          .forEach(
              (name, bytes) -> {
                if (!OF_SERVLET_6_1.contains(name)) {
                  new ClassReader(bytes).accept(new Calls(war, name, unknown), 0);
                }
              });
    }
    assertThat(unknown).isEqualTo(ADDED);
  }

  /** Looks up the methods and fields of the API that a class names. */
  private static final class Calls extends ClassVisitor {
    private final ClassLoader war;
    private final String caller;
    private final Set<String> unknown;

    Calls(ClassLoader war, String caller, Set<String> unknown) {
      super(Opcodes.ASM9);
      this.war = war;
      this.caller = caller.substring(caller.lastIndexOf('/') + 1);
      this.unknown = unknown;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      return new MethodVisitor(Opcodes.ASM9) {
        @Override
        public void visitMethodInsn(
            int opcode, String owner, String called, String type, boolean isInterface) {
          check(owner, called, type);
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String field, String type) {
          check(owner, field, type);
        }

        @Override
        public void visitInvokeDynamicInsn(
            String called, String type, Handle bootstrap, Object... arguments) {
          for (Object argument : arguments) {
            if (argument instanceof Handle handle) {
              check(handle.getOwner(), handle.getName(), handle.getDesc());
            }
          }
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
          load(type);
        }
      };
    }

    private void check(String owner, String member, String type) {
      Class<?> api = load(owner);
      if (api != null && !has(api, member, type)) {
        unknown.add(caller + " calls " + owner.replaceFirst(".*/", "") + "." + member);
      }
    }

    private Class<?> load(String owner) {
      boolean ours = owner.startsWith("dev/holdfast/servlet/") && !OF_SERVLET_6_1.contains(owner);
      if (!ours && !owner.startsWith(API)) {
        return null;
      }
      try {
        Class<?> type = Class.forName(owner.replace('/', '.'), false, war);
        return ours && interfaces(type).isEmpty() ? null : type;
      } catch (ClassNotFoundException e) {
        unknown.add(caller + " names " + owner);
        return null;
      }
    }

    private static boolean has(Class<?> type, String member, String descriptor) {
      if (descriptor.startsWith("(")) {
        Stream<String> own =
            member.equals("<init>")
                ? Arrays.stream(type.getDeclaredConstructors()).map(JavaxJarIT::descriptor)
                : Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> method.getName().equals(member))
                    .map(Type::getMethodDescriptor);
        if (own.anyMatch(descriptor::equals)) {
          return true;
        }
      } else if (Arrays.stream(type.getDeclaredFields())
          .anyMatch(field -> field.getName().equals(member))) {
        return true;
      }
      return (type.getSuperclass() != null && has(type.getSuperclass(), member, descriptor))
          || Arrays.stream(type.getInterfaces()).anyMatch(face -> has(face, member, descriptor));
    }
  }

  private static String descriptor(Constructor<?> constructor) {
    return Type.getConstructorDescriptor(constructor);
  }

  // What is in it

  @Test
  void nothingInItNamesJakarta() throws IOException {
    Set<String> names = new TreeSet<>();
    classes(JAVAX_JAR)
        .forEach(
            (name, bytes) -> {
              String text = new String(bytes, StandardCharsets.ISO_8859_1);
              if (text.contains("jakarta.servlet") || text.contains("jakarta/servlet")) {
                names.add(name);
              }
            });
    assertThat(names).containsExactly("dev/holdfast/InitializerOnJakarta");
  }

  @Test
  void theContainerFindsTheSameInitializer() throws IOException {
    String services = "META-INF/services/";
    String initializer = ".servlet.ServletContainerInitializer";
    assertThat(text(ALL_JAR, services + "jakarta" + initializer).strip())
        .isEqualTo(text(JAVAX_JAR, services + "javax" + initializer).strip())
        .isEqualTo("dev.holdfast.HoldfastInitializer");
    assertThat(text(ALL_JAR, services + "javax" + initializer).strip())
        .isEqualTo("dev.holdfast.InitializerOnJavax");
    assertThat(text(JAVAX_JAR, services + "jakarta" + initializer).strip())
        .isEqualTo("dev.holdfast.InitializerOnJakarta");
  }

  /** But for the namespace, and what the newer version has. */
  @Test
  void theFragmentSaysTheSameOfItsPlace() throws IOException {
    String fragment = "META-INF/web-fragment.xml";
    String ours = text(ALL_JAR, fragment);
    String javax = text(JAVAX_JAR, fragment);
    assertThat(javax)
        .contains("xmlns=\"http://xmlns.jcp.org/xml/ns/javaee\"", "version=\"4.0\"")
        .endsWith(ours.substring(ours.indexOf("<name>")));
  }

  private static String text(Path jar, String name) throws IOException {
    return new String(requireNonNull(entries(jar).get(name), name), StandardCharsets.UTF_8);
  }

  @Test
  void theLibrariesAreTheSame() throws IOException {
    assertThat(libraries(JAVAX_JAR)).isEqualTo(libraries(ALL_JAR)).hasSizeGreaterThan(5_000);
  }

  private static Map<String, Integer> libraries(Path jar) throws IOException {
    Map<String, Integer> libraries = new TreeMap<>();
    entries(jar)
        .forEach(
            (name, bytes) -> {
              if (name.startsWith("dev/holdfast/lib/")) {
                libraries.put(name, Arrays.hashCode(bytes));
              }
            });
    return libraries;
  }

  /** But for the type that only stands for one of the API, and what tells of the wrong jar. */
  @Test
  void ourClassesAreTheSame() throws IOException {
    Set<String> all = new TreeSet<>(classes(ALL_JAR).keySet());
    assertThat(all.remove("dev/holdfast/servlet/HttpSessionContext")).isTrue();
    assertThat(all.remove("dev/holdfast/InitializerOnJavax")).isTrue();
    assertThat(classes(JAVAX_JAR).keySet()).isEqualTo(all);
  }
}
