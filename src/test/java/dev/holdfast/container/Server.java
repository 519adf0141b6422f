package dev.holdfast.container;

import java.net.URI;

/** A server that runs, in a process of its own. */
public interface Server {
  /** Such as {@code http://127.0.0.1:12345}, without a slash at the end. */
  URI address();

  /** Everything that the process has written so far to its standard output and error. */
  String log();

  /** A new browser that has never been anywhere, at this server. */
  default Browser browser(String contextPath) {
    return new Browser(this, contextPath);
  }
}
