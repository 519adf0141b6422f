package dev.holdfast.admin;

import dev.holdfast.api.SessionInfo;
import dev.holdfast.session.SessionDetails;
import dev.holdfast.session.SessionDetails.Form;
import dev.holdfast.session.SessionDetails.LocalValue;
import dev.holdfast.session.SessionDetails.StoredValue;
import dev.holdfast.text.Json;
import dev.holdfast.text.Printable;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One session.
 *
 * @param link names it in an address
 * @param userLink names its user in an address; null for nobody
 * @param local what only this node has, as it may be shown
 * @param opened the value that was asked for; null when none was
 */
record ShownSession(
    SessionDetails session,
    String link,
    @Nullable String userLink,
    List<Field> fields,
    List<LocalValue> local,
    @Nullable OpenedValue opened)
    implements Page {

  /**
   * An attribute.
   *
   * @param link names it in a form
   * @param isMasked whether its value is never shown
   */
  record Field(StoredValue stored, String link, boolean isMasked) {}

  /**
   * A value that was asked for.
   *
   * @param name of the attribute
   * @param text of the value, in several lines; null when it cannot be read
   * @param problem why it cannot be read; null when it can
   */
  record OpenedValue(String name, @Nullable String text, @Nullable String problem) {}

  @Override
  public String title() {
    return "Session " + SessionRow.shortened(session.info().id());
  }

  @Override
  public String section() {
    return "sessions";
  }

  @Override
  public void writeTo(Html html) {
    SessionInfo info = session.info();
    html.raw("<div class=\"title\"><h1>Session <span class=\"id\">")
        .text(SessionRow.shortened(info.id()))
        .raw("</span></h1>");
    SessionRow.writeEnd(html, link, userLink, "End this session", SessionRow.shortened(info.id()));
    html.raw("</div>\n<dl class=\"facts\">\n<div class=\"broad\"><dt>Id</dt><dd class=\"id\">")
        .text(info.id())
        .raw("</dd></div>\n<div><dt>User</dt><dd>");
    SessionRow.writeUser(html, info.user(), userLink);
    html.raw("</dd></div>\n<div><dt>Created</dt><dd>")
        .ago(info.creationTime())
        .raw("</dd></div>\n<div><dt>Last used</dt><dd>")
        .ago(info.lastAccessedTime())
        .raw("</dd></div>\n<div><dt>Ends if unused</dt><dd>");
    Instant expires = session.expires();
    if (expires == null) {
      html.raw("never");
    } else {
      html.in(expires);
    }
    html.raw("</dd></div>\n<div><dt>Id since</dt><dd>")
        .ago(session.idSince())
        .raw("</dd></div>\n<div><dt>Saved</dt><dd>")
        .number(session.saves())
        .raw(session.saves() == 1 ? " time" : " times")
        .raw("</dd></div>\n<div><dt>Size</dt><dd>")
        .bytes(size())
        .raw("</dd></div>\n</dl>\n");
    writeOpened(html);
    writeFields(html);
    writeLocal(html);
  }

  private long size() {
    return fields.stream().mapToLong(field -> field.stored().bytes()).sum();
  }

  private void writeOpened(Html html) {
    if (opened == null) {
      return;
    }
    html.raw("<section class=\"value\" id=\"value\"><h2>Value of <code>")
        .text(opened.name())
        .raw("</code></h2>\n");
    String text = opened.text();
    if (text != null) {
      html.raw("<pre tabindex=\"0\">").lines(text).raw("</pre></section>\n");
    } else {
      html.raw("<p class=\"notice bad\">")
          .sentence(String.valueOf(opened.problem()))
          .raw("</p></section>\n");
    }
  }

  private void writeFields(Html html) {
    html.raw("<h2>Attributes</h2>\n");
    if (fields.isEmpty()) {
      html.raw("<p class=\"empty\">None is stored.</p>\n");
      return;
    }
    html.raw("<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">Name</th>")
        .raw("<th scope=\"col\">Type</th><th scope=\"col\" class=\"count\">Size</th>")
        .raw(
            "<th scope=\"col\">Written</th><th scope=\"col\" class=\"act\">Value</th></tr></thead>\n<tbody>\n");
    for (Field field : fields) {
      StoredValue stored = field.stored();
      html.raw("<tr><th scope=\"row\"><code>").text(stored.name()).raw("</code></th><td>");
      String type = stored.type();
      if (type == null) {
        html.raw("<span class=\"soft\">unknown</span>");
      } else {
        html.raw("<code>").text(type).raw("</code>");
      }
      html.raw("</td><td class=\"count\">").bytes(stored.bytes()).raw("</td><td>");
      if (stored.savesAgo() == 0) {
        html.raw("by the last save");
      } else {
        html.number(stored.savesAgo()).raw(stored.savesAgo() == 1 ? " save ago" : " saves ago");
      }
      html.raw("</td><td class=\"act\">");
      writeAct(html, field);
      html.raw("</td></tr>\n");
    }
    html.raw("</tbody></table></div>\n");
  }

  private void writeAct(Html html, Field field) {
    if (field.stored().form() == Form.SEALED) {
      html.raw("<span class=\"soft\">sealed with another key</span>");
    } else if (field.isMasked()) {
      html.raw("<span class=\"soft\">masked</span>");
    } else {
      html.raw("<form method=\"post\" action=\"value#value\"><input type=\"hidden\" name=\"at\"")
          .value("value", link)
          .raw("><button class=\"quiet\" name=\"attribute\"")
          .value("value", field.link())
          .value("aria-label", "Show the value of " + Printable.of(field.stored().name()))
          .raw(">Show</button></form>");
    }
  }

  private void writeLocal(Html html) {
    if (local.isEmpty()) {
      return;
    }
    html.raw("<h2>On this node only</h2>\n<div class=\"wide\"><table>\n<thead><tr>")
        .raw("<th scope=\"col\">Name</th><th scope=\"col\">Type</th>")
        .raw("<th scope=\"col\">Why it is not stored</th></tr></thead>\n<tbody>\n");
    for (LocalValue value : local) {
      html.raw("<tr><th scope=\"row\"><code>")
          .text(value.name())
          .raw("</code></th><td><code>")
          .text(value.type())
          .raw("</code></td><td>")
          .sentence(value.why())
          .raw("</td></tr>\n");
    }
    html.raw("</tbody></table></div>\n");
  }

  @Override
  public Object data() {
    OpenedValue value = opened;
    return Json.object(
        "session",
        new SessionRow(session.info(), link, userLink).data(),
        "idSince",
        session.idSince(),
        "expires",
        session.expires(),
        "saves",
        session.saves(),
        "attributes",
        fields.stream()
            .map(
                field ->
                    Json.object(
                        "name", field.stored().name(),
                        "type", field.stored().type(),
                        "bytes", field.stored().bytes(),
                        "savesAgo", field.stored().savesAgo(),
                        "sealed", field.stored().form() == Form.SEALED,
                        "masked", field.isMasked()))
            .toList(),
        "local",
        local.stream()
            .map(kept -> Json.object("name", kept.name(), "type", kept.type(), "why", kept.why()))
            .toList(),
        "value",
        value == null
            ? null
            : Json.object("name", value.name(), "text", value.text(), "problem", value.problem()));
  }
}
