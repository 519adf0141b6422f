package com.example.shop;

import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

public class Order implements Serializable {
  public record Item(String name, int count) implements Serializable {
    @Override
    public String toString() {
      return name + " x " + count;
    }
  }

  private final List<Item> items = new ArrayList<>();
  private final Instant begun = Instant.now();

  public List<Item> getItems() {
    return items;
  }

  public Instant getBegun() {
    return begun;
  }
}
