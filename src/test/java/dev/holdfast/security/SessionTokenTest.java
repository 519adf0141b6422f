package dev.holdfast.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTokenTest {
  private final SessionToken token = SessionToken.create(new SecureRandom());

  @Test
  void thePublicIdLeadsToTheLocator() {
    assertThat(SessionToken.locatorOf(token.publicId())).isEqualTo(token.locator());
    assertThat(SessionToken.locatorOf(token.rotated(new SecureRandom()).publicId()))
        .isEqualTo(token.locator());
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "abc", "!AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
  void whatIsNoPublicIdLeadsNowhere(String text) {
    assertThat(SessionToken.locatorOf(text)).isNull();
  }

  @Test
  void withoutItsSecretATokenHasTheSameIdAndNoValue() {
    SessionToken known = SessionToken.withoutSecret(token.locator(), token.secretHash());

    assertThat(known.publicId()).isEqualTo(token.publicId());
    assertThat(known).isEqualTo(token).hasSameHashCodeAs(token);
    assertThatThrownBy(known::value)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(token.publicId())
        .hasMessageNotContaining(token.value());
    SessionToken next = known.rotated(new SecureRandom());
    assertThat(next.locator()).isEqualTo(token.locator());
    assertThat(SessionToken.parse(next.value())).isEqualTo(next);
  }
}
