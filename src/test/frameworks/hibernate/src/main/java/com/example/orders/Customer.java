package com.example.orders;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.io.Serializable;

@Entity
public class Customer implements Serializable {

  private static final long serialVersionUID = 1L;

  @Id private Long id;
  private String name;

  protected Customer() {}

  Customer(Long id, String name) {
    this.id = id;
    this.name = name;
  }

  public Long getId() {
    return id;
  }

  public String getName() {
    return name;
  }
}
