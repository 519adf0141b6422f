package dev.holdfast;

import dev.holdfast.config.RedisSettings;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.security.SessionToken;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.SaveOutcome;
import dev.holdfast.store.Stamp;
import dev.holdfast.store.StoredSession;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@link AllJarIT} runs this in a class loader that holds nothing but the all-in-one jar. */
final class AllJarProbe implements Callable<String> {
  private final String uri;

  AllJarProbe(String uri) {
    this.uri = uri;
  }

  /** Stores a session and reads it back; tells the outcome, the attributes and a value's size. */
  @Override
  public String call() {
    SecureRandom random = new SecureRandom();
    SessionToken token = SessionToken.create(random);
    RedisSettings redis =
        new RedisSettings(uri, Duration.ofSeconds(2), Duration.ofSeconds(2), 100, 10);
    try (RedisSessionStore store =
        new RedisSessionStore(redis, "holdfast", "all-jar", Duration.ofMinutes(1))) {
      store.ensureAvailable();
      SaveOutcome outcome =
          store.create(
              new NewSession(
                  token.locator(),
                  token.secretHash(),
                  Stamp.first(random),
                  store.now(),
                  Duration.ofMinutes(30),
                  null,
                  null,
                  Map.of("cart", new byte[] {1, 2, 3})));
      StoredSession stored = Objects.requireNonNull(store.load(token.locator(), null));
      store.destroy(token.locator());
      return outcome.result()
          + " "
          + stored.attributes().keySet()
          + " "
          + stored.attributes().get("cart").value().length;
    }
  }
}
