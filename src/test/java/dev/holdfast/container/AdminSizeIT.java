package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.redis.testing.RedisServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the pages of the admin view ask of Redis when there is much: 10,000 sessions of 1,000. */
@AnyContainer(Container.TOMCAT_11)
class AdminSizeIT {
  private static final String TOKEN = "only-for-tests-0123456789-0123456789";
  private static final int SESSIONS = 10_000;
  private static final int USERS = 1_000;

  /** What {@code AdminPages} puts on a page. */
  private static final int PAGE = 50;

  /** The sorted sets that the index of expiry consists of. */
  private static final int PARTS = 16;

  /** What a node asks meanwhile without an admin: it looks after sessions once a minute. */
  private static final int BESIDE = 40;

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  private final Container container;

  AdminSizeIT(Container container) {
    this.container = container;
  }

  @Test
  void pagesCostWhatIsOnThemAndAListOfUsersOneSweepOfTheIndex() {
    Path war =
        WarBuilder.probe()
            .holdfastAll()
            .resource(
                "WEB-INF/classes/holdfast.properties",
                "admin.path=/holdfast-admin\nadmin.token="
                    + TOKEN
                    + "\nsessions.create-rate=0\nexpiry.interval=2m\n")
            .in(directory);
    try (RedisServer redis = RedisServer.start();
        ContainerNode node =
            ContainerNode.on(container)
                .deploy("/shop", war)
                .environment("HOLDFAST_REDIS_URI", redis.uri())
                .start()) {
      IntStream.range(0, SESSIONS)
          .parallel()
          .forEach(
              i ->
                  assertThat(node.browser("/shop").run("set username user-" + i % USERS).status())
                      .isEqualTo(200));

      assertThat(asked(redis, node, "", PARTS + 1).get("sessions").asInt()).isEqualTo(SESSIONS);

      Set<String> ids = new HashSet<>();
      String after = "";
      while (after != null) {
        JsonNode page = asked(redis, node, "sessions" + after, 2 * PAGE + PARTS + 1);
        assertThat(page.get("sessions").size()).isLessThanOrEqualTo(PAGE);
        page.get("sessions").forEach(session -> ids.add(session.get("id").asText()));
        after = next(page);
      }
      assertThat(ids).hasSize(SESSIONS);

      // 500 sessions at once, so the index is asked a part at a time, 20 times in all.
      int oneSweep = 2 * SESSIONS + PARTS * 3 + SESSIONS / 500;
      JsonNode users = asked(redis, node, "users", oneSweep);
      assertThat(users.get("users").size()).isEqualTo(PAGE);
      assertThat(users.get("users").get(1).get("user").asText()).isEqualTo("user-1");
      assertThat(users.get("users").get(1).get("sessions").asInt()).isEqualTo(SESSIONS / USERS);
      JsonNode more = asked(redis, node, "users" + next(users), oneSweep);
      assertThat(more.get("users").size()).isEqualTo(PAGE);
      assertThat(more.get("users").get(0).get("user").asText())
          .isGreaterThan(users.get("users").get(PAGE - 1).get("user").asText());

      JsonNode user = asked(redis, node, "user?name=user-77", 2 * (SESSIONS / USERS) + 3);
      assertThat(user.get("sessions").size()).isEqualTo(SESSIONS / USERS);
      String link = user.get("sessions").get(0).get("link").asText();
      assertThat(asked(redis, node, "session?at=" + link, 4).get("attributes").size()).isEqualTo(1);

      assertThat(redis.calls("keys") + redis.calls("scan") + redis.calls("hscan")).isZero();
    }
  }

  private static String next(JsonNode page) {
    return page.get("next").isNull() ? null : "?after=" + page.get("next").asText();
  }

  /** A page, which must not have cost more commands than this. */
  private static JsonNode asked(RedisServer redis, ContainerNode node, String path, int most) {
    long before = commands(redis);
    Reply reply =
        node.browser("/shop")
            .send(
                "GET",
                "/holdfast-admin/" + path,
                null,
                Map.of("Authorization", "Bearer " + TOKEN, "Accept", "application/json"));
    long cost = commands(redis) - before;
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    assertThat(cost).as("commands for " + path).isPositive().isLessThanOrEqualTo(most + BESIDE);
    try {
      return JSON.readTree(reply.text());
    } catch (JsonProcessingException e) {
      throw new AssertionError(reply.toString(), e);
    }
  }

  /** How many commands clients have sent, but for this question. */
  private static long commands(RedisServer redis) {
    byte[] stats = (byte[]) Objects.requireNonNull(redis.command("INFO", "commandstats"));
    return new String(stats, StandardCharsets.US_ASCII)
        .lines()
        .filter(line -> line.startsWith("cmdstat_") && !line.startsWith("cmdstat_info"))
        .mapToLong(
            line -> Long.parseLong(line.substring(line.indexOf("calls=") + 6, line.indexOf(','))))
        .sum();
  }
}
