package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.SessionLimitExceededException;
import dev.holdfast.api.UnencodableValueException;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.Test;

/** What the codec tells the session besides bytes. */
class SessionRulesTest {
  private final AttributeCodec codec = Codecs.ofTests();

  @Test
  void aClassThatIsNotAllowedNeedsAKeyOrTheSetting() {
    for (Object value :
        new Object[] {
          new DataFormatException(), new DataFormatException[1], List.of(new DataFormatException())
        }) {
      assertThatThrownBy(() -> codec.encode(value))
          .isExactlyInstanceOf(UnencodableValueException.class)
          .hasMessageContaining("encryption.keys-file")
          .hasMessageContaining("codec.allow=java.util.zip.DataFormatException");
    }
  }

  @Test
  void whatIsTooLargeCannotBeStoredAndIsToldApart() {
    assertThatThrownBy(() -> codec.encode(new byte[2 * (int) Codecs.MAX_BYTES]))
        .isInstanceOf(SessionLimitExceededException.class);
  }

  @Test
  void whatIsNotSerializableCannotBeStoredWhateverTheSetting() {
    Supplier<String> lambda = () -> "x";
    for (Object value :
        new Object[] {
          new Thread("never started"),
          List.of(new Thread("never started")),
          new ThreadLocal<>(),
          new HashMap<>(Map.of(1, 2)).keySet(),
          lambda
        }) {
      assertThatThrownBy(() -> codec.encode(value))
          .isExactlyInstanceOf(UnencodableValueException.class);
    }
  }

  @Test
  void aGlanceTellsValuesOfTheJdkFromThoseThatMayWantToKnowSomething() {
    for (Object value :
        new Object[] {
          "text", 1, 2L, true, Instant.EPOCH, new byte[3], new ArrayList<>(List.of("a", 1))
        }) {
      assertThat(codec.isJdkValue(codec.encode(value))).as(value.toString()).isTrue();
    }
    for (Object value :
        new Object[] {new Bean(), new Stream(), Constant.A, new ArrayList<>(List.of(new Bean()))}) {
      assertThat(codec.isJdkValue(codec.encode(value))).as(value.toString()).isFalse();
    }
    assertThat(codec.isJdkValue(new byte[0])).isFalse();
    assertThat(codec.isJdkValue(new byte[] {1, 1, 0, 0})).isFalse();
  }

  static final class Bean implements Serializable {
    String name = "bean";
  }

  /** For JDK serialization. */
  static final class Stream extends ArrayList<String> {
    private static final long serialVersionUID = 1L;
  }

  enum Constant {
    A
  }
}
