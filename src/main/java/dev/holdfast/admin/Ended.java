package dev.holdfast.admin;

import dev.holdfast.text.Json;

/**
 * What an act has done.
 *
 * @param ended how many sessions it ended
 */
record Ended(int ended) implements Page {
  @Override
  public String title() {
    return "Done";
  }

  @Override
  public void writeTo(Html html) {
    writeTo(html, ended);
  }

  /** The line above a page to which a browser has gone on. */
  static void writeTo(Html html, int ended) {
    html.raw("<p class=\"notice good\" role=\"status\">")
        .raw(
            ended == 0
                ? "No session was ended: it was over already."
                : ended == 1 ? "One session was ended." : ended + " sessions were ended.")
        .raw("</p>\n");
  }

  @Override
  public Object data() {
    return Json.object("ended", ended);
  }
}
