package dev.holdfast.container.contract;

import static org.awaitility.Awaitility.await;

import dev.holdfast.container.Browser;
import dev.holdfast.container.Reply;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the areas have in common: a user, and the same user elsewhere.
 *
 * <p>{@code elsewhere} is the other node of a cluster for Holdfast and the same server for a
 * container, so that every clause that says "the next request" holds of both.
 */
abstract class Contract {

  /** As long as a session takes to expire whose maxInactiveInterval is one second, and slack. */
  static final Duration MORE_THAN_A_SECOND = Duration.ofMillis(1_300);

  private static final AtomicInteger GATES = new AtomicInteger();

  private final Subject subject;
  final Browser user;
  final Browser elsewhere;

  Contract(Subject subject) {
    this.subject = subject;
    this.user = subject.browser();
    this.elsewhere = user.at(subject.elsewhere());
  }

  final Subject subject() {
    return subject;
  }

  /** Somebody else, at the same server. */
  final Browser stranger() {
    return subject.browser();
  }

  /** What one step of one request gives. */
  final String ask(String step) {
    return user.run(step).of(step);
  }

  /** What one step gives that is taken elsewhere. */
  final String askElsewhere(String step) {
    return elsewhere.run(step).of(step);
  }

  /** The header that the user's browser would send now. */
  final String cookieHeader() {
    return header(user.cookies());
  }

  static String header(Map<String, String> cookies) {
    return cookies.entrySet().stream()
        .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
        .reduce((first, second) -> first + "; " + second)
        .orElse("");
  }

  /** What {@code session} gives here and elsewhere to whoever sends these cookies. */
  final List<String> sessionsOf(String cookieHeader) {
    return List.of(
        user.runWithCookies(cookieHeader, "session").of("session"),
        elsewhere.runWithCookies(cookieHeader, "session").of("session"));
  }

  /** How often these replies set or deleted the session cookie. */
  static long sessionCookies(Reply reply, Collection<String> names) {
    return reply.setCookies().stream().filter(cookie -> names.contains(cookie.name())).count();
  }

  /** A name for a gate that nobody has used. */
  static String newGate() {
    return "gate-" + GATES.incrementAndGet();
  }

  /** Time is the matter of the clause: nothing else can be waited for. */
  static void letPass(Duration time) {
    await().pollDelay(time).atMost(time.plusSeconds(30)).until(() -> true);
  }
}
