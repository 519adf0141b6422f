package dev.holdfast.benchmark.app;

import java.io.Serializable;

/** A line of a cart, as applications keep them. */
public final class Item implements Serializable {
  private static final long serialVersionUID = 1;

  private final String name;
  private final long cents;
  private int count;

  Item(String name, long cents, int count) {
    this.name = name;
    this.cents = cents;
    this.count = count;
  }

  long total() {
    return cents * count + name.length();
  }
}
