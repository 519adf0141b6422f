package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.Conflict;
import dev.holdfast.redis.testing.CountingProxy;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.SessionManager.Commit;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An attribute that is set to what is stored: the request costs what a read costs, and no other
 * node reads anything anew. What it means when another node writes meanwhile.
 */
class EqualIsNoWriteTest {
  private static final boolean FULL = Boolean.getBoolean("holdfast.full");
  private static final Duration HALF_HOUR = Duration.ofMinutes(30);
  private static final byte[] LARGE = new byte[50_000];

  private static CountingProxy proxy;
  private static CountingProxy farProxy;
  private static SessionManager here;
  private static SessionManager there;

  @BeforeAll
  static void openTwoNodes() {
    proxy = new CountingProxy(RunningRedis.shared().port());
    farProxy = new CountingProxy(RunningRedis.shared().port());
    here = TestNodes.manager(TestNodes.settings(proxy.uri(), Conflict.DROP), counter -> {});
    there = TestNodes.manager(TestNodes.settings(farProxy.uri(), Conflict.DROP), counter -> {});
  }

  @AfterAll
  static void closeThem() {
    here.close();
    there.close();
    proxy.close();
    farProxy.close();
  }

  /** One request on a node. */
  private interface Work {
    void on(Session session);
  }

  private static SessionToken stored(Map<String, Object> attributes) {
    Session session = here.create(HALF_HOUR);
    attributes.forEach(session::attribute);
    session.attribute("large", LARGE.clone());
    here.commit(session);
    here.release(session);
    return session.token();
  }

  private static Commit request(SessionManager node, SessionToken token, Work work) {
    Session session = Objects.requireNonNull(node.join(token).session());
    try {
      work.on(session);
      return node.commit(session);
    } finally {
      node.release(session);
    }
  }

  private static Object read(SessionManager node, SessionToken token, String name) {
    Object[] read = new Object[1];
    assertThat(request(node, token, session -> read[0] = session.attribute(name)))
        .isEqualTo(Commit.UNCHANGED);
    return read[0];
  }

  /** The request costs one wait and few bytes, and so does the next one of the other node. */
  private static void assertCostsARead(SessionToken token, Work work) {
    request(here, token, session -> {});
    request(there, token, session -> {});
    proxy.reset();
    farProxy.reset();
    assertThat(request(here, token, work)).isEqualTo(Commit.UNCHANGED);
    assertThat(proxy.waits()).isEqualTo(1);
    assertThat(proxy.bytes()).isLessThanOrEqualTo(300);
    request(there, token, session -> {});
    assertThat(farProxy.waits()).isEqualTo(1);
    assertThat(farProxy.bytes()).isLessThanOrEqualTo(300);
  }

  private static List<Object> list(Object... elements) {
    return new ArrayList<>(Arrays.asList(elements));
  }

  @ParameterizedTest
  @ValueSource(strings = {"the same instance", "an equal one", "an equal one, before any read"})
  void costsARead(String which) {
    SessionToken token = stored(Map.of("text", "alice", "cart", list("anvil", 1, 2.5)));
    if (which.endsWith("read")) {
      here.close();
      here = TestNodes.manager(TestNodes.settings(proxy.uri(), Conflict.DROP), counter -> {});
    }
    assertCostsARead(
        token,
        session -> {
          if (which.startsWith("the same")) {
            for (String name : List.of("text", "cart", "large")) {
              session.attribute(name, Objects.requireNonNull(session.attribute(name)));
            }
          } else {
            session.attribute("text", new String("alice".toCharArray()));
            session.attribute("cart", list("anvil", 1, 2.5));
            session.attribute("large", LARGE.clone());
          }
        });
    assertThat(read(there, token, "cart")).isEqualTo(list("anvil", 1, 2.5));
  }

  @Test
  void costsAReadHoweverOftenAndWhateverWasThereMeanwhile() {
    SessionToken token = stored(Map.of("cart", list("anvil")));
    assertCostsARead(
        token,
        session -> {
          session.attribute("cart", list("rocket"));
          session.attribute("cart", list("anvil"));
        });
    assertCostsARead(
        token,
        session -> {
          session.removeAttribute("cart");
          session.attribute("cart", list("anvil"));
        });
    assertThat(read(there, token, "cart")).isEqualTo(list("anvil"));
    assertThat(request(here, token, session -> list(session).add("rocket")))
        .as("the new instance is watched for changes in place")
        .isEqualTo(Commit.SAVED);
    assertThat(read(there, token, "cart")).isEqualTo(list("anvil", "rocket"));
  }

  @SuppressWarnings("unchecked") // the test put it there
  private static List<Object> list(Session session) {
    return (List<Object>) Objects.requireNonNull(session.attribute("cart"));
  }

  /** Such a set encodes to other bytes after every decode; the instance that was read is known. */
  @Test
  void costsAReadForASetWithoutHashCodeThatWasRead() {
    Set<Object> beans = new HashSet<>();
    for (int i = 0; i < 40; i++) {
      beans.add(new Bean("bean " + i));
    }
    SessionToken token = stored(Map.of("beans", beans));
    for (SessionManager node : List.of(there, here)) {
      assertThat(
              request(
                  node,
                  token,
                  session ->
                      session.attribute(
                          "beans", Objects.requireNonNull(session.attribute("beans")))))
          .isEqualTo(Commit.UNCHANGED);
    }
  }

  @Test
  void aChangedInstanceThatIsSetAgainIsWritten() {
    SessionToken token = stored(Map.of("cart", list("anvil")));
    Work change =
        session -> {
          List<Object> cart = list(session);
          cart.add("rocket");
          session.attribute("cart", cart);
        };
    assertThat(request(here, token, change)).isEqualTo(Commit.SAVED);
    assertThat(read(there, token, "cart")).isEqualTo(list("anvil", "rocket"));
    assertThat(request(there, token, change)).isEqualTo(Commit.SAVED);
    assertThat(read(here, token, "cart")).isEqualTo(list("anvil", "rocket", "rocket"));
  }

  @Test
  void whatWasRemovedElsewhereIsWrittenAnew() {
    SessionToken token = stored(Map.of("cart", list("anvil")));
    request(here, token, session -> session.attribute("cart"));
    request(there, token, session -> session.removeAttribute("cart"));
    assertThat(request(here, token, session -> session.attribute("cart", list("anvil"))))
        .isEqualTo(Commit.SAVED);
    assertThat(read(there, token, "cart")).isEqualTo(list("anvil"));
  }

  /** It came before what the other node wrote while it ran. */
  @Test
  void anotherNodesWriteMeanwhileStandsWhenNothingElseIsSaved() {
    SessionToken token = stored(Map.of("cart", list("anvil")));
    request(
        here,
        token,
        session -> {
          request(there, token, other -> other.attribute("cart", list("theirs")));
          session.attribute("cart", list("anvil"));
        });
    assertThat(read(here, token, "cart")).isEqualTo(list("theirs"));
    assertThat(read(there, token, "cart")).isEqualTo(list("theirs"));
  }

  /** Changes of one request belong together: the later save brings all of them. */
  @Test
  void anotherNodesWriteMeanwhileIsOverwrittenWhenTheRequestSavesSomethingElse() {
    SessionToken token = stored(Map.of("cart", list("anvil"), "page", 1));
    request(
        here,
        token,
        session -> {
          request(
              there,
              token,
              other -> {
                other.attribute("cart", list("theirs"));
                other.attribute("page", 7);
              });
          session.attribute("cart", list("anvil"));
          session.attribute("page", 2);
        });
    for (SessionManager node : List.of(here, there)) {
      assertThat(read(node, token, "cart")).isEqualTo(list("anvil"));
      assertThat(read(node, token, "page")).isEqualTo(2);
    }
  }

  /** The request has seen that the copy is stale: what it sets from then on is later. */
  @Test
  void whatIsSetAfterASaveThatFoundTheCopyStaleIsWritten() {
    SessionToken token = stored(Map.of("cart", list("anvil"), "page", 1));
    Session session = Objects.requireNonNull(here.join(token).session());
    request(there, token, other -> other.attribute("cart", list("theirs")));
    session.attribute("page", 2);
    here.commit(session);
    session.attribute("cart", list("anvil"));
    assertThat(here.commit(session)).isEqualTo(Commit.SAVED);
    here.release(session);
    assertThat(read(there, token, "cart")).isEqualTo(list("anvil"));
  }

  /**
   * Random requests on two nodes in turn against a map: every node sees what was written last, and
   * a request after which the map is what it was before has written nothing.
   */
  @Test
  void randomRequestsWriteWhatDiffersAndNothingElse() {
    for (int seed = 0; seed < (FULL ? 400 : 40); seed++) {
      Random random = new Random(seed);
      Map<String, List<Object>> model = new TreeMap<>();
      SessionToken token = stored(Map.of());
      for (int step = 0; step < 25; step++) {
        SessionManager node = random.nextBoolean() ? here : there;
        Map<String, List<Object>> before = copy(model);
        Commit commit =
            request(
                node,
                token,
                session -> {
                  for (int i = random.nextInt(5); i >= 0; i--) {
                    act(random, session, model);
                  }
                });
        String where = "seed " + seed + ", step " + step;
        assertThat(commit)
            .as(where)
            .isEqualTo(before.equals(model) ? Commit.UNCHANGED : Commit.SAVED);
        for (SessionManager reader : List.of(here, there)) {
          assertThat(all(reader, token)).as(where).isEqualTo(model);
        }
      }
    }
  }

  private static void act(Random random, Session session, Map<String, List<Object>> model) {
    String name = "abc".substring(random.nextInt(3)).substring(0, 1);
    @SuppressWarnings("unchecked") // the test put it there
    List<Object> now = (List<Object>) session.attribute(name);
    assertThat(now).isEqualTo(model.get(name));
    switch (random.nextInt(6)) {
      case 0 -> {
        List<Object> other = list(random.nextInt(3));
        session.attribute(name, other);
        model.put(name, list(other.toArray()));
      }
      case 1 -> {
        session.removeAttribute(name);
        model.remove(name);
      }
      case 2 -> {
        if (now != null) {
          session.attribute(name, now);
        }
      }
      case 3 -> {
        if (now != null) {
          session.attribute(name, list(now.toArray()));
        }
      }
      case 4 -> {
        if (now != null) {
          Object element = random.nextInt(3);
          now.set(0, element);
          Objects.requireNonNull(model.get(name)).set(0, element);
        }
      }
      default -> {
        // Was read.
      }
    }
  }

  private static Map<String, List<Object>> copy(Map<String, List<Object>> model) {
    Map<String, List<Object>> copy = new TreeMap<>();
    model.forEach((name, value) -> copy.put(name, list(value.toArray())));
    return copy;
  }

  private static Map<String, Object> all(SessionManager node, SessionToken token) {
    Map<String, Object> all = new HashMap<>();
    assertThat(
            request(
                node,
                token,
                session ->
                    session
                        .attributeNames()
                        .forEach(name -> all.put(name, session.attribute(name)))))
        .isEqualTo(Commit.UNCHANGED);
    all.remove("large");
    return all;
  }

  /** Has neither equals nor hashCode. */
  static final class Bean implements Serializable {
    private static final long serialVersionUID = 1L;
    final String name;

    Bean(String name) {
      this.name = name;
    }
  }
}
