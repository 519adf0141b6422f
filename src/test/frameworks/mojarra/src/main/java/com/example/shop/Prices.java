package com.example.shop;

import jakarta.enterprise.context.ApplicationScoped;

/** A service of the application; it is not serializable. */
@ApplicationScoped
public class Prices {

  int of(String article) {
    return article.length();
  }
}
