package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A session with one small attribute has to stay small in Redis. */
class StoredSizeTest {
  private final AttributeCodec codec = Codecs.ofTests();

  @Test
  void commonValuesCostAFewBytesBeyondTheirContent() {
    assertThat(codec.encode("Ada Lovelace")).hasSize(12 + 6);
    assertThat(codec.encode(7)).hasSize(1 + 5);
    assertThat(codec.encode(7L)).hasSize(1 + 5);
    assertThat(codec.encode(true)).hasSize(1 + 5);
    assertThat(codec.encode(new ArrayList<>(List.of("tea", "milk")))).hasSize(3 + 4 + 11);
  }
}
