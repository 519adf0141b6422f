package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.RunningRedis;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * On Undertow, which initialises filters at the first request: what has to happen while the
 * application is deployed happens then, however the filter is declared.
 */
class LazyFiltersTest {
  private static final RunningRedis REDIS = RunningRedis.shared();
  private static final int LIMIT_SECONDS = 60;

  @TempDir Path directory;

  /** What a {@link LazyServer} has printed when it has ended. */
  private String run(String redisUri, String features, String... steps)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LazyServer.class.getName(),
                features));
    command.addAll(List.of(steps));
    Path output = directory.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("HOLDFAST_"));
    builder.environment().put("HOLDFAST_REDIS_URI", redisUri);
    builder.environment().put("HOLDFAST_APP", "lazy");
    builder.environment().put("HOLDFAST_COOKIE_SECURE", "auto");
    if (TestSettings.ENCRYPTED) {
      builder.environment().put("HOLDFAST_ENCRYPTION_KEYS", TestSettings.KEY);
    }
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
      String told = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
      assertThat(ended).as("its end within %d s; it printed:%n%s", LIMIT_SECONDS, told).isTrue();
      assertThat(process.exitValue()).as("its exit code; it printed:%n%s", told).isZero();
      return told;
    } finally {
      process.destroyForcibly();
    }
  }

  @ParameterizedTest
  @CsvSource({"jar, holdfast:lazy", "declared, declared:lazy"})
  void reportSweepAndWatchBeginWithTheDeploymentAndEndWithIt(String features, String claim)
      throws Exception {
    assertThat(run(REDIS.uri(), features, "look", "undeploy"))
        .containsSubsequence(
            "THE APPLICATION RUNS",
            "keeps the sessions of /shop on Undertow",
            "cookie: ",
            "LOOK [claims " + claim + ", holdfast-sweeper, holdfast-watch] sessions: true",
            "UNDEPLOYED []");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jar", "declared"})
  void requestsHaveTheirSessionsAndUndeploymentClosesWhatTheFilterHasTaken(String features)
      throws Exception {
    String told = run(REDIS.uri(), features, "get", "get", "undeploy");
    assertThat(told)
        .containsSubsequence(
            "GET 200 lazy-sid served 1", "GET 200 lazy-sid served 2", "UNDEPLOYED []");
    assertThat(told.split("keeps the sessions of", -1)).as("one report").hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jar", "declared"})
  void aWrongSettingStopsTheDeploymentBeforeTheApplicationRuns(String features) throws Exception {
    assertThat(run("redis://localhost:notaport", features, "get"))
        .contains("HOLDFAST_REDIS_URI = redis://***: ", "NOT DEPLOYED []")
        .doesNotContain("THE APPLICATION RUNS", "GET");
  }

  @Test
  void twoDeclarationsStopTheDeployment() throws Exception {
    assertThat(run(REDIS.uri(), "declared,again", "get"))
        .contains("web.xml declares dev.holdfast.HoldfastFilter more than once, as ")
        .contains("NOT DEPLOYED []")
        .doesNotContain("THE APPLICATION RUNS", "GET");
  }

  /** Undertow lets nobody change the name at the first request. */
  @Test
  void theContainersOwnCookieLeavesTheConfiguredNameToOurs() throws Exception {
    assertThat(run(REDIS.uri(), "jar,named", "look", "get"))
        .contains("the container's cookie: SHOP-container", "GET 200 SHOP served 1");
  }

  /** Nothing stops a deployment so late, and no request may get past the filter. */
  @Test
  void whatAListenerSpoilsIsReportedAtOnceAndNoRequestIsServed() throws Exception {
    assertThat(run(REDIS.uri(), "jar,spoiled", "get", "get", "undeploy"))
        .containsSubsequence(
            "Holdfast cannot start: the cookie has SameSite=None",
            "LISTENING",
            "GET 500",
            "GET 500",
            "UNDEPLOYED []")
        .doesNotContain("served");
  }
}
