package dev.holdfast.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.security.Principal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;

/** Which values of an attribute name a user. */
class UserNamesTest {
  private final UserNames names = new UserNames(getClass().getClassLoader());

  private static SecurityContextImpl context(String user) {
    return new SecurityContextImpl(
        UsernamePasswordAuthenticationToken.authenticated(user, null, List.of()));
  }

  @Test
  void textNumbersAndPrincipalsNameTheirUser() {
    assertThat(names.of("ada")).isEqualTo("ada");
    assertThat(names.of(new StringBuilder("ada"))).isEqualTo("ada");
    assertThat(names.of(42L)).isEqualTo("42");
    assertThat(names.of((Principal) () -> "ada")).isEqualTo("ada");
  }

  @Test
  void nobodyKnowsWhatABeanIsCalled() {
    assertThat(names.of(null)).isNull();
    assertThat(names.of(new Object())).isNull();
    assertThat(names.of(List.of("ada"))).isNull();
  }

  @Test
  void whatIsNoNameNamesNobody() {
    assertThat(names.of("")).isNull();
    assertThat(names.of(" \t")).isNull();
    assertThat(names.of("a".repeat(UserNames.MAX_LENGTH))).hasSize(UserNames.MAX_LENGTH);
    assertThat(names.of("a".repeat(UserNames.MAX_LENGTH + 1))).isNull();
    assertThat(names.of((Principal) () -> null)).isNull();
  }

  @Test
  void aPrincipalThatThrowsNamesNobody() {
    assertThat(
            names.of(
                (Principal)
                    () -> {
                      throw new IllegalStateException("not yet");
                    }))
        .isNull();
  }

  @Test
  void springSecurityNamesWhoeverIsAuthenticated() {
    assertThat(names.of(context("ada"))).isEqualTo("ada");
    assertThat(names.of(new SecurityContextImpl())).isNull();
    SecurityContextImpl extended = new SecurityContextImpl() {};
    extended.setAuthentication(context("ada").getAuthentication());
    assertThat(names.of(extended)).as("an interface of its superclass").isEqualTo("ada");
  }

  @Test
  void ofAnotherLoaderThanTheApplicationsItIsNotAsked() throws Exception {
    try (URLClassLoader other = new URLClassLoader(new URL[0], getClass().getClassLoader())) {
      assertThat(SecurityContext.class.getClassLoader()).isNotEqualTo(other);
      assertThat(new UserNames(other).of(context("ada"))).isNull();
      assertThat(new UserNames(null).of(context("ada"))).isNull();
    }
  }
}
