package dev.holdfast.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.security.SessionToken;
import jakarta.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.Test;

/** Where applications share this class, because it lies in the server's library. */
class EarlyJoinTest {

  @Test
  void whatOneApplicationHasFoundIsNothingToAnotherThatTheRequestIsDispatchedTo() {
    try (ShopApplication shop = new ShopApplication()) {
      SessionToken token = shop.newStored("color", "red");
      HttpServletRequest request = new Exchange().request();
      EarlyJoin found = new EarlyJoin(shop.here(), token, shop.here().join(token, false));
      found.keepIn(request);

      assertThat(EarlyJoin.take(request, shop.there())).isNull();
      assertThat(EarlyJoin.take(request, shop.here())).isSameAs(found);
      assertThat(EarlyJoin.of(request, shop.here())).isNull();
    }
  }
}
