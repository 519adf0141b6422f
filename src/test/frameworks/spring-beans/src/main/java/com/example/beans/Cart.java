package com.example.beans;

import jakarta.annotation.PreDestroy;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.web.context.annotation.SessionScope;

/** Behind a scoped proxy, told before its session ends. */
@Component
@SessionScope
public class Cart implements Serializable {
  private final List<String> items = new ArrayList<>();

  public void add(String item) {
    items.add(item);
  }

  public List<String> getItems() {
    return items;
  }

  @PreDestroy
  public void close() {
    System.out.println("closed a cart of " + items);
  }
}
