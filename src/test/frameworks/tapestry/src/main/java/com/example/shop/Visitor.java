package com.example.shop;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** Who is in the shop, and what for. */
public class Visitor implements Serializable {

  private static final long serialVersionUID = 1L;

  private String name;
  private final List<String> articles = new ArrayList<>();

  public String getName() {
    return name;
  }

  public void setName(String name) {
    this.name = name;
  }

  public List<String> getArticles() {
    return articles;
  }
}
