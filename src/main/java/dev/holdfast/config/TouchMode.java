package dev.holdfast.config;

/** Which requests keep a session alive (setting {@code touch}). */
public enum TouchMode {
  /** Every request that carries the session's id, static files too, as Servlet 7.6 says. */
  REQUEST,
  /** Only a request that uses the session, as Tomcat does by default. */
  USE
}
