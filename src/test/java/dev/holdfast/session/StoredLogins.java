package dev.holdfast.session;

import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.RedisSessionStore;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Sessions of users whose names no container of the tests has in its realm. */
public final class StoredLogins {
  private StoredLogins() {}

  /** Stores a session for each user, as a node of the application does after a login. */
  public static void store(String redisUri, String application, List<String> users) {
    Settings settings = TestSettings.of(redisUri, "app", application, "expiry.interval", "2m");
    try (SessionManager node =
        TestNodes.over(new RedisSessionStore(settings), settings, SessionEvents.NONE)) {
      for (String user : users) {
        Session session = node.create(Duration.ofMinutes(30));
        session.login(new Login(user, "TEST", Set.of(), true));
        node.commit(session);
        node.release(session);
      }
    }
  }
}
