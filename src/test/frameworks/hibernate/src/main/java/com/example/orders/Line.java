package com.example.orders;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import java.io.Serializable;

/** One line of an order, which it leads back to. */
@Entity
public class Line implements Serializable {

  private static final long serialVersionUID = 1L;

  @Id @GeneratedValue private Long id;
  @ManyToOne private Order order;
  private String article;

  protected Line() {}

  Line(Order order, String article) {
    this.order = order;
    this.article = article;
  }

  public Order getOrder() {
    return order;
  }

  public String getArticle() {
    return article;
  }
}
