package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Texts are written and read faster than Kryo does it, and exactly as it does. */
class TextTest {
  private static final List<String> ALPHABETS =
      List.of(
          "a",
          "abc?",
          "ab\u007f",
          "ab\u00e9",
          "ab\u0100\u0161",
          "a\ufffd",
          "a\ud83d",
          "\ud83d\ude00");

  @Test
  void theBytesAreThoseOfKryo() {
    Random random = new Random(11);
    for (int length = 0; length < 300; length++) {
      for (String alphabet : ALPHABETS) {
        for (int rare : new int[] {1, 2, 100}) {
          String text = text(random, alphabet, length, rare);
          byte[] kryos = bytes(new Output(8, 4096), text);
          byte[] ours = bytes(new TextOutput(8, 4096), text);
          assertThat(ours).as(text).isEqualTo(kryos);
          requireRead(new Input(ours), text);
          requireRead(new BoundedInput(ours, 0), text);
          assertThat(ours).as("after reading").isEqualTo(kryos);
        }
      }
    }
  }

  @Test
  void noTextIsNoText() {
    Output none = new TextOutput(8, 4096);
    none.writeString(null);
    assertThat(new BoundedInput(none.toBytes(), 0).readString()).isNull();
  }

  @Test
  void aTextWithoutItsEndIsNotReadBeyondTheBytes() {
    byte[] kryos = new byte[] {'a', 'b', 'c'};
    assertThatThrownBy(() -> new BoundedInput(kryos, 1).readString())
        .isInstanceOf(KryoException.class);
    assertThatThrownBy(() -> new BoundedInput(kryos, 3).readString())
        .isInstanceOf(KryoException.class);
  }

  private static byte[] bytes(Output output, String text) {
    output.writeString("before");
    output.writeString(text);
    output.writeString("after");
    return output.toBytes();
  }

  private static void requireRead(Input input, String text) {
    assertThat(input.readString()).isEqualTo("before");
    assertThat(input.readString()).isEqualTo(text);
    assertThat(input.readString()).isEqualTo("after");
    assertThat(input.end()).isTrue();
  }

  private static String text(Random random, String alphabet, int length, int rare) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(
          random.nextInt(rare) == 0 ? alphabet.charAt(random.nextInt(alphabet.length())) : 'x');
    }
    return text.toString();
  }
}
