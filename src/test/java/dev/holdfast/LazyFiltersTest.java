package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.RunningRedis;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * On Undertow, which initialises filters at the first request: what has to happen while the
 * application is deployed happens then, however the filter is declared.
 */
class LazyFiltersTest {
  private static final RunningRedis REDIS = RunningRedis.shared();

  /** What a {@link LazyServer} has printed. */
  private static String run(String redisUri, String features, String... steps) throws IOException {
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
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
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
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      process.destroyForcibly();
    }
  }

  @ParameterizedTest
  @CsvSource({"jar, holdfast:lazy", "declared, declared:lazy"})
  void reportSweepAndWatchBeginWithTheDeploymentAndEndWithIt(String features, String claim)
      throws IOException {
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
      throws IOException {
    String told = run(REDIS.uri(), features, "get", "get", "undeploy");
    assertThat(told)
        .containsSubsequence(
            "GET 200 lazy-sid served 1", "GET 200 lazy-sid served 2", "UNDEPLOYED []");
    assertThat(told.split("keeps the sessions of", -1)).as("one report").hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jar", "declared"})
  void aWrongSettingStopsTheDeploymentBeforeTheApplicationRuns(String features) throws IOException {
    assertThat(run("redis://localhost:notaport", features, "get"))
        .contains("HOLDFAST_REDIS_URI = redis://***: ", "NOT DEPLOYED []")
        .doesNotContain("THE APPLICATION RUNS", "GET");
  }

  @Test
  void twoDeclarationsStopTheDeployment() throws IOException {
    assertThat(run(REDIS.uri(), "declared,again", "get"))
        .contains("web.xml declares dev.holdfast.HoldfastFilter more than once, as ")
        .contains("NOT DEPLOYED []")
        .doesNotContain("THE APPLICATION RUNS", "GET");
  }

  /** Undertow lets nobody change the name at the first request. */
  @Test
  void theContainersOwnCookieLeavesTheConfiguredNameToOurs() throws IOException {
    assertThat(run(REDIS.uri(), "jar,named", "look", "get"))
        .contains("the container's cookie: SHOP-container", "GET 200 SHOP served 1");
  }

  /** Nothing stops a deployment so late, and no request may get past the filter. */
  @Test
  void whatAListenerSpoilsIsReportedAtOnceAndNoRequestIsServed() throws IOException {
    assertThat(run(REDIS.uri(), "jar,spoiled", "get", "get", "undeploy"))
        .containsSubsequence(
            "Holdfast cannot start: the cookie has SameSite=None",
            "GET 500",
            "GET 500",
            "UNDEPLOYED []")
        .doesNotContain("served");
  }
}
