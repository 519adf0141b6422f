package dev.holdfast;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.ClassAllowList;
import dev.holdfast.codec.ClassOrigins;
import dev.holdfast.config.SettingsLoader;
import dev.holdfast.config.Source;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.security.SessionToken;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.Stamp;
import dev.holdfast.store.StoredSession;
import java.net.URL;
import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@link AllJarIT} runs this in a class loader that holds nothing but the all-in-one jar. */
final class AllJarProbe implements Callable<byte[]> {
  /** Something of the application's in a session. */
  static final class Cart {
    String owner = "";
    final List<String> items = new ArrayList<>();
    Timestamp opened = new Timestamp(0);
  }

  private final String uri;

  AllJarProbe(String uri) {
    this.uri = uri;
  }

  /** The codec of a WAR that holds this class. */
  static AttributeCodec codec() {
    ClassLoader loader = AllJarProbe.class.getClassLoader();
    return new AttributeCodec(
        new ClassAllowList(loader, new NothingDeployed(), Set.of(Cart.class.getName())));
  }

  /** Stores a cart in a session of its own; returns the bytes that came back from Redis. */
  @Override
  public byte[] call() {
    Cart cart = new Cart();
    cart.owner = "alice";
    cart.items.add("rope");
    cart.opened = new Timestamp(1_000);
    cart.opened.setNanos(123_456_789);

    SecureRandom random = new SecureRandom();
    SessionToken token = SessionToken.create(random);
    Source settings = Source.initParams(Map.of("redis.uri", uri, "redis.timeout", "2s"));
    try (RedisSessionStore store =
        new RedisSessionStore(SettingsLoader.load(List.of(settings), "/all-jar").settings())) {
      store.ensureAvailable();
      store.create(
          new NewSession(
              token.locator(),
              token.secretHash(),
              Stamp.first(random),
              store.now(),
              Duration.ofMinutes(30),
              null,
              null,
              Map.of("cart", codec().encode(cart))));
      StoredSession stored = Objects.requireNonNull(store.load(token.locator(), null));
      store.destroy(token.locator());
      return stored.attributes().get("cart").value();
    }
  }

  /** The only class to be stored is named in the settings. */
  static final class NothingDeployed implements ClassOrigins {
    @Override
    public Origin of(String resource, URL location) {
      return Origin.ELSEWHERE;
    }

    @Override
    public boolean hasApplicationPackage(String path) {
      return false;
    }
  }
}
