package dev.holdfast.admin;

import dev.holdfast.text.Json;

/**
 * One sentence.
 *
 * @param name of the sentence in JSON
 * @param text of this library, which may quote text from outside
 */
record Notice(String title, String name, String text) implements Page {

  static Notice error(String title, String text) {
    return new Notice(title, "error", text);
  }

  @Override
  public void writeTo(Html html) {
    html.raw("<h1>").text(title).raw("</h1>\n<p class=\"notice bad\">").sentence(text).raw("</p>");
  }

  @Override
  public Object data() {
    return Json.object(name, text);
  }
}
