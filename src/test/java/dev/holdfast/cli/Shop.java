package dev.holdfast.cli;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.ClassAllowList;
import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.sealing.SealedSessionStore;
import dev.holdfast.sealing.Sealing;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.session.Join;
import dev.holdfast.session.Login;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionEvents;
import dev.holdfast.session.SessionManager;
import dev.holdfast.store.SessionStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** A node of the application /shop, which sweeps and hears of what others end. */
final class Shop implements AutoCloseable {
  static final Duration HALF_HOUR = Duration.ofMinutes(30);

  final SessionManager manager;

  Shop(SessionEvents events, String redisUri, String... namesAndValues) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "redis.timeout", "5s", "redis.connect-timeout", "10s", "expiry.interval", "1s"));
    all.addAll(List.of(namesAndValues));
    Settings settings = TestSettings.of(redisUri, all.toArray(String[]::new));
    ClassLoader loader = Shop.class.getClassLoader();
    RedisSessionStore redis = new RedisSessionStore(settings);
    SessionStore store =
        new SealedSessionStore(
            redis, Sealing.of(settings, loader), SecurityEvents.logging(), Login::isReadable);
    manager =
        new SessionManager(
            store,
            new AttributeCodec(ClassAllowList.everything(loader), 1_000_000),
            settings,
            new Measurements(),
            events,
            SecurityEvents.logging());
    manager.watch(redis.endedSessions(), loader);
    manager.sweep(redis.expiryIndex(), loader);
  }

  Shop(String redisUri, String... namesAndValues) {
    this(SessionEvents.NONE, redisUri, namesAndValues);
  }

  /** A stored session to which the user is logged in. */
  Session login(String user) {
    Session session = manager.create(HALF_HOUR);
    session.attribute("cart", new ArrayList<>(List.of("anvil")));
    session.login(new Login(user, "FORM", Set.of(), true));
    manager.commit(session);
    manager.release(session);
    return session;
  }

  /** Whether a request with the session's token finds it. */
  boolean finds(Session session) {
    Join join = manager.join(session.token());
    Session found = join.session();
    if (found != null) {
      manager.release(found);
    }
    return found != null;
  }

  /** Listeners that are told of the end of sessions only, with the id and the cart. */
  static SessionEvents telling(Consumer<String> told) {
    return (SessionEvents)
        Proxy.newProxyInstance(
            Shop.class.getClassLoader(),
            new Class<?>[] {SessionEvents.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("endsObserved")) {
                return true;
              }
              if (method.getName().equals("destroyed")) {
                Session ended = (Session) arguments[0];
                told.accept(ended.id() + " " + ended.attribute("cart"));
              }
              return method.invoke(SessionEvents.NONE, arguments);
            });
  }

  @Override
  public void close() {
    manager.close();
  }
}
