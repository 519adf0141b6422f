package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.Conflict;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SessionToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A request that saves again after its response went out, while the browser's next one is at
 * another node already; frameworks do so when a container tells them that the request ended.
 */
class OverlappingRequestsTest {
  private static SessionManager here;
  private static SessionManager there;

  @BeforeAll
  static void openTwoNodes() {
    String uri = RunningRedis.shared().uri();
    here = TestNodes.manager(TestNodes.settings(uri, Conflict.DROP), counter -> {});
    there = TestNodes.manager(TestNodes.settings(uri, Conflict.DROP), counter -> {});
  }

  @AfterAll
  static void closeThem() {
    here.close();
    there.close();
  }

  @Test
  void theSecondSaveOfANodeDoesNotHideWhatAnotherNodeSavedMeanwhile() {
    Session first = here.create(Duration.ofMinutes(30));
    SessionToken token = first.token();
    first.attribute("basket", new ArrayList<>(List.of("rope")));
    here.commit(first);

    Session second = there.join(token).session();
    basketOf(second).add("lantern");
    second.attribute("flash", "welcome");
    there.commit(second);
    there.release(second);

    first.attribute("late", "conversations");
    here.commit(first);
    here.release(first);

    assertBothNodesHaveEverything(token);
  }

  /** The other node began with what the first save left, and ends after the second one. */
  @Test
  void aChangeInPlaceBeginsBeforeTheSecondSaveAndIsSavedAfterIt() {
    Session first = here.create(Duration.ofMinutes(30));
    SessionToken token = first.token();
    first.attribute("basket", new ArrayList<>(List.of("rope")));
    here.commit(first);

    Session second = there.join(token).session();
    basketOf(second).add("lantern");

    first.attribute("late", "conversations");
    here.commit(first);
    here.release(first);

    second.attribute("flash", "welcome");
    there.commit(second);
    there.release(second);

    assertBothNodesHaveEverything(token);
  }

  private static void assertBothNodesHaveEverything(SessionToken token) {
    Session third = here.join(token).session();
    assertThat(basketOf(third)).containsExactly("rope", "lantern");
    assertThat(third.attribute("flash")).isEqualTo("welcome");
    here.commit(third);
    here.release(third);
    Session fourth = there.join(token).session();
    assertThat(basketOf(fourth)).containsExactly("rope", "lantern");
    assertThat(fourth.attribute("late")).isEqualTo("conversations");
    there.release(fourth);
  }

  /** The same where a thread of ours saves what is set after the request. */
  @Test
  void whatIsSetAfterTheRequestIsSavedWithoutHidingWhatAnotherNodeSavedMeanwhile()
      throws Exception {
    Random random = new Random(1);
    for (int round = 0; round < 40; round++) {
      Session first = here.create(Duration.ofMinutes(30));
      SessionToken token = first.token();
      first.attribute("basket", new ArrayList<>(List.of("rope")));
      here.commit(first);
      here.release(first);
      first.attribute("late", "conversations");
      Thread.sleep(random.nextInt(120));

      Session second = there.join(token).session();
      basketOf(second).add("lantern");
      Thread.sleep(random.nextInt(3) * random.nextInt(60));
      second.attribute("flash", "welcome");
      there.commit(second);
      there.release(second);
      Thread.sleep(random.nextInt(2) * random.nextInt(60));

      Session third = here.join(token).session();
      assertThat(basketOf(third)).as("round %s", round).containsExactly("rope", "lantern");
      assertThat(third.attribute("flash")).isEqualTo("welcome");
      here.commit(third);
      here.release(third);
    }
  }

  @SuppressWarnings("unchecked")
  private static List<String> basketOf(Session session) {
    return (List<String>) session.attribute("basket");
  }
}
