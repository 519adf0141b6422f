package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.security.ClassAllowList;
import dev.holdfast.security.ClassesByLocation;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

/** What the classes of an application's libraries may do where bytes are authentic. */
class LibraryClassesTest {
  private static final int MAX_BYTES = 1 << 20;

  private final ClassLoader loader = LibraryClassesTest.class.getClassLoader();
  private final ClassAllowList strict =
      new ClassAllowList(
          loader, new ClassesByLocation(loader, url -> false, url -> true), Set.of());

  @Test
  void kryoTakesThemAndJdkSerializationDoesNot() {
    AttributeCodec authentic =
        new AttributeCodec(strict, strict.withLibraries(), Set.of(), MAX_BYTES);
    Offset<Integer> bean = Offset.offset(3);
    AssertionFailedError throwable = new AssertionFailedError("goes to JDK serialization");

    assertThat(authentic.decode(authentic.encode(bean))).isEqualTo(bean);
    assertThatThrownBy(() -> authentic.encode(throwable))
        .isInstanceOf(ClassNotAllowedException.class)
        .hasMessageContaining("codec.allow");
    assertThatThrownBy(() -> new AttributeCodec(strict, MAX_BYTES).encode(bean))
        .isInstanceOf(UnencodableValueException.class)
        .hasMessageContaining("codec.allow");
  }
}
