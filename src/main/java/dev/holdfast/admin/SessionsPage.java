package dev.holdfast.admin;

import dev.holdfast.text.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of all sessions.
 *
 * @param unreadable how many more there are on this page that this node cannot read
 * @param next the page that follows, in an address; null for none
 * @param isFirst whether it is the first page
 * @param ended how many sessions the act before has ended; null when there was none
 */
record SessionsPage(
    List<SessionRow> rows,
    int unreadable,
    @Nullable String next,
    boolean isFirst,
    @Nullable Integer ended)
    implements Page {
  @Override
  public String title() {
    return "Sessions";
  }

  @Override
  public String section() {
    return "sessions";
  }

  @Override
  public void writeTo(Html html) {
    html.raw("<h1>Sessions</h1>\n");
    if (ended != null) {
      Ended.writeTo(html, ended);
    }
    if (unreadable > 0) {
      html.raw("<p class=\"notice bad\">")
          .number(unreadable)
          .raw(
              " more on this page cannot be read here: they are damaged, or sealed with a key that")
          .raw(" this node does not have.</p>\n");
    }
    if (rows.isEmpty()) {
      html.raw("<p class=\"empty\">")
          .raw(next == null && isFirst ? "There is none." : "None on this page.")
          .raw("</p>\n");
    } else {
      SessionRow.writeTable(html, rows, null);
    }
    writeNext(html, "sessions", next, isFirst);
  }

  /** The links to the first page and the next. */
  static void writeNext(Html html, String address, @Nullable String next, boolean isFirst) {
    if (next == null && isFirst) {
      return;
    }
    html.raw("<nav class=\"pages\" aria-label=\"Pages\">");
    if (!isFirst) {
      html.raw("<a class=\"button quiet\"").value("href", address).raw(">First page</a>");
    }
    if (next != null) {
      html.lead(address, "after", "button", next, "Next page");
    }
    html.raw("</nav>\n");
  }

  @Override
  public Object data() {
    return Json.object(
        "sessions", rows.stream().map(SessionRow::data).toList(),
        "unreadable", unreadable,
        "next", next);
  }
}
