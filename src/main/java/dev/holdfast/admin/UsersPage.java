package dev.holdfast.admin;

import dev.holdfast.session.UserPage.UserSummary;
import dev.holdfast.text.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of all users that are logged in, in the order of their names.
 *
 * @param next the page that follows, in an address; null for none
 * @param isFirst whether it is the first page
 */
record UsersPage(List<UserRow> rows, @Nullable String next, boolean isFirst) implements Page {

  /**
   * @param link names the user in an address
   */
  record UserRow(UserSummary user, String link) {}

  @Override
  public String title() {
    return "Users";
  }

  @Override
  public String section() {
    return "users";
  }

  @Override
  public void writeTo(Html html) {
    html.raw("<h1>Users</h1>\n");
    if (rows.isEmpty()) {
      html.raw("<p class=\"empty\">")
          .raw(isFirst ? "Nobody is logged in." : "None on this page.")
          .raw("</p>\n");
    } else {
      html.raw("<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">User</th>")
          .raw("<th scope=\"col\" class=\"count\">Sessions</th>")
          .raw("<th scope=\"col\">Last used</th></tr></thead>\n<tbody>\n");
      for (UserRow row : rows) {
        html.raw("<tr><th scope=\"row\">")
            .lead("user", "at", "", row.link(), row.user().user())
            .raw("</th><td class=\"count\">")
            .number(row.user().sessions())
            .raw("</td><td>")
            .ago(row.user().lastAccessedTime())
            .raw("</td></tr>\n");
      }
      html.raw("</tbody></table></div>\n");
    }
    SessionsPage.writeNext(html, "users", next, isFirst);
  }

  @Override
  public Object data() {
    return Json.object(
        "users",
        rows.stream()
            .map(
                row ->
                    Json.object(
                        "user", row.user().user(),
                        "link", row.link(),
                        "sessions", row.user().sessions(),
                        "lastAccessedTime", row.user().lastAccessedTime()))
            .toList(),
        "next",
        next);
  }
}
