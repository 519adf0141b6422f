package dev.holdfast.admin;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request is answered.
 *
 * @param page null for a redirect
 * @param location where a browser goes on, relative to the address of the request; null to stay. A
 *     script that asks for JSON gets the page
 */
record Reply(
    int status, @Nullable Page page, @Nullable String location, Map<String, String> headers) {
  static final int SEE_OTHER = 303;

  static Reply of(Page page) {
    return of(200, page);
  }

  static Reply of(int status, Page page) {
    return new Reply(status, page, null, Map.of());
  }

  static Reply to(String location) {
    return new Reply(SEE_OTHER, null, location, Map.of());
  }

  /** After an act: a browser goes on to a page, and a script reads what was done. */
  static Reply done(Page page, String location) {
    return new Reply(SEE_OTHER, page, location, Map.of());
  }

  /** The same with a header. */
  Reply with(String name, String value) {
    return new Reply(status, page, location, Map.of(name, value));
  }
}
