package dev.holdfast.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.redis.testing.RedisCluster;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.SessionManager.Commit;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Security checklist 1.1, "Rotation must not re-encrypt or cross slots": logins on two nodes while
 * the slot of the session moves from server to server.
 */
class RotationOnClusterTest {
  private static final int LOGINS = Boolean.getBoolean("holdfast.full") ? 500 : 20;

  @Test
  void loginsWhileTheSlotMovesChangeNoKeyAndNoCiphertextAndLeaveOneToken() {
    try (RedisCluster cluster = RedisCluster.start();
        SessionManager one = node(cluster);
        SessionManager two = node(cluster)) {
      Session session = one.create(Duration.ofMinutes(30));
      session.attribute("cart", "rope");
      assertThat(one.commit(session)).isEqualTo(Commit.SAVED);
      one.release(session);
      SessionToken token = session.token();
      String key = "holdfast:shop:{" + token.locator() + "}";
      byte[] sealed = stored(cluster, key).get("a:cart");

      for (int i = 0; i < LOGINS; i++) {
        RedisServer from = cluster.ownerOf(key);
        RedisServer to =
            cluster.primaries().stream().filter(server -> server != from).findAny().orElseThrow();
        CompletableFuture<Void> move =
            CompletableFuture.runAsync(() -> cluster.move(cluster.slotOf(key), from, to));
        SessionToken next = login(i % 2 == 0 ? one : two, token, "user " + i);
        move.join();

        assertThat(next.locator()).isEqualTo(token.locator());
        assertThat(stored(cluster, key).get("a:cart")).as("login %s", i).isEqualTo(sealed);
        for (SessionManager node : new SessionManager[] {one, two}) {
          assertThat(node.join(token).session()).as("before login %s", i).isNull();
          Session after = requireNonNull(node.join(next).session());
          assertThat(after.attribute("cart")).isEqualTo("rope");
          assertThat(requireNonNull(after.login()).name()).isEqualTo("user " + i);
          node.release(after);
        }
        token = next;
      }
    }
  }

  private static SessionManager node(RedisCluster cluster) {
    return TestNodes.manager(
        TestSettings.of(cluster.uri(), "redis.timeout", "5s", "encryption.keys", TestSettings.KEY),
        new Measurements());
  }

  private static SessionToken login(SessionManager node, SessionToken token, String user) {
    Session session = requireNonNull(node.join(token).session());
    node.rotate(session);
    session.login(new Login(user, null, Set.of(), true));
    assertThat(node.commit(session)).isEqualTo(Commit.SAVED);
    node.release(session);
    return session.token();
  }

  private static Map<String, byte[]> stored(RedisCluster cluster, String key) {
    return cluster.ownerOf(key).hash(key);
  }
}
