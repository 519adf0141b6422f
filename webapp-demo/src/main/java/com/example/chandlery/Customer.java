package com.example.chandlery;

import java.io.Serializable;
import java.time.Instant;

/** Who is logged in, as the session remembers it. */
public final class Customer implements Serializable {
  private static final long serialVersionUID = 1L;

  private String name = "";
  private Instant loggedInAt = Instant.EPOCH;

  public Customer() {}

  Customer(String name, Instant loggedInAt) {
    this.name = name;
    this.loggedInAt = loggedInAt;
  }

  public String getName() {
    return name;
  }

  public Instant getLoggedInAt() {
    return loggedInAt;
  }
}
