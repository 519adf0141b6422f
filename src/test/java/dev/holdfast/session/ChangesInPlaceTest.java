package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.Conflict;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.SessionManager.Commit;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Attributes that the application changes without setting them again. */
class ChangesInPlaceTest {
  private static final Queue<Counter> COUNTED = new ConcurrentLinkedQueue<>();
  private static SessionManager here;
  private static SessionManager there;

  @BeforeAll
  static void openTwoNodes() {
    String uri = RunningRedis.shared().uri();
    here = TestNodes.manager(TestNodes.settings(uri, Conflict.DROP), COUNTED::add);
    there = TestNodes.manager(TestNodes.settings(uri, Conflict.DROP), counter -> {});
  }

  @AfterAll
  static void closeThem() {
    here.close();
    there.close();
  }

  private static SessionToken stored(Object value) {
    Session session = here.create(Duration.ofMinutes(30));
    session.attribute("value", value);
    here.commit(session);
    here.release(session);
    return session.token();
  }

  private static Commit use(SessionManager node, SessionToken token, Consumer<Object> use) {
    Session session = node.join(token).session();
    assertThat(session).isNotNull();
    try {
      use.accept(session.attribute("value"));
      return node.commit(session);
    } finally {
      node.release(session);
    }
  }

  @Test
  void isFoundInAListAMapAnArrayAndABeanInABeanAndAReadIsNot() {
    Cart cart = new Cart();
    cart.attributes.put("nested", new HashMap<>(Map.of("deep", new int[] {1, 2})));
    SessionToken token = stored(cart);
    List<Consumer<Cart>> changes =
        List.of(
            c -> c.items.add(new Item("anvil")),
            c -> c.items.get(0).name = "rocket",
            c -> ((int[]) ((Map<?, ?>) c.attributes.get("nested")).get("deep"))[1] = 3,
            c -> c.attributes.remove("nested"),
            c -> c.first = c.items.get(0),
            c -> c.array[0] = "x");
    for (Consumer<Cart> change : changes) {
      for (SessionManager node : List.of(here, there)) {
        assertThat(use(node, token, value -> assertThat(value.toString()).isNotNull()))
            .isEqualTo(Commit.UNCHANGED);
      }
      assertThat(use(here, token, value -> change.accept((Cart) value))).isEqualTo(Commit.SAVED);
      String[] seen = new String[2];
      use(here, token, value -> seen[0] = value.toString());
      use(there, token, value -> seen[1] = value.toString());
      assertThat(seen[1]).isEqualTo(seen[0]);
    }
  }

  /** The object that the slow request holds is no longer the session's when it is changed. */
  @Test
  void aChangeToWhatAnotherNodeHasReplacedUnderARequestIsNotLostSilently() {
    for (boolean replaced : new boolean[] {true, false}) {
      SessionToken token = stored(new ArrayList<>(List.of("old")));
      use(there, token, value -> {});
      Session slow = here.join(token).session();
      assertThat(slow).isNotNull();
      @SuppressWarnings("unchecked")
      List<String> mine = (List<String>) slow.attribute("value");
      COUNTED.clear();

      Session elsewhere = there.join(token).session();
      assertThat(elsewhere).isNotNull();
      if (replaced) {
        elsewhere.attribute("value", new ArrayList<>(List.of("theirs")));
      } else {
        elsewhere.removeAttribute("value");
      }
      there.commit(elsewhere);
      there.release(elsewhere);
      assertThat(use(here, token, value -> {})).isEqualTo(Commit.UNCHANGED);
      assertThat(COUNTED).as("nothing has been changed yet").doesNotContain(Counter.CHANGE_LOST);
      mine.add("mine");

      here.commit(slow);
      assertThat(COUNTED).containsOnlyOnce(Counter.CHANGE_LOST);
      here.commit(slow);
      here.release(slow);
      assertThat(COUNTED).as("once").containsOnlyOnce(Counter.CHANGE_LOST);
      use(there, token, value -> assertThat(value).isEqualTo(replaced ? List.of("theirs") : null));
    }
  }

  /**
   * Three tries, then the last whole snapshot, then again within a moment until it is all there.
   */
  @Test
  void whatAnotherThreadChangesAllTheTimeNeverFailsARequestAndIsNotLost() throws Exception {
    ArrayList<Integer> list = new ArrayList<>(List.of(-1));
    SessionToken token = stored(list);
    AtomicBoolean stop = new AtomicBoolean();
    AtomicBoolean started = new AtomicBoolean();
    Thread mutator =
        new Thread(
            () -> {
              for (int i = 0; !stop.get(); i++) {
                list.add(i);
                if (list.size() > 2000) {
                  list.subList(1, list.size()).clear();
                }
                started.set(true);
              }
              list.clear();
              list.add(42);
            });
    mutator.start();
    Awaitility.await().untilTrue(started);
    for (int request = 0; request < 30; request++) {
      use(here, token, value -> assertThat(value).isSameAs(list));
    }
    stop.set(true);
    mutator.join();
    use(here, token, value -> {});
    use(there, token, value -> assertThat(value).isEqualTo(List.of(42)));
  }

  @Test
  void theLastWholeSnapshotIsWrittenAndTheRestFollowsWithoutARequest() {
    COUNTED.clear();
    Session session = here.create(Duration.ofMinutes(30));
    Busy busy = new Busy();
    busy.done.add("before");
    session.attribute("value", busy);
    busy.done.add("after");
    busy.changing = true;
    assertThat(here.commit(session)).isEqualTo(Commit.SAVED);
    here.release(session);
    assertThat(COUNTED).contains(Counter.ENCODING_RACED);
    SessionToken token = session.token();
    use(there, token, value -> assertThat(((Busy) value).done).containsExactly("before"));

    busy.changing = false;
    Awaitility.await()
        .untilAsserted(
            () ->
                use(
                    there,
                    token,
                    value -> assertThat(((Busy) value).done).containsExactly("before", "after")));
  }

  static final class Cart implements Serializable {
    final List<Item> items = new ArrayList<>();
    final Map<String, Object> attributes = new HashMap<>();
    final String[] array = new String[1];
    Item first;

    @Override
    public String toString() {
      Object nested = attributes.get("nested");
      int deep = nested == null ? 0 : ((int[]) ((Map<?, ?>) nested).get("deep"))[1];
      return items.stream().map(item -> item.name).toList()
          + " "
          + attributes.keySet()
          + deep
          + array[0]
          + (first != null && first == items.get(0));
    }
  }

  static final class Item implements Serializable {
    String name;

    Item(String name) {
      this.name = name;
    }
  }

  /** Looks as if it were changed whenever it is written. */
  static final class Busy implements Serializable {
    final ArrayDeque<String> done = new ArrayDeque<>();
    transient volatile boolean changing;

    private void writeObject(java.io.ObjectOutputStream out) throws java.io.IOException {
      if (changing) {
        throw new ConcurrentModificationException();
      }
      out.defaultWriteObject();
    }
  }
}
