package dev.holdfast.cli;

/** What a command ends with; a promise to scripts. */
final class Exit {
  /** Done. */
  static final int OK = 0;

  /** There is something to change, or nothing of that name. */
  static final int FOUND = 1;

  /** The command line is wrong. */
  static final int USAGE = 2;

  /** The settings are wrong, or forbid what is asked. */
  static final int SETTINGS = 3;

  /** Redis or the database cannot be reached, or does not do what it is asked. */
  static final int UNAVAILABLE = 4;

  /** A fault of Holdfast's own; the stack trace is on standard error. */
  static final int FAULT = 70;

  /** Interrupted. */
  static final int INTERRUPTED = 130;

  private Exit() {}
}
