package dev.holdfast.benchmark;

import java.util.Locale;

/** What the requests of one measurement do. */
enum Operation {
  /** Reads two attributes. */
  READ("reads two attributes"),
  /** Sets one small attribute. */
  WRITE("sets one small attribute"),
  /** Nine reads to a write. */
  MIXED("nine reads to a write"),
  /** Creates a session with one small attribute. */
  NEW("creates a session"),
  /** Sends the cookie and uses no session. */
  UNTOUCHED("sends the cookie, uses no session");

  final String meaning;

  Operation(String meaning) {
    this.meaning = meaning;
  }

  /** The operation of the {@code number}th request of a connection, as the application knows it. */
  String ofRequest(int number) {
    Operation one = this != MIXED ? this : number % 10 == 9 ? WRITE : READ;
    return one.name().toLowerCase(Locale.ROOT);
  }

  /** Whether the size of the session matters. */
  boolean hasSizes() {
    return this != NEW;
  }
}
