package com.example.chandlery;

import java.util.List;

/** What the shop has on its shelves. */
record Goods(String name, String icon, String text) {
  static final List<Goods> ALL =
      List.of(
          new Goods("Anchor", "anchor", "Holds fast in sand and mud"),
          new Goods("Compass", "compass", "Points the way home"),
          new Goods("Rope", "rope", "Twelve metres, three strands"),
          new Goods("Lantern", "lantern", "Burns in any weather"));
}
