package com.example.legacy;

import java.util.ArrayList;
import java.util.List;

/** What the application keeps in the session, and in Redis by means of its own. */
public class Basket {

  private List<String> items = new ArrayList<>();

  public List<String> getItems() {
    return items;
  }

  public void setItems(List<String> items) {
    this.items = items;
  }
}
