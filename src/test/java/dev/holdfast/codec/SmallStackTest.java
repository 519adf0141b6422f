package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers run with stacks of 512 KB and less; what the codec accepts must not depend on that. */
class SmallStackTest {

  @ParameterizedTest
  @CsvSource({
    "-Xint, 1",
    "-XX:TieredStopAtLevel=1, 1",
    "-XX:TieredStopAtLevel=1, 500",
    "-XX:TieredStopAtLevel=3, 500",
    "-XX:+TieredCompilation, 500"
  })
  void theDepthThatIsAllowedFitsASmallStack(String compiler, String rounds) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                compiler,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SmallStack.class.getName(),
                rounds)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output.lines())
        .containsExactly(
            "fits ArrayList",
            "fits HashMap",
            "fits LinkedHashMap",
            "fits TreeMap",
            "fits singletonList",
            "fits array",
            "fits bean");
  }
}
