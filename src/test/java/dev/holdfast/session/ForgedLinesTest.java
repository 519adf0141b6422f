package dev.holdfast.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.config.Conflict;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SessionToken;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a visitor or an application's data named appears in a log or a message on one line, in each
 * kind of message that repeats it.
 */
class ForgedLinesTest {
  private static final RunningRedis REDIS = RedisServer.shared();
  private static final String BAD = "cart\nINFO: forged\u001b[2J\u202e";
  private static final String SHOWN = "cart\\u000aINFO: forged\\u001b[2J\\u202e";

  private final List<SessionManager> nodes = new ArrayList<>();
  private final Logger logger = Logger.getLogger("dev.holdfast");
  private final Messages log = new Messages();

  /** What this library logs; drivers log what is sent to Redis when somebody turns that on. */
  private static final class Messages extends Handler {
    private final List<String> all = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord entry) {
      all.add(new SimpleFormatter().formatMessage(entry));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void record() {
    REDIS.flush();
    logger.addHandler(log);
  }

  @AfterEach
  void close() {
    logger.removeHandler(log);
    nodes.forEach(SessionManager::close);
  }

  private SessionManager node(String... settings) {
    SessionManager node =
        TestNodes.manager(TestSettings.of(REDIS.uri(), settings), new Measurements());
    nodes.add(node);
    return node;
  }

  private void assertOneLine() {
    assertThat(log.all).anySatisfy(message -> assertThat(message).contains(SHOWN));
    assertNoneForged();
  }

  private void assertNoneForged() {
    assertThat(log.all)
        .allSatisfy(message -> assertThat(message).doesNotContain("\n", "\u001b", "\u202e"));
  }

  private static void assertOneLine(Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof Chatty.Failure) {
        return;
      }
      assertThat(e.getMessage()).doesNotContain("\n").doesNotContain("\u202e");
    }
  }

  /** Its own code fails, with what it holds in the message. */
  private static final class Chatty implements Serializable {
    private static final long serialVersionUID = 1L;

    static final class Failure extends IllegalStateException {
      private static final long serialVersionUID = 1L;

      Failure() {
        super(BAD);
      }
    }

    private void writeObject(ObjectOutputStream out) {
      throw new Failure();
    }
  }

  @Test
  void theNameOfAnAttributeThatStaysHere() {
    SessionManager node = node();
    Session session = node.create(Duration.ofMinutes(5));
    session.attribute(BAD, new Thread());
    node.commit(session);
    node.release(session);

    assertOneLine();
  }

  @Test
  void whatAValuesOwnCodeSays() {
    SessionManager node = node();
    Session session = node.create(Duration.ofMinutes(5));
    session.attribute("chatty", new Chatty());
    node.commit(session);
    node.release(session);

    assertOneLine();
  }

  @Test
  void whatARefusedValuesOwnCodeSays() {
    SessionManager node = node("unserializable", "refuse");
    Session session = node.create(Duration.ofMinutes(5));
    Throwable failure =
        catchThrowable(
            () -> {
              session.attribute("chatty", new Chatty());
              node.commit(session);
            });

    assertThat(failure).hasMessageContaining(SHOWN);
    assertOneLine(failure);
  }

  @Test
  void theNameOfAnAttributeThatCannotBeRead() {
    SessionManager node = node("cache.size", "0");
    SessionToken token = stored(node);
    REDIS.command("HSET", key(token), "a:" + BAD, new byte[] {1, 2, 3, 4});
    Session session = requireNonNull(node.join(token).session());
    assertThat(session.attribute(BAD)).isNull();
    node.release(session);

    assertOneLine();
  }

  @Test
  void theNameOfAnAttributeUnderAMissingKey() {
    String other = "x7Rt2LwqZ9vKc4nYp0sUeJhGd5aMbF8oTiXkW3yCqVE=";
    SessionManager node = node("encryption.keys", TestSettings.KEY, "cache.size", "0");
    SessionManager both =
        node("encryption.keys", other + "," + TestSettings.KEY, "cache.size", "0");
    SessionToken token = stored(node);
    byte[] seal = REDIS.hash(key(token)).get("m:u");
    Session changed = requireNonNull(both.join(token).session());
    changed.attribute(BAD, "sealed with the other key");
    both.commit(changed);
    both.release(changed);
    // Only the attribute is to be under the other key.
    REDIS.command("HSET", key(token), "m:u", seal);

    Session session = requireNonNull(node.join(token).session());
    Throwable failure = catchThrowable(() -> session.attribute(BAD));
    node.release(session);

    assertThat(failure).hasMessageContaining(SHOWN);
    assertOneLine(failure);
    assertNoneForged();
  }

  @Test
  void theNamesOfAttributesWhoseChangesAreLost() {
    for (Conflict conflict : Conflict.values()) {
      SessionManager here = node("conflict", conflict.name());
      SessionManager there = node("conflict", conflict.name());
      SessionToken token = stored(here);
      Session session = requireNonNull(here.join(token).session());
      List<String> value = requireNonNull(list(session));
      Session elsewhere = requireNonNull(there.join(token).session());
      elsewhere.attribute(BAD, new ArrayList<>(List.of("there")));
      there.commit(elsewhere);
      there.release(elsewhere);
      value.add("here");

      Throwable failure = catchThrowable(() -> here.commit(session));
      here.release(session);

      if (conflict == Conflict.FAIL) {
        assertThat(failure).hasMessageContaining(SHOWN);
        assertOneLine(failure);
      }
    }
    assertOneLine();
  }

  @Test
  void theNameOfAUser() {
    SessionManager node = node();
    Session session = node.create(Duration.ofMinutes(5));
    session.login(new Login(BAD, "FORM", Set.of(BAD), true));
    node.commit(session);
    node.release(session);
    assertThat(node.users().endAll(BAD, null, "asked for by " + BAD)).isEqualTo(1);

    assertThat(log.all)
        .anySatisfy(message -> assertThat(message).contains("asked for by " + SHOWN));
    assertNoneForged();
  }

  @SuppressWarnings("unchecked")
  private static List<String> list(Session session) {
    return (List<String>) session.attribute(BAD);
  }

  private static SessionToken stored(SessionManager node) {
    Session session = node.create(Duration.ofMinutes(5));
    session.attribute(BAD, new ArrayList<>(List.of("anvil")));
    node.commit(session);
    node.release(session);
    return session.token();
  }

  private static String key(SessionToken token) {
    return "holdfast:shop:{" + token.locator() + "}";
  }
}
