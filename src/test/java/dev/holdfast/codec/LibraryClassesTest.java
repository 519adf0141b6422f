package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.UnencodableValueException;
import java.net.URI;
import java.net.URL;
import java.util.List;
import java.util.Set;
import java.util.zip.DataFormatException;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

/** What classes that are on no list may do where bytes are authentic, and elsewhere. */
class LibraryClassesTest {
  private final ClassLoader loader = LibraryClassesTest.class.getClassLoader();
  private final AttributeCodec strict =
      new AttributeCodec(
          new ClassAllowList(
              loader, new ClassesByLocation(loader, url -> false, url -> true), Set.of()));
  private final AttributeCodec authentic = new AttributeCodec(ClassAllowList.everything(loader));

  @Test
  void authenticBytesMayNameEveryClassOnEveryPath() throws Exception {
    URL url = URI.create("https://shop.example/cart").toURL();
    for (Object value : List.of(Offset.offset(3), url)) {
      assertThat(authentic.decode(authentic.encode(value))).isEqualTo(value);
    }
    for (Exception value :
        List.of(new DataFormatException("of the JDK"), new Failure("a library's"))) {
      Object read = authentic.decode(authentic.encode(value));
      assertThat(read).isExactlyInstanceOf(value.getClass());
      assertThat((Exception) read).hasMessage(value.getMessage());
    }
    AssertionFailedError library = new AssertionFailedError("goes to JDK serialization");
    assertThat(authentic.decode(authentic.encode(library)))
        .isInstanceOf(AssertionFailedError.class);
  }

  @Test
  void otherBytesMayNot() throws Exception {
    URL url = URI.create("https://shop.example/cart").toURL();
    for (Object value :
        List.of(Offset.offset(3), url, new DataFormatException(), new AssertionFailedError())) {
      byte[] planted = authentic.encode(value);
      assertThatThrownBy(() -> strict.encode(value))
          .isInstanceOf(UnencodableValueException.class)
          .hasMessageContaining("codec.allow=" + value.getClass().getName());
      assertThatThrownBy(() -> strict.decode(planted))
          .isInstanceOf(StoredClassNotAllowedException.class);
    }
  }

  static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
      super(message);
    }
  }
}
