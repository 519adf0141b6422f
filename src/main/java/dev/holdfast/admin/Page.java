package dev.holdfast.admin;

import dev.holdfast.text.Json;

/** What one address of the admin view shows, as HTML and, the same, as JSON. */
interface Page {
  /** Plain text. */
  String title();

  /** Which entry of the menu it belongs to; empty for none. */
  default String section() {
    return "";
  }

  /** Writes the part below the menu. */
  void writeTo(Html html);

  /** The same, of maps, lists, text, numbers, instants and null: see {@link Json}. */
  Object data();
}
