package dev.holdfast.config;

/** How a balancer is told the name of this node (setting {@code route.as}). */
public enum RouteForm {
  /** In a cookie of its own, beside that of the session. */
  COOKIE,
  /**
   * At the end of the session's id in cookie and URL, after a dot: for balancers that look nowhere
   * else, as Apache's mod_jk and mod_proxy_balancer.
   */
  SUFFIX
}
