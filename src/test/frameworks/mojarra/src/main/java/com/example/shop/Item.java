package com.example.shop;

import java.io.Serializable;

/** One line of a basket. */
public class Item implements Serializable {

  private static final long serialVersionUID = 1L;

  private final String article;
  private final int amount;
  private final int price;

  Item(String article, int amount, int price) {
    this.article = article;
    this.amount = amount;
    this.price = price;
  }

  public String getArticle() {
    return article;
  }

  public int getAmount() {
    return amount;
  }

  public int getPrice() {
    return price;
  }
}
