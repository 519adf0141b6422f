package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.store.SaveOutcome.Result;
import dev.holdfast.store.SessionLocks.Answer;
import dev.holdfast.store.SessionLocks.Standing;
import dev.holdfast.store.SessionLocks.Ticket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every store does that also has locks, of which all nodes know. */
public abstract class SessionLocksContract extends SessionStoreContract {
  private static final Duration LONG = Duration.ofSeconds(60);

  /** Shorter than the time for which a place is kept. */
  private static final Duration SHORT = Duration.ofMillis(400);

  private final SessionStore here = store();
  private final SessionStore there = otherNode();

  private static Answer ask(Ticket ticket, Duration lease) {
    return ticket.ask(lease).orTimeout(10, TimeUnit.SECONDS).join();
  }

  private static Standing standing(Ticket ticket) {
    return ask(ticket, LONG).standing();
  }

  private static boolean renew(Ticket ticket, Duration lease) {
    return ticket.renew(lease).orTimeout(10, TimeUnit.SECONDS).join();
  }

  private Ticket ticket(SessionStore node, NewSession session) {
    return node.locks().ticket(session.locator(), secretHash);
  }

  @Test
  void theLockIsHandedOnInTheOrderInWhichItWasAskedFor() {
    NewSession session = created(IDLE);
    List<Ticket> line = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      line.add(ticket(i % 2 == 0 ? here : there, session));
      assertThat(standing(line.get(i))).isEqualTo(i == 0 ? Standing.HELD : Standing.WAITING);
    }
    for (int first = 0; first < 5; first++) {
      line.get(first).leave();
      // Leaving is not waited for.
      Ticket next = line.get(first + 1);
      for (int i = 5; i > first + 1; i--) {
        assertThat(standing(line.get(i))).isEqualTo(Standing.WAITING);
      }
      await().until(() -> standing(next) == Standing.HELD);
    }
  }

  @Test
  void theAnswerTellsWhatTheSessionHoldsWhenItIsLocked() {
    NewSession session = created(IDLE);
    Ticket first = ticket(here, session);
    assertThat(ask(first, LONG).stamp()).isEqualTo(session.stamp());
    Stamp second = stamp();
    SessionChanges changes = new Changes(session).stamp(second).under(first, true).build();
    assertThat(here.save(changes).result()).isEqualTo(Result.SAVED);

    Answer next = ask(ticket(there, session), LONG);

    assertThat(next.standing()).isEqualTo(Standing.HELD);
    assertThat(next.stamp()).isEqualTo(second);
  }

  @Test
  void aHolderThatIsSilentLosesTheLockAndCanSaveNothingMore() {
    NewSession session = created(IDLE, Map.of("a", bytes(1)));
    Ticket dead = ticket(here, session);
    assertThat(ask(dead, SHORT).standing()).isEqualTo(Standing.HELD);
    Ticket next = ticket(there, session);
    assertThat(standing(next)).isEqualTo(Standing.WAITING);

    await().until(() -> standing(next) == Standing.HELD);

    assertThat(renew(dead, LONG)).isFalse();
    for (boolean ends : new boolean[] {true, false}) {
      SessionChanges late =
          new Changes(session).write("a", bytes(7)).write("b", bytes(7)).under(dead, ends).build();
      assertThat(here.save(late).result()).isEqualTo(Result.LOCK_LOST);
    }
    StoredSession stored = load(session.locator());
    assertThat(stored.state().stamp()).isEqualTo(session.stamp());
    assertThat(stored.attributes()).containsOnlyKeys("a");
    // Nor does it get back to the front, or take the lock from the one that has it.
    dead.leave();
    assertThat(standing(ticket(here, session))).isEqualTo(Standing.WAITING);
    SessionChanges changes = new Changes(session).write("b", bytes(2)).under(next, true).build();
    assertThat(there.save(changes).result()).isEqualTo(Result.SAVED);
  }

  @Test
  void aLockThatIsRenewedIsNotLost() {
    NewSession session = created(IDLE);
    Ticket first = ticket(here, session);
    assertThat(ask(first, SHORT).standing()).isEqualTo(Standing.HELD);
    Ticket next = ticket(there, session);
    long end = System.nanoTime() + 4 * SHORT.toNanos();
    do {
      assertThat(standing(next)).isEqualTo(Standing.WAITING);
      // A machine that is busy does not get to the next renewal in time otherwise.
      assertThat(renew(first, SHORT.multipliedBy(10))).isTrue();
    } while (System.nanoTime() < end);
    first.leave();
    await().until(() -> standing(next) == Standing.HELD);
  }

  @Test
  void aLeaseThatIsOverEndsNothingAsLongAsNobodyElseComes() throws Exception {
    NewSession session = created(IDLE);
    Ticket only = ticket(here, session);
    assertThat(ask(only, Duration.ofMillis(20)).standing()).isEqualTo(Standing.HELD);
    TimeUnit.MILLISECONDS.sleep(100);
    assertThat(renew(only, Duration.ofMillis(20))).isTrue();
    TimeUnit.MILLISECONDS.sleep(100);
    SessionChanges changes = new Changes(session).write("a", bytes(1)).under(only, true).build();
    assertThat(here.save(changes).result()).isEqualTo(Result.SAVED);
  }

  @Test
  void oneInLineThatHasDiedHoldsNobodyUp() {
    NewSession session = created(IDLE);
    Ticket first = ticket(here, session);
    Ticket dead = ticket(there, session);
    Ticket last = ticket(here, session);
    assertThat(ask(first, LONG).standing()).isEqualTo(Standing.HELD);
    assertThat(standing(dead)).isEqualTo(Standing.WAITING);
    assertThat(standing(last)).isEqualTo(Standing.WAITING);
    first.leave();

    long start = System.nanoTime();
    await().until(() -> standing(last) == Standing.HELD);

    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(6));
    assertThat(renew(dead, LONG)).isFalse();
  }

  @Test
  void aSaveThatGivesTheLockUpIsTheLastOne() {
    NewSession session = created(IDLE);
    Ticket first = ticket(here, session);
    Ticket next = ticket(there, session);
    assertThat(standing(first)).isEqualTo(Standing.HELD);
    assertThat(standing(next)).isEqualTo(Standing.WAITING);
    SessionChanges early = new Changes(session).write("a", bytes(1)).under(first, false).build();
    assertThat(here.save(early).result()).isEqualTo(Result.SAVED);
    assertThat(standing(next)).isEqualTo(Standing.WAITING);
    SessionChanges last = new Changes(session).write("a", bytes(2)).under(first, true).build();

    assertThat(here.save(last).result()).isEqualTo(Result.SAVED);

    assertThat(standing(next)).isEqualTo(Standing.HELD);
    // The same save once more, as after a reply that got lost, is still saved.
    assertThat(here.save(last).result()).isEqualTo(Result.SAVED);
    SessionChanges more = new Changes(session).write("a", bytes(3)).under(first, true).build();
    assertThat(here.save(more).result()).isEqualTo(Result.LOCK_LOST);
  }

  @Test
  void aSaveOutsideOfTheLockGoesOnAsEver() {
    NewSession session = created(IDLE);
    Ticket holder = ticket(here, session);
    assertThat(standing(holder)).isEqualTo(Standing.HELD);
    assertThat(there.save(new Changes(session).write("b", bytes(1)).build()).result())
        .isEqualTo(Result.SAVED);
    assertThat(renew(holder, LONG)).isTrue();
  }

  @Test
  void whoLacksTheSecretGetsNoPlace() {
    NewSession session = created(IDLE);
    Ticket thief = here.locks().ticket(session.locator(), bytes(32));
    assertThat(standing(thief)).isEqualTo(Standing.NO_SESSION);
    Ticket owner = ticket(there, session);
    assertThat(standing(owner)).isEqualTo(Standing.HELD);
    assertThat(standing(thief)).isEqualTo(Standing.NO_SESSION);
    assertThat(renew(thief, LONG)).isFalse();
    thief.leave();
    assertThat(renew(owner, LONG)).isTrue();
    assertThat(standing(here.locks().ticket(locator(), secretHash))).isEqualTo(Standing.NO_SESSION);
  }

  @Test
  void theEndOfASessionWaitsForNoLockAndTakesItAlong() {
    NewSession session = created(IDLE);
    Ticket holder = ticket(here, session);
    Ticket next = ticket(there, session);
    assertThat(standing(holder)).isEqualTo(Standing.HELD);
    assertThat(standing(next)).isEqualTo(Standing.WAITING);

    assertThat(there.destroy(session.locator())).isNotNull();

    assertThat(standing(next)).isEqualTo(Standing.NO_SESSION);
    // Nobody has taken it.
    assertThat(renew(holder, LONG)).isTrue();
    SessionChanges changes = new Changes(session).under(holder, true).build();
    assertThat(here.save(changes).result()).isEqualTo(Result.GONE);
    holder.leave();
    assertThat(here.check(session.locator(), null)).isNull();
  }

  @Test
  void aRenewalOfTheIdLeavesTheLineAndALoginThrowsOutWhoHasTheOldOne() {
    NewSession session = created(IDLE);
    Ticket holder = ticket(here, session);
    Ticket next = ticket(there, session);
    assertThat(standing(holder)).isEqualTo(Standing.HELD);
    assertThat(standing(next)).isEqualTo(Standing.WAITING);
    byte[] renewed = bytes(32);
    SessionChanges renewal =
        new Changes(session).renew(secretHash, renewed).under(holder, false).build();
    assertThat(here.save(renewal).result()).isEqualTo(Result.SAVED);
    assertThat(standing(next)).isEqualTo(Standing.WAITING);
    assertThat(standing(here.locks().ticket(session.locator(), renewed)))
        .isEqualTo(Standing.WAITING);

    byte[] loggedIn = bytes(32);
    SessionChanges login =
        new Changes(session).rotate(renewed, loggedIn).under(holder, true).build();
    assertThat(here.save(login).result()).isEqualTo(Result.SAVED);

    assertThat(standing(next)).isEqualTo(Standing.NO_SESSION);
    Ticket user = there.locks().ticket(session.locator(), loggedIn);
    await().until(() -> standing(user) == Standing.HELD);
  }

  @Test
  void onlyTheOneWhoseTurnItIsIsTold() throws Exception {
    NewSession session = created(IDLE);
    Ticket holder = ticket(here, session);
    Ticket next = ticket(there, session);
    Ticket last = ticket(there, session);
    try (EndedSessions listening = listening(otherNode())) {
      assertThat(standing(holder)).isEqualTo(Standing.HELD);
      assertThat(standing(next)).isEqualTo(Standing.WAITING);
      assertThat(standing(last)).isEqualTo(Standing.WAITING);
      assertThat(next.awaitLock(Duration.ofMillis(50))).isFalse();
      holder.leave();
      assertThat(next.awaitLock(Duration.ofSeconds(10))).isTrue();
      assertThat(standing(next)).isEqualTo(Standing.HELD);
      assertThat(last.awaitLock(Duration.ofMillis(50))).isFalse();
      assertThat(standing(last)).isEqualTo(Standing.WAITING);
      SessionChanges changes = new Changes(session).under(next, true).build();
      assertThat(there.save(changes).result()).isEqualTo(Result.SAVED);
      assertThat(last.awaitLock(Duration.ofSeconds(10))).isTrue();
      assertThat(standing(last)).isEqualTo(Standing.HELD);
    }
  }

  /** The messages of a store, to which it listens from now on until they are closed. */
  protected abstract EndedSessions messages(SessionStore store);

  private EndedSessions listening(SessionStore store) {
    EndedSessions messages = messages(store);
    CountDownLatch listening = new CountDownLatch(1);
    messages.listen(locator -> {}, () -> {}, listening::countDown);
    await().until(() -> listening.getCount() == 0);
    return messages;
  }
}
