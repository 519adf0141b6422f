package dev.holdfast.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.RedisServer;
import java.util.ArrayList;
import java.util.List;
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
  void aUserWhoseNameSaysClusterMakesNone() {
    try (RedisServer redis = RedisServer.start()) {
      redis.command("ACL", "SETUSER", "my-cluster", "on", ">x", "~*", "&*", "+@all");

      List<CheckResult> results =
          examine("redis://my-cluster:x@" + redis.host() + ":" + redis.port());

      assertThat(results).extracting(CheckResult::check).contains("rights").doesNotContain("slots");
    }
  }
}
