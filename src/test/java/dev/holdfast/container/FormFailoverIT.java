package dev.holdfast.container;

import static dev.holdfast.container.FormWar.CLOSED;
import static dev.holdfast.container.FormWar.cookies;
import static dev.holdfast.container.FormWar.isNobody;
import static dev.holdfast.container.FormWar.leadNowhere;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * FORM login on two nodes: log in on node 1, a constrained page of node 2 answers as the user, node
 * 1 is killed, logout on node 2, and the old cookies lead nowhere on either.
 */
@EachContainer
class FormFailoverIT {
  @TempDir Path directory;

  private final Container container;

  FormFailoverIT(Container container) {
    this.container = container;
  }

  @Test
  void aLoginMovesToTheOtherNodeAndEndsThereForBoth() {
    try (RedisServer redis = RedisServer.start()) {
      Path war = FormWar.form("", directory);
      ContainerNode.Builder builder =
          ContainerNode.on(container)
              .deploy("/form", war)
              .environment("HOLDFAST_REDIS_URI", redis.uri());
      try (ContainerNode one = builder.begin();
          ContainerNode two = builder.start()) {
        Browser browser = FormWar.loggedIn(one, "/form", "alice", "wonderland");
        browser.run("set color red");
        Browser atTwo = browser.at(two);

        assertThat(atTwo.get(CLOSED).of("user")).isEqualTo("alice true");

        String before = cookies(browser);
        one.kill();
        assertThat(atTwo.get(CLOSED).of("user")).isEqualTo("alice true");
        Reply open = atTwo.run("user", "auth-type", "in-role user", "in-role admin", "get color");
        assertThat(open.of("user")).isEqualTo("alice true");
        assertThat(open.of("auth-type")).isEqualTo("FORM");
        assertThat(open.of("in-role user")).isEqualTo("true");
        assertThat(open.of("in-role admin")).isEqualTo("false");
        assertThat(open.of("get color")).isEqualTo("red");
        assertThat(atTwo.get("/admin" + FormWar.USER).status()).isEqualTo(403);
        assertThat(Complaints.of(two)).isEmpty();

        String old = cookies(atTwo);
        atTwo.run("logout");

        isNobody(atTwo);
        try (ContainerNode again = builder.start()) {
          for (ContainerNode node : new ContainerNode[] {again, two}) {
            leadNowhere(before, node, "/form");
            leadNowhere(old, node, "/form");
          }
          isNobody(atTwo.at(again));
          FormWar.logIn(atTwo.at(again), "root", "toor");
          assertThat(atTwo.get(CLOSED).of("user")).isEqualTo("root true");
        }
        // In every form that a browser may have kept them.
        for (Map.Entry<String, String> cookie : atTwo.cookies().entrySet()) {
          assertThat(before).doesNotContain(cookie.getValue());
        }
      }
    }
  }
}
