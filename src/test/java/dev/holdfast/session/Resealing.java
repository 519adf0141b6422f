package dev.holdfast.session;

import dev.holdfast.config.Settings;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.sealing.SealedSessionStore;
import dev.holdfast.sealing.Sealing;
import dev.holdfast.security.SecurityEvents;

/** What encrypts sessions anew on a node of its own. */
final class Resealing implements AutoCloseable {
  private final SealedSessionStore store;
  private final Reencryption reencryption;

  Resealing(Settings settings) {
    RedisSessionStore redis = new RedisSessionStore(settings);
    store =
        new SealedSessionStore(
            redis,
            Sealing.of(settings, Resealing.class.getClassLoader()),
            SecurityEvents.logging(),
            Login::isReadable);
    UserSessions users =
        new UserSessions(
            store, settings, new Measurements(), SecurityEvents.logging(), locator -> false);
    reencryption = new Reencryption(store, users, redis.expiryIndex());
  }

  long run(int perSecond) throws InterruptedException {
    return reencryption.run(perSecond);
  }

  @Override
  public void close() {
    store.close();
  }
}
