package dev.holdfast.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.history.Request.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories of one attribute, told by hand. */
class RegisterTest {
  private final Register register = new Register("I2", "v", "");

  @Test
  void whatHappenedOneAfterTheOtherIsInOrder() {
    read("", 0, 1);
    write("a", 1, 2);
    read("a", 3, 4);
    write("b", 5, 6);
    read("b", 7, 8);
    assertThat(register.judge()).isEmpty();
  }

  @Test
  void concurrentWritesAndReadsMayComeInAnyOrder() {
    write("a", 0, 10);
    write("b", 0, 10);
    read("a", 4, 5);
    read("b", 6, 20);
    assertThat(register.judge()).isEmpty();
  }

  @Test
  void anAnsweredWriteThatIsNotSeenIsLost() {
    write("a", 0, 1);
    read("", 2, 3);
    assertThat(register.judge()).hasSize(1);
  }

  @Test
  void aReadMustNotGoBack() {
    write("a", 0, 1);
    write("b", 2, 20);
    read("b", 3, 4);
    read("a", 5, 6);
    assertThat(register.judge()).isNotEmpty();
  }

  @Test
  void aWriteThatMayBeLostIsThereOrNotButDoesNotComeAndGo() {
    write("a", 0, 1);
    register.writeThatMayBeLost("b", request(2, 3, Outcome.OK));
    read("a", 4, 5);
    assertThat(register.judge()).isEmpty();
    read("b", 6, 7);
    read("a", 8, 9);
    assertThat(register.judge()).isNotEmpty();
  }

  @Test
  void whatCameAfterAWriteThatWasNotLostIsNotUndoneByIt() {
    register.writeThatMayBeLost("a", request(0, 1, Outcome.OK));
    write("b", 2, 3);
    read("a", 4, 5);
    assertThat(register.judge()).isNotEmpty();
  }

  @Test
  void aWriteWithoutAnAnswerMayBeSeenOrNot() {
    write("a", 0, 1);
    unanswered("b", 2, 3);
    unanswered("c", 2, 3);
    read("a", 4, 5);
    read("c", 6, 7);
    read("c", 8, 9);
    assertThat(register.judge()).isEmpty();
  }

  @Test
  void aWriteWithoutAnAnswerMustNotHaveItsEffectAfterALaterOneWasSeen() {
    unanswered("ghost", 0, 1);
    write("a", after(1), after(2));
    read("ghost", after(3), after(4));
    assertThat(register.judge()).hasSize(1);
  }

  @Test
  void aWriteThatWasOverwrittenBetweenIsNotSeenAgain() {
    write("a", 0, 1);
    write("b", 2, 3);
    read("a", 4, 5);
    assertThat(register.judge()).hasSize(1);
    assertThat(register.judge().get(0).requests()).hasSize(3);
  }

  @Test
  void whatWasRefusedOrNeverWrittenIsNotRead() {
    register.write("refused", request(0, 1, Outcome.FAIL));
    read("refused", 2, 3);
    read("from nowhere", 4, 5);
    assertThat(register.judge()).hasSize(2);
  }

  @Test
  void whatIsReadWasWrittenBefore() {
    read("a", 0, 1);
    write("a", 2, 3);
    assertThat(register.judge()).isNotEmpty();
  }

  private static long after(long moments) {
    return 1 + Register.UNCERTAIN + moments;
  }

  private void write(String value, long invoked, long completed) {
    register.write(value, request(invoked, completed, Outcome.OK));
  }

  private void unanswered(String value, long invoked, long completed) {
    register.write(value, request(invoked, completed, Outcome.INFO));
  }

  private void read(String value, long invoked, long completed) {
    register.read(value, request(invoked, completed, Outcome.OK));
  }

  private static Request request(long invoked, long completed, Outcome outcome) {
    return new Request(
        1, "w", "s", "n", "t", invoked, completed, outcome, 200, List.of(), List.of(), "-");
  }
}
