package dev.holdfast.config;

/** When the session cookie carries {@code Secure} (setting {@code cookie.secure}). */
public enum CookieSecure {
  /**
   * Always, whatever the request looks like: behind a proxy that ends TLS, requests arrive as plain
   * HTTP. A browser that speaks plain HTTP to a host other than localhost does not keep the cookie.
   */
  ALWAYS,
  /**
   * If the request was secure ({@code isSecure()}); wrong behind a proxy that does not tell the
   * container.
   */
  AUTO,
  /**
   * Never: for sites on plain HTTP, where anybody who listens on the network can take over the
   * session.
   */
  NEVER
}
