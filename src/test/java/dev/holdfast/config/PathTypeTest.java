package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathTypeTest {
  private final PathType type = new PathType("/holdfast/health");

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/holdfast/health", "/a.b/c_d-e~1"})
  void aPathOfTheApplicationIsTaken(String path) throws InvalidValueException {
    assertThat(type.parse(path)).isEqualTo(path);
  }

  /** A container serves none of these as it is written, or serves more than it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "health",
        "/",
        "//health",
        "/health/",
        "/*",
        "/health/*",
        "*.health",
        "/a?b",
        "/a b",
        "/../health",
        "/./health",
        "/a;b",
        "/%61",
        "http://localhost/health"
      })
  void whatIsNotOnePathIsRefused(String path) {
    assertThatThrownBy(() -> type.parse(path))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("not such a path; write one like /holdfast/health");
  }
}
