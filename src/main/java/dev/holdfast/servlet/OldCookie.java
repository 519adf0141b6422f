package dev.holdfast.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * The cookie of sessions that go on elsewhere.
 *
 * @param path its Path attribute
 * @param domain its Domain attribute, or null
 */
record OldCookie(String name, String path, @Nullable String domain) {

  /** Makes the client forget it, unless the response is already on its way. */
  void expire(HttpServletRequest request, HttpServletResponse response) {
    if (!response.isCommitted()) {
      response.addHeader(
          "Set-Cookie",
          name
              + "=; Path="
              + path
              + (domain == null ? "" : "; Domain=" + domain)
              + "; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT"
              + (request.isSecure() ? "; Secure" : "")
              + "; HttpOnly");
    }
  }
}
