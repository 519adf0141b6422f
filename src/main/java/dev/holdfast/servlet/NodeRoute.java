package dev.holdfast.servlet;

import dev.holdfast.security.SessionToken;
import org.jspecify.annotations.Nullable;

/**
 * The name of this node for a sticky balancer, which the client sends back with each request.
 *
 * <p>Nothing depends on it: it is never read to find a session, and a token leads to the same
 * session with any name behind it, or none.
 *
 * @param node letters, digits, underscores and dashes
 * @param cookie the cookie that holds the name; null: it stands behind the token, after a dot
 */
record NodeRoute(String node, @Nullable SessionCookie cookie) {
  private static final int MAX_SUFFIX = 64;
  private static final char SEPARATOR = '.';

  /** What stands behind the token in cookie and URL; empty where a cookie of its own has it. */
  String suffix() {
    return cookie == null ? SEPARATOR + node : "";
  }

  /**
   * What a client sent, without the name of a node behind it, also of one that has another name or
   * form, or no setting for it any more. Text that does not look like a token and a name comes back
   * as it is, and is no token.
   *
   * @param sent longer than a token
   */
  static String withoutSuffix(String sent) {
    return sent.charAt(SessionToken.LENGTH) == SEPARATOR && isName(sent, SessionToken.LENGTH + 1)
        ? sent.substring(0, SessionToken.LENGTH)
        : sent;
  }

  private static boolean isName(String text, int from) {
    int length = text.length() - from;
    return length > 0
        && length <= MAX_SUFFIX
        && text.chars().skip(from).allMatch(NodeRoute::isNameCharacter);
  }

  private static boolean isNameCharacter(int c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_'
        || c == '.';
  }

  /** For the start-up report. */
  String describe() {
    return node + (cookie == null ? ", behind the session's id" : ", in a cookie " + cookie.name());
  }
}
