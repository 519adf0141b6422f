package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.SessionManager.Commit;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Values that cannot be stored when they are set, and can be when the session is saved, or later.
 */
class LateStorableTest {
  private static final RunningRedis REDIS = RunningRedis.shared();
  private final Queue<Counter> counted = new ConcurrentLinkedQueue<>();
  private final List<SessionManager> nodes = new ArrayList<>();
  private final SessionManager local = node("local");
  private final SessionManager other = node("local");

  private SessionManager node(String unserializable) {
    Settings settings = TestSettings.of(REDIS.uri(), "unserializable", unserializable);
    SessionManager node = TestNodes.manager(settings, counted::add);
    nodes.add(node);
    return node;
  }

  @AfterEach
  void close() {
    nodes.forEach(SessionManager::close);
  }

  private static Session created(SessionManager node) {
    return node.create(Duration.ofMinutes(30));
  }

  private Object onOtherNode(SessionToken token) {
    Session session = Objects.requireNonNull(other.join(token).session());
    try {
      return session.attribute("value");
    } finally {
      other.release(session);
    }
  }

  /** In which way a value fails while a field is missing. */
  enum Failure {
    WRITING {
      @Override
      Filled value() {
        return new FailsWhenWritten();
      }
    },
    REPLACING {
      @Override
      Filled value() {
        return new FailsWhenReplaced();
      }
    },
    READING {
      @Override
      Filled value() {
        return new FailsWhenRead();
      }
    },
    IN_ITS_STREAM {
      @Override
      Filled value() {
        return new FailsInItsStream();
      }
    };

    abstract Filled value();
  }

  @ParameterizedTest
  @EnumSource
  void isStoredWhenTheNextLineFillsIt(Failure failure) {
    for (SessionManager node : List.of(local, node("refuse"))) {
      Session session = created(node);
      Filled value = failure.value();
      session.attribute("value", value);
      value.field = "filled";
      assertThat(node.commit(session)).isEqualTo(Commit.SAVED);
      node.release(session);

      assertThat(counted).doesNotContain(Counter.KEPT_LOCAL);
      assertThat(((Filled) onOtherNode(session.token())).field).isEqualTo("filled");
    }
  }

  @ParameterizedTest
  @EnumSource
  void isLocalWhenItIsNotFilledAndStoredByALaterRequestThatFillsIt(Failure failure) {
    Session session = created(local);
    Filled value = failure.value();
    session.attribute("value", value);
    assertThat(counted).as("not decided yet").doesNotContain(Counter.KEPT_LOCAL);
    local.commit(session);
    local.release(session);
    assertThat(counted).containsOnlyOnce(Counter.KEPT_LOCAL);
    assertThat(onOtherNode(session.token())).isNull();

    Session later = Objects.requireNonNull(local.join(session.token()).session());
    assertThat(later.attribute("value")).isSameAs(value);
    value.field = "filled";
    assertThat(local.commit(later)).isEqualTo(Commit.SAVED);
    local.release(later);
    assertThat(((Filled) onOtherNode(session.token())).field).isEqualTo("filled");
    assertThat(counted).containsOnlyOnce(Counter.KEPT_LOCAL);
  }

  @Test
  void takesTheStoredValuesPlaceOnlyWhenItIsDecided() {
    Session session = created(local);
    session.attribute("value", "before");
    local.commit(session);
    Filled value = new FailsWhenWritten();
    session.attribute("value", value);
    local.commit(session);
    assertThat(onOtherNode(session.token())).as("nobody goes on with the old one").isNull();
    session.attribute("value");
    value.field = "filled";
    local.commit(session);
    local.release(session);
    assertThat(((Filled) onOtherNode(session.token())).field).isEqualTo("filled");
  }

  /** What can never be stored is not encoded at each request. */
  @Test
  void isTriedLessAndLessOften() {
    Session session = created(local);
    FailsWhenWritten value = new FailsWhenWritten();
    session.attribute("value", value);
    for (int request = 0; request < 300; request++) {
      session.attribute("value");
      local.commit(session);
    }
    local.release(session);
    assertThat(value.tries.get()).isLessThan(20);
  }

  @Test
  void whatIsNotUsedIsNotTried() {
    Session session = created(local);
    FailsWhenWritten value = new FailsWhenWritten();
    session.attribute("value", value);
    local.commit(session);
    local.release(session);
    int tries = value.tries.get();
    for (int request = 0; request < 20; request++) {
      Session next = Objects.requireNonNull(local.join(session.token()).session());
      local.commit(next);
      local.release(next);
    }
    assertThat(value.tries).hasValue(tries);
  }

  @Test
  void aClassIsRefusedAtOnceAndAFailureAtTheSave() {
    SessionManager strict = node("refuse");
    Session session = created(strict);
    assertThatThrownBy(() -> session.attribute("value", new Thread("never")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Thread");
    session.attribute("value", new FailsWhenWritten());
    assertThatThrownBy(() -> strict.commit(session))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("FailsWhenWritten");
    strict.release(session);
  }

  abstract static class Filled implements Serializable {
    private static final long serialVersionUID = 1L;
    String field;
  }

  static final class FailsWhenWritten extends Filled {
    private static final long serialVersionUID = 1L;
    final transient AtomicInteger tries = new AtomicInteger();

    private void writeObject(ObjectOutputStream out) throws IOException {
      if (tries != null) {
        tries.incrementAndGet();
      }
      Objects.requireNonNull(field, "field");
      out.defaultWriteObject();
    }
  }

  static final class FailsWhenReplaced extends Filled {
    private static final long serialVersionUID = 1L;

    private Object writeReplace() {
      if (field == null) {
        throw new IllegalStateException("not filled yet");
      }
      return this;
    }
  }

  static final class FailsWhenRead extends Filled {
    private static final long serialVersionUID = 1L;

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      if (field == null) {
        throw new IllegalStateException("not filled yet");
      }
    }
  }

  static final class FailsInItsStream extends Filled {
    private static final long serialVersionUID = 1L;

    private void writeObject(ObjectOutputStream out) throws IOException {
      if (field == null) {
        throw new InvalidObjectException("not filled yet");
      }
      out.defaultWriteObject();
    }
  }
}
