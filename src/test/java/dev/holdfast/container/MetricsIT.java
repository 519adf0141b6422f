package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.redis.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import javax.management.JMException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an admin sees of a node from outside, over JMX. */
@EachContainer
class MetricsIT {
  private static final String SHOP = "dev.holdfast:type=Sessions,app=\"shop\"";

  @TempDir Path directory;

  private final Container container;

  MetricsIT(Container container) {
    this.container = container;
  }

  @Test
  void anMBeanTellsWhatTheApplicationDoes() throws IOException, JMException {
    try (RedisServer redis = RedisServer.start();
        ContainerNode node =
            ContainerNode.on(container)
                .deploy("/shop", WarBuilder.probe().holdfast().in(directory))
                .deploy("/other", WarBuilder.probe().holdfast().in(directory))
                .environment("HOLDFAST_REDIS_URI", redis.uri())
                .environment("HOLDFAST_EXPIRY_INTERVAL", "2m")
                .start();
        NodeJvm jvm = new NodeJvm(node)) {
      for (int i = 0; i < 3; i++) {
        Browser user = node.browser("/shop");
        user.run("create", "set color red");
        user.run("set color blue");
        user.run("get color");
        if (i > 0) {
          user.run("invalidate");
        }
      }
      node.browser("/shop").runWithCookies(cookieOfNobody(node), "session");

      assertThat(shop(jvm, "Created")).isEqualTo(3);
      assertThat(shop(jvm, "Saved")).isEqualTo(3);
      assertThat(shop(jvm, "Invalidated")).isEqualTo(2);
      assertThat(shop(jvm, "UnknownToken")).isEqualTo(1);
      assertThat(shop(jvm, "Waits.Create.Count")).isEqualTo(3);
      assertThat(shop(jvm, "Waits.Save.Count")).isEqualTo(3);
      assertThat(shop(jvm, "Waits.Check.Count")).as("3 writes, 3 reads, 2 ends").isEqualTo(8);
      assertThat(shop(jvm, "Waits.Check.Micros")).isPositive();
      assertThat(shop(jvm, "CopyCurrent")).as("all on one node").isEqualTo(8);
      assertThat(shop(jvm, "CopyMissing") + shop(jvm, "CopyStale")).isZero();
      assertThat(shop(jvm, "ValueBytesWritten")).isPositive();
      assertThat(shop(jvm, "Codec.Encode.Count")).isPositive();
      assertThat(shop(jvm, "Codec.Encode.MaxMicros")).isPositive();
      assertThat(shop(jvm, "SweepAgeMillis")).isNotNegative();
      assertThat(shop(jvm, "RedisServersSilent")).isZero();
      assertThat(shop(jvm, "SessionsIdle")).isEqualTo(1);
      await().until(() -> shop(jvm, "SessionsInUse") == 0);
      assertThat(shop(jvm, "RedisServersConnected")).isEqualTo(1);
      assertThat(number(jvm.attribute(SHOP.replace("shop", "other"), "Created"))).isEqualTo(1);

      redis.freeze();
      assertThat(node.browser("/shop").run("strict", "create").status()).isEqualTo(503);
      await().until(() -> shop(jvm, "RedisServersSilent") == 1);
      redis.thaw();
      await().until(() -> node.browser("/shop").run("strict", "create").status() == 200);
      assertThat(shop(jvm, "RedisServersSilent")).isZero();

      redis.stop();
      await().until(() -> shop(jvm, "RedisServersConnected") == 0);
      assertThat(node.browser("/shop").run("strict", "create").status()).isEqualTo(503);
      assertThat(shop(jvm, "StoreUnavailable")).isPositive();

      node.redeploy("/shop");
      await().until(() -> shop(jvm, "Created") == 0);
    }
  }

  private static String cookieOfNobody(ContainerNode node) {
    SetCookie others = node.browser("/other").run("create").setCookies().get(0);
    return others.name().replace("other", "shop") + "=" + others.value();
  }

  private static long shop(NodeJvm jvm, String attribute) throws IOException, JMException {
    return number(jvm.attribute(SHOP, attribute));
  }

  private static long number(Object value) {
    return ((Number) value).longValue();
  }
}
