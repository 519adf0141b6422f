package dev.holdfast.config;

/** What a Redis URI may look like, and how to show one without its credentials. */
final class RedisUriSyntax {

  private RedisUriSyntax() {}

  /**
   * The same URI with {@code ***} for user name and password. Works on text that is no valid URI too: everything
   * between the scheme, if there is one, and the last {@code @} is hidden.
   */
  static String masked(String uri) {
    int at = uri.lastIndexOf('@');
    if (at < 0) {
      return uri;
    }
    int scheme = uri.indexOf("://");
    String head = scheme >= 0 && scheme < at ? uri.substring(0, scheme + 3) : "";
    return head + "***" + uri.substring(at);
  }
}
