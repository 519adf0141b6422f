package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.UnencodableValueException;
import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Classes that exist on one node only, such as the proxies that Spring makes of session-scoped
 * beans with {@code @Transactional}: what they hold must not be stored, for no other node can read
 * it.
 */
class GeneratedClassTest {

  private static final ClassLoader LOADER = GeneratedClassTest.class.getClassLoader();

  /** With a key and without one. */
  private static final List<AttributeCodec> CODECS =
      List.of(
          new AttributeCodec(ClassAllowList.everything(LOADER)),
          new AttributeCodec(
              new ClassAllowList(
                  LOADER, new ClassesByLocation(LOADER, url -> false, url -> false), Set.of())));

  /** Of the application, with what another node lacks inside. */
  private record Holder(Object held) implements Serializable {}

  private static final class PlainHolder {
    final Object held;

    PlainHolder(Object held) {
      this.held = held;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"implements java.io.Serializable ", ""})
  void whatNoOtherNodeCanReadIsRefusedAndNoSettingIsAdvised(
      String serializable, @TempDir Path directory) throws Exception {
    Object generated = generate(serializable, directory);
    Map<String, Object> map = new LinkedHashMap<>(Map.of("bean", generated));
    for (AttributeCodec codec : CODECS) {
      assertRefused(codec, generated);
      assertRefused(codec, new ArrayList<>(List.of(generated)));
      assertRefused(codec, map);
      assertRefused(codec, writtenByJdkSerialization(generated));
    }
    assertRefused(CODECS.get(0), new Holder(generated));
    assertRefused(CODECS.get(0), new PlainHolder(generated));
  }

  /** Hidden classes that are no lambdas, as some frameworks make them. */
  @Test
  void soIsAHiddenClass() throws Exception {
    byte[] bytes =
        HiddenTemplate.class
            .getResourceAsStream("GeneratedClassTest$HiddenTemplate.class")
            .readAllBytes();
    Object hidden =
        MethodHandles.lookup()
            .defineHiddenClass(bytes, true)
            .lookupClass()
            .getDeclaredConstructor()
            .newInstance();
    for (AttributeCodec codec : CODECS) {
      assertRefused(codec, hidden);
      assertRefused(codec, writtenByJdkSerialization(hidden));
    }
  }

  static final class HiddenTemplate {}

  private static Object writtenByJdkSerialization(Object content) {
    return new ConcurrentLinkedDeque<>(List.of(content));
  }

  private static void assertRefused(AttributeCodec codec, Object value) {
    assertThatThrownBy(() -> codec.encode(value))
        .as(value.getClass().getName())
        .isInstanceOf(UnencodableValueException.class)
        .hasMessageContaining("made at run time")
        .satisfies(
            e ->
                assertThat(e.getMessage())
                    .doesNotContain("codec.allow", "codec.plain", "encryption.keys"));
  }

  /** An object of a class that a generator defines in the application's own loader. */
  private static Object generate(String serializable, Path directory) throws Exception {
    String name = "Cart$$" + (serializable.isEmpty() ? "Plain" : "Serializable");
    Path source = directory.resolve(name + ".java");
    Files.writeString(
        source,
        "package dev.holdfast.codec; public class "
            + name
            + " "
            + serializable
            + "{ int count = 1; }");
    ToolProvider.getSystemJavaCompiler()
        .run(null, null, null, "-d", directory.toString(), source.toString());
    byte[] bytes = Files.readAllBytes(directory.resolve("dev/holdfast/codec/" + name + ".class"));
    return MethodHandles.lookup().defineClass(bytes).getConstructor().newInstance();
  }
}
