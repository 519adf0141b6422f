package dev.holdfast.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What another library reads from it is what was written, through UTF-8. */
class JsonTest {
  private static final ObjectMapper READER = new ObjectMapper();

  private static JsonNode read(Object value) throws JsonProcessingException {
    byte[] sent = Json.of(value).getBytes(StandardCharsets.UTF_8);
    return READER.readTree(new String(sent, StandardCharsets.UTF_8));
  }

  @Test
  void anyTextComesBack() throws JsonProcessingException {
    Random random = new Random(7);
    String odd = "\"\\/\b\f\n\r\t\u0000\u001f\u007f\u2028\u2029\ud800\udbff\udc00\udfff<>&'";
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(12); i > 0; i--) {
        text.append(
            random.nextBoolean()
                ? odd.charAt(random.nextInt(odd.length()))
                : (char) random.nextInt(0x10000));
      }
      String wanted = text.toString();

      assertThat(read(List.of(wanted)).get(0).textValue()).isEqualTo(wanted);
      if (StandardCharsets.UTF_8.newEncoder().canEncode(wanted)) {
        // The reader takes half of a surrogate pair in a value only.
        assertThat(read(Json.object(wanted, 1)).fieldNames().next()).isEqualTo(wanted);
      }
    }
  }

  @Test
  void everyKindOfValueIsWrittenAsWhatItIs() throws JsonProcessingException {
    JsonNode read =
        read(
            Json.object(
                "list",
                Arrays.asList(1, null, true, List.of()),
                "time",
                Instant.ofEpochSecond(5),
                "span",
                Duration.ofMillis(1500),
                "none",
                Double.NaN,
                "object",
                Json.object("in", -3L)));

    assertThat(read.toString())
        .isEqualTo(
            "{\"list\":[1,null,true,[]],\"time\":\"1970-01-01T00:00:05Z\",\"span\":1.5,"
                + "\"none\":null,\"object\":{\"in\":-3}}");
  }
}
