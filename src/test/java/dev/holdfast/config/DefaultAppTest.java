package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefaultAppTest {

  /** What containers answer where nobody has named a host leaves the name alone. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        "null, /shop, shop",
        "null, '', root",
        "Catalina/localhost, /shop, shop",
        "Tomcat/localhost, /a/b, a-b",
        "localhost, /shop, shop",
        "default-host, /shop, shop",
        "default_host, /shop, shop",
        "server, /shop, shop",
        "Catalina/shop.example, /shop, shop.example_shop",
        "Catalina/Shop.EXAMPLE, '', shop.example_root",
        "shop.example, /a/b, shop.example_a-b",
        "*.example, /shop, -.example_shop",
        "m\u00fcller.example, /shop, xn--mller-kva.example_shop",
        "m\u00f6ller.example, /shop, xn--mller-jua.example_shop",
        "shop.example@internal, /shop, shop.example-internal_shop"
      })
  void aHostThatSomebodyHasNamedStandsInFrontOfThePath(
      @Nullable String virtualServer, String path, String app) {
    assertThat(new DefaultApp(virtualServer, path).name()).isEqualTo(app);
    assertThat(KeyNameType.isValid(app)).isTrue();
  }
}
