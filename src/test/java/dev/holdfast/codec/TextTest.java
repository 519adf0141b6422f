package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;

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
          Output kryos = new Output(8, 4096);
          kryos.writeString("before");
          kryos.writeString(text);
          kryos.writeString("after");
          Output ours = new TextOutput(8, 4096);
          ours.writeString("before");
          ours.writeString(text);
          ours.writeString("after");
          assertThat(ours.toBytes()).as(text).isEqualTo(kryos.toBytes());
          for (Input input : List.of(new Input(ours.toBytes()), new BoundedInput(ours.toBytes()))) {
            assertThat(input.readString()).isEqualTo("before");
            assertThat(input.readString()).isEqualTo(text);
            assertThat(input.readString()).isEqualTo("after");
            assertThat(input.end()).isTrue();
          }
        }
      }
    }
    Output none = new TextOutput(8, 4096);
    none.writeString(null);
    assertThat(new BoundedInput(none.toBytes()).readString()).isNull();
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
