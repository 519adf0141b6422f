package dev.holdfast.config;

/** How often a setting is needed: the order of the settings in the documentation. */
enum Group {
  ESSENTIAL("Essential"),
  FREQUENT("Frequent"),
  RARE("Rare");

  private final String title;

  Group(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
