package com.example.beans;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import org.springframework.web.context.annotation.SessionScope;

/** Serializable by its word, but for the singleton that is injected. */
@Component
@SessionScope
public class Wallet implements Serializable {
  private final List<String> bought = new ArrayList<>();
  @Autowired private Prices prices;

  public int buy(String item) {
    bought.add(item);
    return bought.stream().mapToInt(prices::of).sum();
  }
}
