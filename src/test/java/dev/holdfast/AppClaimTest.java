package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two applications of one JVM may not have one name in Redis. */
class AppClaimTest {
  private static final String HOST = "Catalina/localhost";
  private static final String REDIS = "redis://user:secret@localhost:6379";

  private final Settings settings = TestSettings.of(REDIS, "app", "claimed");

  @Test
  void aNameIsTakenUntilItsLastHolderLetsGo() {
    AppClaim first = AppClaim.take(settings, HOST, "/a/b");
    AppClaim newVersion = AppClaim.take(settings, HOST, "/a/b");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> AppClaim.take(settings, HOST, ""))
        .withMessageContainingAll("/a/b", "holdfast:claimed", "at /", "set another app");
    first.close();
    assertThatIllegalArgumentException().isThrownBy(() -> AppClaim.take(settings, HOST, "/a-b"));
    newVersion.close();
    AppClaim other = AppClaim.take(settings, HOST, "");
    assertThatIllegalArgumentException().isThrownBy(() -> AppClaim.take(settings, HOST, "/a/b"));
    other.close();
    assertThat(System.getProperties().toString()).doesNotContain("claimed");
  }

  @Test
  void anotherRedisPrefixOrNameIsAnotherMatterAndNoPasswordIsShown() {
    try (AppClaim claim = AppClaim.take(settings, HOST, "/a");
        AppClaim name = AppClaim.take(TestSettings.of(REDIS, "app", "other"), HOST, "/b");
        AppClaim prefix =
            AppClaim.take(TestSettings.of(REDIS, "app", "claimed", "prefix", "x"), HOST, "/c");
        AppClaim redis =
            AppClaim.take(
                TestSettings.of("redis://localhost:6380", "app", "claimed"), HOST, "/d")) {
      assertThat(claim.property()).doesNotContain("secret");
      assertThat(name.property()).isNotEqualTo(claim.property());
      assertThat(prefix.property()).isNotEqualTo(claim.property());
      assertThat(redis.property()).isNotEqualTo(claim.property());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Catalina/shop.example", "Second/localhost"})
  void theSamePathOfAnotherHostOrEngineIsAnotherApplication(String elsewhere) {
    try (AppClaim claim = AppClaim.take(settings, HOST, "/a")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> AppClaim.take(settings, elsewhere, "/a"))
          .withMessageContainingAll("/a of " + HOST, "/a of " + elsewhere, "set another app");
      assertThat(claim.application()).isEqualTo("/a of " + HOST);
    }
  }

  /** Pairs of URIs that lead to the same keys. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "redis://localhost | redis://127.0.0.1:6379/0",
        "redis://LOCALHOST:6379 | redis://[::1]",
        "redis://[0:0:0:0:0:0:0:1]:6379/ | rediss://127.1.2.3:06379",
        "redis://a:b@Redis.Example/2 | redis://c:d@redis.example.:6379?db=2",
        "redis://h/1?database=2 | redis://h?DB=1&clientName=x&database=2",
        "redis-sentinel://b,a:26379/1#main | redis-sentinel://u:p@A,b:26379?db=1#main",
        "redis-cluster://b:7001,a,b:7001 | rediss-cluster://a:6379,b:7001"
      })
  void twoSpellingsOfOneRedisAreOne(String one, String other) {
    try (AppClaim claim = AppClaim.take(TestSettings.of(one, "app", "claimed"), HOST, "/a")) {
      assertThat(claim.property())
          .isEqualTo(
              new AppClaim(
                      "dev.holdfast.claim holdfast:claimed "
                          + TestSettings.of(other).redis().keyspace(),
                      "")
                  .property());
      assertThatIllegalArgumentException()
          .isThrownBy(() -> AppClaim.take(TestSettings.of(other, "app", "claimed"), HOST, "/b"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "redis://localhost | redis://localhost:6380",
        "redis://localhost | redis://localhost/1",
        "redis://localhost | redis://redis.example",
        "redis://localhost | redis://localhost.example",
        "redis://127.0.0.1 | redis://127.0.0.1.example",
        "redis-sentinel://a#main | redis-sentinel://a#other",
        "redis-sentinel://a#main | redis-sentinel://a/1#main",
        "redis-cluster://a | redis-cluster://b"
      })
  void twoRedisesAreTwo(String one, String other) {
    assertThat(TestSettings.of(one).redis().keyspace())
        .isNotEqualTo(TestSettings.of(other).redis().keyspace());
  }
}
