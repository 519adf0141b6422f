package dev.holdfast.container.app;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** A bean as applications keep them in sessions. */
public final class Cart implements Serializable {

  private static final long serialVersionUID = 1L;

  private final List<String> items = new ArrayList<>();
  private String owner = "nobody";

  public List<String> items() {
    return items;
  }

  public void setOwner(String owner) {
    this.owner = owner;
  }

  @Override
  public String toString() {
    return owner + items;
  }
}
