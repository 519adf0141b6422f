package dev.holdfast.admin;

import dev.holdfast.api.SessionInfo;
import dev.holdfast.text.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session in a list.
 *
 * @param link names the session in an address
 * @param userLink names its user in an address; null for nobody
 */
record SessionRow(SessionInfo info, String link, @Nullable String userLink) {
  /** As much of an id as tells one from another at a glance. */
  private static final int SHORT = 10;

  static String shortened(String id) {
    return id.substring(0, SHORT) + "…";
  }

  /**
   * A table of sessions, each with a button that ends it.
   *
   * @param ofUser names the user whose sessions these are in an address; null for sessions of
   *     anybody, which then have a column with the user
   */
  static void writeTable(Html html, List<SessionRow> rows, @Nullable String ofUser) {
    html.raw("<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">Session</th>")
        .raw(ofUser == null ? "<th scope=\"col\">User</th>" : "<th scope=\"col\">Login</th>")
        .raw("<th scope=\"col\">Created</th><th scope=\"col\">Last used</th>")
        .raw("<th scope=\"col\">Ends when idle for</th>")
        .raw("<th scope=\"col\"><span class=\"hidden\">Act</span></th></tr></thead>\n<tbody>\n");
    for (SessionRow row : rows) {
      row.writeTo(html, ofUser);
    }
    html.raw("</tbody></table></div>\n");
  }

  private void writeTo(Html html, @Nullable String ofUser) {
    html.raw("<tr><th scope=\"row\"><a class=\"id\"")
        .value("href", "session?at=" + link)
        .raw(">")
        .text(shortened(info.id()))
        .raw("</a></th><td>");
    if (ofUser == null) {
      writeUser(html, info.user(), userLink);
    } else {
      Instant login = info.loginTime();
      if (login == null) {
        html.raw("<span class=\"soft\">unknown</span>");
      } else {
        html.ago(login);
      }
    }
    html.raw("</td><td>").ago(info.creationTime());
    html.raw("</td><td>").ago(info.lastAccessedTime());
    html.raw("</td><td>");
    writeIdle(html, info.maxInactiveInterval());
    html.raw("</td><td class=\"act\">");
    writeEnd(html, link, ofUser, "End", shortened(info.id()));
    html.raw("</td></tr>\n");
  }

  static void writeUser(Html html, @Nullable String user, @Nullable String userLink) {
    if (user == null || userLink == null) {
      html.raw("<span class=\"soft\">nobody</span>");
    } else {
      html.lead("user", "at", "", userLink, user);
    }
  }

  static void writeIdle(Html html, Duration idle) {
    if (idle.isZero() || idle.isNegative()) {
      html.raw("never");
    } else {
      html.span(idle);
    }
  }

  /** A button that ends a session. */
  static void writeEnd(
      Html html, String link, @Nullable String ofUser, String label, String shortId) {
    html.raw("<form method=\"post\" action=\"end\"><input type=\"hidden\" name=\"at\"")
        .value("value", link)
        .raw(">");
    if (ofUser != null) {
      html.raw("<input type=\"hidden\" name=\"of\"").value("value", ofUser).raw(">");
    }
    html.raw("<button class=\"danger\"")
        .value("aria-label", "End session " + shortId)
        .raw(">")
        .raw(label)
        .raw("</button></form>");
  }

  Map<String, @Nullable Object> data() {
    return Json.object(
        "id", info.id(),
        "link", link,
        "user", info.user(),
        "loginTime", info.loginTime(),
        "creationTime", info.creationTime(),
        "lastAccessedTime", info.lastAccessedTime(),
        "maxInactiveSeconds", info.maxInactiveInterval().toSeconds());
  }
}
