package dev.holdfast.preflight;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;

/**
 * What the constant pool and the header of a class file tell, without reading its methods.
 *
 * @param name with slashes, as all names here
 * @param place the path in the WAR of its jar, or {@code WEB-INF/classes}
 * @param superName null for {@code java/lang/Object} and modules
 * @param isAbstract whether it is an abstract class or an interface
 * @param own whether it is the application's own: in WEB-INF/classes, or in a library that shares
 *     its first two packages with what is there
 * @param bytes the class file, kept where methods may have to be read; null elsewhere
 */
record WarClass(
    String name,
    String place,
    @Nullable String superName,
    List<String> interfaces,
    Set<Trait> traits,
    boolean isAbstract,
    boolean own,
    byte @Nullable [] bytes) {

  static final String CLASSES = "WEB-INF/classes";

  /** What may matter and stands in the constant pool. */
  enum Trait {
    /** Names a type of {@code javax.servlet}. */
    JAVAX(ServletApi.JAVAX.path()),
    /** Names a type of {@code jakarta.servlet}. */
    JAKARTA(ServletApi.JAKARTA.path()),
    SETS_ATTRIBUTES("setAttribute", "putValue", "setSessionAttribute", "getSessionMap"),
    GETS_SESSION("getSession"),
    /** Methods of HttpSession that Servlet 6.0 has removed. */
    REMOVED_METHODS("putValue", "getValueNames", "removeValue", "getSessionContext"),
    WEB_LISTENER(ofEither("/servlet/annotation/WebListener;")),
    SESSION_SCOPED(ofEither("/enterprise/context/SessionScoped;")),
    SESSION_ATTRIBUTES("org/springframework/web/bind/annotation/SessionAttributes;"),
    /** Names a session class of a container. */
    CONTAINER_SESSION(
        "org/apache/catalina/session/",
        "org/eclipse/jetty/session/",
        "org/eclipse/jetty/server/session/",
        "io/undertow/server/session/");

    @SuppressWarnings("ImmutableEnumChecker") // It is List.of.
    private final List<String> texts;

    Trait(String... texts) {
      this.texts = List.of(texts);
    }

    private static String[] ofEither(String name) {
      return new String[] {"jakarta" + name, "javax" + name};
    }

    static Trait of(ServletApi api) {
      return api == ServletApi.JAVAX ? JAVAX : JAKARTA;
    }
  }

  /**
   * @throws IllegalArgumentException when it is no class file
   */
  static WarClass read(byte[] bytes, String place, boolean own) {
    try {
      ClassReader reader = new ClassReader(bytes);
      Set<Trait> traits = traits(reader, bytes);
      boolean kept = own || traits.contains(Trait.SETS_ATTRIBUTES);
      return new WarClass(
          reader.getClassName(),
          place,
          reader.getSuperName(),
          List.of(reader.getInterfaces()),
          traits,
          (reader.getAccess() & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_INTERFACE)) != 0,
          own,
          kept ? bytes : null);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("it is no class file: " + e, e);
    }
  }

  private static Set<Trait> traits(ClassReader reader, byte[] bytes) {
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    for (int i = 1; i < reader.getItemCount(); i++) {
      int item = reader.getItem(i);
      // CONSTANT_Utf8 (JVMS 4.4.7); item points behind the tag.
      if (item > 0 && bytes[item - 1] == 1) {
        int length = reader.readUnsignedShort(item);
        addTraits(traits, new String(bytes, item + 2, length, StandardCharsets.ISO_8859_1));
      }
    }
    return traits;
  }

  private static void addTraits(Set<Trait> traits, String text) {
    for (Trait trait : Trait.values()) {
      for (String part : trait.texts) {
        if (part.indexOf('/') < 0 ? text.equals(part) : isTypeName(text, part)) {
          traits.add(trait);
        }
      }
    }
  }

  /** Whether the text is a class name or a descriptor with this part, and no path in a string. */
  private static boolean isTypeName(String text, String part) {
    int at = text.indexOf(part);
    return at == 0 || (at > 0 && text.charAt(at - 1) == 'L');
  }

  boolean has(Trait trait) {
    return traits.contains(trait);
  }

  /** The name as a program writes it. */
  String dotted() {
    return name.replace('/', '.');
  }
}
