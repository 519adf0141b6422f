package dev.holdfast.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Runs {@code docker/check.sh}: Redis, PostgreSQL, two Tomcats and a proxy that ends TLS, each in a
 * container. Skipped where no Docker engine answers or an image of {@code docker/compose.yaml} is
 * not there; {@code .ci/images compose} makes them.
 */
@Tag("full")
class ComposeIT {
  private static final Path DOCKER = Path.of("../../docker").toAbsolutePath().normalize();
  private static final long MINUTES = 8;

  static boolean isPossible() throws IOException, InterruptedException {
    List<String> inspect = new ArrayList<>(List.of("docker", "image", "inspect"));
    Pattern image = Pattern.compile("^ +image: (\\S+:\\S+)$", Pattern.MULTILINE);
    // What a profile adds is not started here.
    String started =
        Files.readString(DOCKER.resolve("compose.yaml"))
            .replaceAll(" +profiles: \\[.*\\]\n +image: .*\n", "");
    image.matcher(started).results().forEach(found -> inspect.add(found.group(1)));
    Matcher base =
        Pattern.compile("FROM (\\S+)").matcher(Files.readString(DOCKER.resolve("node.Dockerfile")));
    assertThat(base.find()).isTrue();
    inspect.add(base.group(1));
    return succeeds(inspect)
        && (succeeds(List.of("docker", "compose", "version"))
            || succeeds(List.of("docker-compose", "version")));
  }

  private static boolean succeeds(List<String> command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  @EnabledIf("isPossible")
  void theSessionOutlivesANodeRedisAndAllThatRedisHad() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Path output = Files.createTempFile("compose", ".txt");
    Process check =
        new ProcessBuilder(DOCKER.resolve("check.sh").toString(), "" + port)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = check.waitFor(MINUTES, TimeUnit.MINUTES);
    if (!ended) {
      check.destroy();
    }
    String said = Files.readString(output);
    System.out.println(said);
    assertThat(ended).as(said).isTrue();
    assertThat(check.exitValue()).as(said).isZero();
  }
}
