package dev.holdfast.benchmark.app;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** An attribute of about the size asked for, that a page reads through. */
public final class Shelf implements Serializable {
  private static final long serialVersionUID = 1;

  /** Measured with Java serialization: an item takes about so many bytes. */
  private static final int ITEM_BYTES = 64;

  private final List<Item> items = new ArrayList<>();

  Shelf(int number, int bytes) {
    for (int i = 0; i < Math.max(1, bytes / ITEM_BYTES); i++) {
      items.add(new Item("article %04d of shelf %04d, in stock".formatted(i, number), 995 + i, 1));
    }
  }

  /** Of the first ten lines: what one page shows. */
  public long total() {
    long total = 0;
    for (int i = 0; i < Math.min(10, items.size()); i++) {
      total += items.get(i).total();
    }
    return total;
  }
}
