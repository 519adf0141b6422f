package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.security.ClassAllowList;
import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Classes that exist on one node only, such as the proxies that Spring makes of session-scoped
 * beans with {@code @Transactional}: what they hold must not be stored, for no other node can read
 * it.
 */
class GeneratedClassTest {

  private final AttributeCodec codec =
      new AttributeCodec(ClassAllowList.everything(getClass().getClassLoader()));

  /** Of the application, with what another node lacks inside. */
  private record Holder(Object held) implements Serializable {}

  @Test
  void whatNoOtherNodeCanReadIsRefused(@TempDir Path directory) throws Exception {
    Object generated = generate(directory);
    Map<String, Object> map = new LinkedHashMap<>(Map.of("bean", generated));
    for (Object value :
        List.of(generated, new Holder(generated), new ArrayList<>(List.of(generated)), map)) {
      assertThatThrownBy(() -> codec.encode(value))
          .as(value.getClass().getName())
          .isInstanceOf(UnencodableValueException.class)
          .hasMessageContaining("made at run time");
    }
  }

  /** An object of a class that a generator defines in the application's own loader. */
  private static Object generate(Path directory) throws Exception {
    Path source = directory.resolve("Cart$$Generated.java");
    Files.writeString(
        source,
        "package dev.holdfast.codec; public class Cart$$Generated implements"
            + " java.io.Serializable { int count = 1; }");
    ToolProvider.getSystemJavaCompiler()
        .run(null, null, null, "-d", directory.toString(), source.toString());
    byte[] bytes =
        Files.readAllBytes(directory.resolve("dev/holdfast/codec/Cart$$Generated.class"));
    return MethodHandles.lookup().defineClass(bytes).getConstructor().newInstance();
  }
}
