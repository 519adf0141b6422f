package com.example.chandlery;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** What a visitor has put aside. The same object stays in the session and is changed there. */
public final class Cart implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Enough for anybody, and a bound for a session. */
  static final int MAX_ITEMS = 1_000;

  private final List<String> items = new ArrayList<>();

  public Cart() {}

  /** Adds an item, or returns false when the cart is full. Two tabs may add at once. */
  synchronized boolean add(String item) {
    return items.size() < MAX_ITEMS && items.add(item);
  }

  /** A copy, oldest first. */
  synchronized List<String> items() {
    return List.copyOf(items);
  }

  /** For an admin who looks into the session. */
  @Override
  public String toString() {
    return String.join(", ", items());
  }
}
