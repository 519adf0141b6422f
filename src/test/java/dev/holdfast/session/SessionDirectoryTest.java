package dev.holdfast.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.api.SessionInfo;
import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.session.SessionDetails.Form;
import dev.holdfast.session.SessionDetails.LocalValue;
import dev.holdfast.session.SessionDetails.StoredValue;
import dev.holdfast.session.UserPage.UserSummary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an admin finds, and what that costs, on a real Redis. */
class SessionDirectoryTest {
  private static final Duration HALF_HOUR = Duration.ofMinutes(30);
  private static final String KEY = "Qm9i4uLZ0dYxVn3kR7sTgWcEa1JfHp6MvXyN8bKqD2I=";
  private static final int SHARDS = 16;
  private static final RunningRedis REDIS = RunningRedis.shared();

  private final List<AutoCloseable> opened = new ArrayList<>();

  @BeforeEach
  void forget() {
    REDIS.flush();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : opened) {
      one.close();
    }
  }

  /** A node and what it can find. */
  private record Node(SessionManager manager, SessionDirectory directory) {
    Session stored(String user) {
      Session session = manager.create(HALF_HOUR);
      session.login(new Login(user, "TEST", Set.of(), true));
      manager.commit(session);
      manager.release(session);
      return session;
    }
  }

  private Node node(String... more) {
    List<String> all = new ArrayList<>(List.of("redis.timeout", "5s", "expiry.interval", "2m"));
    all.addAll(List.of(more));
    Settings settings = TestSettings.of(REDIS.uri(), all.toArray(String[]::new));
    RedisSessionStore redis = new RedisSessionStore(settings);
    SessionManager manager = TestNodes.over(redis, settings, SessionEvents.NONE);
    opened.add(manager);
    return new Node(manager, manager.directory(redis.expiryIndex()));
  }

  private static List<SessionInfo> all(SessionDirectory directory, int limit) {
    return all(directory, limit, cursor -> cursor);
  }

  private static List<SessionInfo> all(
      SessionDirectory directory, int limit, UnaryOperator<String> between) {
    List<SessionInfo> found = new ArrayList<>();
    String cursor = null;
    do {
      SessionPage page = directory.page(cursor, limit);
      assertThat(page.sessions()).hasSizeLessThanOrEqualTo(limit);
      found.addAll(page.sessions());
      cursor = page.next() == null ? null : between.apply(page.next());
    } while (cursor != null);
    return found;
  }

  @ParameterizedTest
  @CsvSource({"10000, false", "2000, true"})
  void allSessionsAreFoundAtACostThatGoesWithThePage(int sessions, boolean encrypted) {
    Node node = encrypted ? node("encryption.keys", KEY) : node();
    int users = sessions / 10;
    long each = 2L * sessions;
    Set<String> expected = new HashSet<>();
    for (int i = 0; i < sessions; i++) {
      expected.add(node.stored("user " + i % users).id());
    }

    assertThat(node.directory().count()).isEqualTo(sessions);
    assertThat(commands(() -> node.directory().page(null, 50)))
        .as("commands of a page of 50")
        .isLessThanOrEqualTo(SHARDS + 2 * 50 + 1);
    long commands =
        commands(
            () ->
                assertThat(all(node.directory(), 50))
                    .extracting(SessionInfo::id)
                    .containsExactlyInAnyOrderElementsOf(expected));
    assertThat(commands)
        .as("commands of all pages; one more where entries of one millisecond meet a page's end")
        .isBetween(each, each + 2 * (sessions / 50) + SHARDS + 1);

    assertThat(commands(() -> node.directory().users(null, 20)))
        .as("commands of a page of users: one sweep of the index")
        .isBetween(each, each + 2 * (sessions / 500) + SHARDS + 1);
    List<UserSummary> found = new ArrayList<>();
    String after = null;
    do {
      UserPage page = node.directory().users(after, 400);
      found.addAll(page.users());
      after = page.next();
    } while (after != null);
    assertThat(found).hasSize(users).allMatch(user -> user.sessions() == 10);
    assertThat(found).extracting(UserSummary::user).doesNotHaveDuplicates().isSorted();
    assertThat(REDIS.calls("scan")).isZero();
  }

  private static long commands(Runnable work) {
    long before = reads();
    work.run();
    return reads() - before;
  }

  private static long reads() {
    return REDIS.calls("hmget")
        + REDIS.calls("pttl")
        + REDIS.calls("zrangebyscore")
        + REDIS.calls("hgetall");
  }

  /** Requests use the same connection: a list that fills its queue would have them refused. */
  @Test
  void aLongPageLeavesRoomForOthers() {
    Node node = node("redis.queue", "130");
    for (int i = 0; i < 300; i++) {
      node.stored("alice");
    }

    assertThat(node.directory().page(null, 300).sessions()).hasSize(300);
    assertThat(node.directory().users(null, 10).users())
        .extracting(UserSummary::sessions)
        .containsExactly(300);
  }

  @Test
  void entriesOfOneMomentAreNeitherMissedNorFoundTwice() {
    Node node = node();
    Set<String> expected = new HashSet<>();
    for (int i = 0; i < 300; i++) {
      expected.add(node.stored("alice").id());
    }
    assertThat(node.directory().count()).isEqualTo(300);
    for (int shard = 0; shard < SHARDS; shard++) {
      String key = "holdfast:shop:expiry:{shop-" + shard + "}";
      for (Object member : (List<?>) requireNonNull(REDIS.command("ZRANGE", key, 0, -1))) {
        REDIS.command("ZADD", key, 4_000_000_000_000L, member);
      }
    }

    for (int limit : new int[] {1, 7, 18, 1_000}) {
      assertThat(all(node.directory(), limit))
          .extracting(SessionInfo::id)
          .as("in pages of %s", limit)
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  void whatEndsBetweenTwoPagesHidesNoOther() {
    Node node = node();
    List<Session> sessions = IntStream.range(0, 200).mapToObj(i -> node.stored("u" + i)).toList();
    int[] ended = new int[1];

    List<SessionInfo> found =
        all(
            node.directory(),
            10,
            cursor -> {
              assertThat(node.manager().end(sessions.get(ended[0]++).locator())).isTrue();
              return cursor;
            });

    assertThat(found)
        .extracting(SessionInfo::id)
        .containsAll(sessions.stream().skip(ended[0]).map(Session::id).toList())
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "1",
        "1~2",
        "-1~0.0~a",
        "16~0.0~a",
        "1~x~a",
        "1~0.0~a~b",
        "99999999999~1~a"
      })
  void whatIsNoCursorIsRefused(String cursor) {
    Node node = node();

    assertThatThrownBy(() -> node.directory().page(cursor, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cursor of the page before");
  }

  @Test
  void aSessionIsShownWithItsAttributesAndWhatStaysHere() {
    Node node = node("attributes.local", "draft*", "unserializable", "local");
    Session session = node.manager().create(HALF_HOUR);
    session.attribute("cart", new ArrayList<>(List.of("tea")));
    session.attribute("draft", "unsent");
    session.attribute("thread", new Thread("never started"));
    session.login(new Login("alice", "TEST", Set.of(), true));
    node.manager().commit(session);
    session.attribute("size", 5L);
    node.manager().commit(session);

    SessionDetails details = requireNonNull(node.directory().details(session.locator()));

    assertThat(details.info().id()).isEqualTo(session.id());
    assertThat(details.info().user()).isEqualTo("alice");
    assertThat(details.saves()).isEqualTo(2);
    assertThat(details.expires()).isEqualTo(details.info().lastAccessedTime().plus(HALF_HOUR));
    assertThat(details.attributes())
        .extracting(StoredValue::name, StoredValue::type, StoredValue::form, StoredValue::savesAgo)
        .containsExactly(
            tuple("cart", "java.util.ArrayList", Form.READABLE, 1L),
            tuple("size", "java.lang.Long", Form.READABLE, 0L));
    assertThat(details.local()).extracting(LocalValue::name).containsExactly("draft", "thread");
    assertThat(details.local().get(0).why()).isEqualTo("attributes.local names it");
    assertThat(details.local().get(1).type()).isEqualTo("java.lang.Thread");
    assertThat(details.local().get(1).why()).contains("java.lang.Thread");
    assertThat(node.directory().value(session.locator(), "cart")).isEqualTo(List.of("tea"));
    assertThat(node.directory().value(session.locator(), "none")).isNull();
    node.manager().release(session);

    Node other = node();
    SessionDetails elsewhere = requireNonNull(other.directory().details(session.locator()));
    assertThat(elsewhere.attributes()).isEqualTo(details.attributes());
    assertThat(elsewhere.local()).isEmpty();
    node.manager().end(session.locator());
    assertThat(other.directory().details(session.locator())).isNull();
  }

  @Test
  void aValueSealedWithAnotherKeyIsShownAsSuch() {
    Node writer = node("encryption.keys", KEY);
    Session session = writer.manager().create(HALF_HOUR);
    session.attribute("cart", "tea");
    writer.manager().commit(session);
    Node reader = node();

    assertThat(requireNonNull(reader.directory().details(session.locator())).attributes())
        .singleElement()
        .satisfies(
            value -> {
              assertThat(value.form()).isEqualTo(Form.SEALED);
              assertThat(value.type()).isNull();
            });
    assertThatThrownBy(() -> reader.directory().value(session.locator(), "cart"))
        .hasMessageContaining("sealed with a key that this node does not have");
    assertThat(reader.directory().page(null, 10).unreadable()).isEqualTo(1);
  }

  @Test
  void withoutAnIndexItSaysSo() {
    Node node = node("expiry.events", "off");

    assertThatThrownBy(() -> node.directory().page(null, 10))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("expiry.events is off");
  }
}
