package dev.holdfast.admin;

/** Whether somebody may use the admin view. */
sealed interface Admission {
  /**
   * They may.
   *
   * @param name for the security log
   * @param byScript whether a bearer token says so, which no browser sends by itself
   */
  record Admitted(String name, boolean byScript) implements Admission {}

  /**
   * They may not.
   *
   * @param status 401 when the right token would let them in
   */
  record Refused(int status, String reason) implements Admission {}

  /** The container has answered the request: it asks for a login. */
  record Answered() implements Admission {}
}
