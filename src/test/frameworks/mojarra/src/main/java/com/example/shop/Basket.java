package com.example.shop;

import jakarta.enterprise.context.SessionScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** What the visitor has chosen. */
@Named
@SessionScoped
public class Basket implements Serializable {

  private static final long serialVersionUID = 1L;

  private final List<Item> items = new ArrayList<>();

  @Inject private Prices prices;

  private String article;
  private int amount = 1;

  public void add() {
    items.add(new Item(article, amount, prices.of(article)));
    article = null;
    amount = 1;
  }

  public List<Item> getItems() {
    return items;
  }

  public int getTotal() {
    return items.stream().mapToInt(item -> item.getAmount() * item.getPrice()).sum();
  }

  public String getArticle() {
    return article;
  }

  public void setArticle(String article) {
    this.article = article;
  }

  public int getAmount() {
    return amount;
  }

  public void setAmount(int amount) {
    this.amount = amount;
  }
}
