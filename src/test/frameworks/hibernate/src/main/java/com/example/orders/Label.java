package com.example.orders;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.io.Serializable;

/** A key of a set, by its name. */
@Entity
public class Label implements Serializable {

  private static final long serialVersionUID = 1L;

  @Id private String name;

  protected Label() {}

  Label(String name) {
    this.name = name;
  }

  public String getName() {
    return name;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Label label && name.equals(label.getName());
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }
}
