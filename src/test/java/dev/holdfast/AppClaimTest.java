package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import org.junit.jupiter.api.Test;

/** Two applications of one JVM may not have one name in Redis. */
class AppClaimTest {
  private static final String REDIS = "redis://user:secret@localhost:6379";

  private final Settings settings = TestSettings.of(REDIS, "app", "claimed");

  @Test
  void aNameIsTakenUntilItsLastHolderLetsGo() {
    AppClaim first = AppClaim.take(settings, "/a/b");
    AppClaim newVersion = AppClaim.take(settings, "/a/b");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> AppClaim.take(settings, ""))
        .withMessageContainingAll("/a/b", "holdfast:claimed", "at /", "set another app");
    first.close();
    assertThatIllegalArgumentException().isThrownBy(() -> AppClaim.take(settings, "/a-b"));
    newVersion.close();
    AppClaim other = AppClaim.take(settings, "");
    assertThatIllegalArgumentException().isThrownBy(() -> AppClaim.take(settings, "/a/b"));
    other.close();
    assertThat(System.getProperties().toString()).doesNotContain("claimed");
  }

  @Test
  void anotherRedisPrefixOrNameIsAnotherMatterAndNoPasswordIsShown() {
    try (AppClaim claim = AppClaim.take(settings, "/a");
        AppClaim name = AppClaim.take(TestSettings.of(REDIS, "app", "other"), "/b");
        AppClaim prefix =
            AppClaim.take(TestSettings.of(REDIS, "app", "claimed", "prefix", "x"), "/c");
        AppClaim redis =
            AppClaim.take(TestSettings.of("redis://localhost:6380", "app", "claimed"), "/d")) {
      assertThat(claim.property()).doesNotContain("secret");
      assertThat(name.property()).isNotEqualTo(claim.property());
      assertThat(prefix.property()).isNotEqualTo(claim.property());
      assertThat(redis.property()).isNotEqualTo(claim.property());
    }
  }
}
