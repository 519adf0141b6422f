package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.Conflict;
import dev.holdfast.config.Settings;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.SessionManager.Commit;
import dev.holdfast.store.SessionStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who comes with the id from before a login, to the node on which the login is under way. */
class LoginOnSameNodeTest {
  private static final Duration HALF_HOUR = Duration.ofMinutes(30);

  private static final AtomicReference<Runnable> AFTER_CHECK = new AtomicReference<>(() -> {});
  private static final AtomicReference<Runnable> BEFORE_SAVE = new AtomicReference<>(() -> {});
  private static SessionManager here;
  private static SessionManager there;

  @BeforeAll
  static void start() {
    Settings settings = TestNodes.settings(RunningRedis.shared().uri(), Conflict.DROP);
    here = TestNodes.over(checked(TestNodes.store(settings)), settings);
    there = TestNodes.over(TestNodes.store(settings), settings);
  }

  @AfterAll
  static void stop() {
    here.close();
    there.close();
  }

  /**
   * A store with which something happens before a save, and before the answer to a check is heard.
   */
  private static SessionStore checked(SessionStore store) {
    return (SessionStore)
        Proxy.newProxyInstance(
            LoginOnSameNodeTest.class.getClassLoader(),
            new Class<?>[] {SessionStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("save")) {
                BEFORE_SAVE.getAndSet(() -> {}).run();
              }
              try {
                Object answer = method.invoke(store, arguments);
                if (method.getName().equals("check")) {
                  AFTER_CHECK.getAndSet(() -> {}).run();
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static SessionToken stored() {
    Session session = here.create(HALF_HOUR);
    session.attribute("user", "nobody");
    assertThat(here.commit(session)).isEqualTo(Commit.SAVED);
    here.release(session);
    return session.token();
  }

  private static Session join(SessionManager node, SessionToken token) {
    Session session = node.join(token).session();
    assertThat(session).as("the session that the token opens").isNotNull();
    return session;
  }

  @Test
  void theOldIdOpensNothingFromTheMomentTheLoginGivesANewOne() {
    SessionToken old = stored();
    Session login = join(here, old);
    here.rotate(login);
    login.attribute("user", "alice");

    assertThat(here.join(old)).as("before it is saved").isEqualTo(Join.ROTATED_AWAY);
    Session elsewhere = join(there, old);
    assertThat(elsewhere.attribute("user")).as("what is stored").isEqualTo("nobody");
    there.release(elsewhere);

    assertThat(here.commit(login)).isEqualTo(Commit.SAVED);
    assertThat(here.join(old)).as("after it").isEqualTo(Join.ROTATED_AWAY);
    Session next = join(here, login.token());
    assertThat(next).isSameAs(login);
    here.release(next);
    here.release(login);
  }

  @Test
  void aLoginThatIsSavedBetweenTheCheckAndItsAnswerCountsToo() {
    SessionToken old = stored();
    Session login = join(here, old);
    AFTER_CHECK.set(
        () -> {
          here.rotate(login);
          login.attribute("user", "alice");
          assertThat(here.commit(login)).isEqualTo(Commit.SAVED);
        });

    assertThat(here.join(old)).isEqualTo(Join.ROTATED_AWAY);
    here.release(login);
  }

  @Test
  void aLoginThatCouldNotBeSavedLeavesTheOldId() {
    SessionToken old = stored();
    Session login = join(here, old);
    here.rotate(login);
    login.attribute("user", "alice");
    BEFORE_SAVE.set(
        () -> {
          throw new SessionStoreUnavailableException("cut off", null);
        });
    assertThatThrownBy(() -> here.commit(login))
        .isInstanceOf(SessionStoreUnavailableException.class);

    Session next = join(here, old);
    assertThat(next.attribute("user")).isEqualTo("nobody");
    here.release(next);
    here.release(login);
  }

  @Test
  void whereTheLoginOfAnotherNodeIsFirstItsIdOpensTheSession() {
    SessionToken old = stored();
    Session login = join(here, old);
    here.rotate(login);
    Session elsewhere = join(there, old);
    there.rotate(elsewhere);
    elsewhere.attribute("user", "bob");
    assertThat(there.commit(elsewhere)).isEqualTo(Commit.SAVED);
    there.release(elsewhere);

    assertThat(here.join(old)).isEqualTo(Join.ROTATED_AWAY);
    Session other = join(here, elsewhere.token());
    assertThat(other).as("a login of another node is not this one's").isNotSameAs(login);
    assertThat(other.attribute("user")).isEqualTo("bob");
    here.release(other);
    here.release(login);
  }
}
