package dev.holdfast.admin;

import dev.holdfast.text.Json;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one user, the oldest login first.
 *
 * @param link names the user in an address
 * @param rows the first of them
 * @param count how many there are
 * @param ended how many sessions the act before has ended; null when there was none
 */
record UserSessionsPage(
    String user, String link, List<SessionRow> rows, int count, @Nullable Integer ended)
    implements Page {
  @Override
  public String title() {
    return "Sessions of " + user;
  }

  @Override
  public String section() {
    return "users";
  }

  @Override
  public void writeTo(Html html) {
    html.raw("<h1>Sessions of ").text(user).raw("</h1>\n");
    if (ended != null) {
      Ended.writeTo(html, ended);
    }
    if (rows.isEmpty()) {
      html.raw("<p class=\"empty\">This user is not logged in.</p>\n");
      return;
    }
    if (count > rows.size()) {
      html.raw("<p class=\"notice\">The first ")
          .number(rows.size())
          .raw(" of ")
          .number(count)
          .raw(".</p>\n");
    }
    SessionRow.writeTable(html, rows, link);
    html.raw("<details class=\"danger-zone\"><summary>End more than one</summary>\n");
    html.raw("<form method=\"post\" action=\"end-user\"><input type=\"hidden\" name=\"at\"")
        .value("value", link)
        .raw(">\n<p><label for=\"keep\">All sessions of this user, but keep</label>\n")
        .raw("<select id=\"keep\" name=\"keep\"><option value=\"\">none</option>");
    for (SessionRow row : rows) {
      html.raw("<option")
          .value("value", row.link())
          .raw(">")
          .text(SessionRow.shortened(row.info().id()))
          .raw(", used ");
      html.raw(lastUseOf(row)).raw("</option>");
    }
    html.raw("</select></p>\n<button class=\"danger\">End them</button></form></details>\n");
  }

  /** An option of a select holds text only. */
  private static String lastUseOf(SessionRow row) {
    return row.info().lastAccessedTime().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  @Override
  public Object data() {
    return Json.object(
        "user", user,
        "link", link,
        "count", count,
        "sessions", rows.stream().map(SessionRow::data).toList());
  }
}
