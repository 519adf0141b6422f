package dev.holdfast.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.doctor.CheckResult.Level;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.store.NodeRegister.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the doctor asks a real Redis. */
class DoctorTest {
  private static List<CheckResult> examine(String redisUri) {
    List<CheckResult> results = new ArrayList<>();
    Doctor doctor = new Doctor(TestSettings.of(redisUri), DoctorTest.class.getClassLoader());
    assertThat(doctor.examine(results::add)).as(results.toString()).isTrue();
    return results;
  }

  @Test
  void whatTheUserMayDoBeyondItsNeedsIsAskedByCommandsThatOnlyRead() {
    try (RedisServer redis = RedisServer.start()) {
      redis.command("SET", "precious", "1");

      List<CheckResult> results = examine("redis://" + redis.host() + ":" + redis.port());

      assertThat(results)
          .filteredOn(result -> result.check().equals("excess"))
          .singleElement()
          .satisfies(
              result ->
                  assertThat(result.found()).contains("CONFIG GET, SLOWLOG LEN, SCAN, any key"));
      assertThat(redis.calls("flushall")).isZero();
      assertThat(redis.calls("flushdb")).isZero();
    }
  }

  @Test
  void aClusterIsOnThisMachineOnlyIfAllItsServersAre() {
    assertThat(tls("redis-cluster://localhost:7000,127.0.0.1:7001")).isEqualTo(Level.OK);
    assertThat(tls("redis-cluster://localhost:7000,far.example:7001")).isEqualTo(Level.WARN);
    assertThat(tls("redis://[::1]:6379")).isEqualTo(Level.OK);
    assertThat(tls("redis://u:localhost@far.example:6379")).isEqualTo(Level.WARN);
    assertThat(tls("rediss://far.example:6379")).isEqualTo(Level.OK);
  }

  private static Level tls(String uri) {
    List<CheckResult> results = new ArrayList<>();
    ClassLoader loader = DoctorTest.class.getClassLoader();
    new SettingsChecks(TestSettings.of(uri), loader, results::add).run();
    return results.stream()
        .filter(result -> result.check().equals("tls"))
        .findFirst()
        .orElseThrow()
        .level();
  }

  /** A limit needs the index whatever sessions.index says, which is what the nodes note. */
  @Test
  void theSettingsOfTheNodesAreNoDifference() {
    try (RedisServer redis = RedisServer.start()) {
      Settings settings =
          TestSettings.of(redis.uri(), "sessions.index", "off", "sessions.per-user", "2");
      List<CheckResult> results = new ArrayList<>();
      try (RedisSessionStore store = new RedisSessionStore(settings)) {
        assertThat(store.nodes().note(new Node("one", Map.of("sessions.index", "off")))).hasSize(1);
        new Doctor(settings, DoctorTest.class.getClassLoader()).examine(results::add);
      }
      assertThat(results)
          .filteredOn(result -> result.check().equals("nodes"))
          .extracting(CheckResult::level)
          .containsExactly(Level.OK);
    }
  }

  @Test
  void aUserWhoseNameSaysClusterMakesNone() {
    try (RedisServer redis = RedisServer.start()) {
      redis.command("ACL", "SETUSER", "my-cluster", "on", ">x", "~*", "&*", "+@all");

      List<CheckResult> results =
          examine("redis://my-cluster:x@" + redis.host() + ":" + redis.port());

      assertThat(results).extracting(CheckResult::check).contains("rights").doesNotContain("slots");
    }
  }
}
