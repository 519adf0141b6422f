package dev.holdfast.doctor;

import org.jspecify.annotations.Nullable;

/**
 * What a check has found.
 *
 * @param check its name, the same in every run, such as {@code version}
 * @param subject what was looked at, such as a server's address; empty when there is only one
 * @param found in a sentence
 * @param remedy what to change; null when nothing has to be
 */
public record CheckResult(
    String check, Level level, String subject, String found, @Nullable String remedy) {

  /** How bad it is. */
  public enum Level {
    /** As it should be. */
    OK,
    /** It cannot be told from here. */
    UNKNOWN,
    /** It works, and should be changed. */
    WARN,
    /** Sessions do not work, or will be lost. */
    FAIL
  }

  /** Whether something is to be changed. */
  public boolean isFault() {
    return level == Level.WARN || level == Level.FAIL;
  }

  static CheckResult ok(String check, String subject, String found) {
    return new CheckResult(check, Level.OK, subject, found, null);
  }

  static CheckResult warn(String check, String subject, String found, String remedy) {
    return new CheckResult(check, Level.WARN, subject, found, remedy);
  }

  static CheckResult fail(String check, String subject, String found, String remedy) {
    return new CheckResult(check, Level.FAIL, subject, found, remedy);
  }

  static CheckResult unknown(String check, String subject, String found, String remedy) {
    return new CheckResult(check, Level.UNKNOWN, subject, found, remedy);
  }
}
