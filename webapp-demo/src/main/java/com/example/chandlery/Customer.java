package com.example.chandlery;

import java.io.Serializable;
import java.security.Principal;
import java.time.Instant;

/** Who is logged in, as the session remembers it; a principal, so that it names the user. */
public final class Customer implements Principal, Serializable {
  private static final long serialVersionUID = 1L;

  private String name = "";
  private Instant loggedInAt = Instant.EPOCH;

  public Customer() {}

  Customer(String name, Instant loggedInAt) {
    this.name = name;
    this.loggedInAt = loggedInAt;
  }

  @Override
  public String getName() {
    return name;
  }

  public Instant getLoggedInAt() {
    return loggedInAt;
  }

  /** For an admin who looks into the session. */
  @Override
  public String toString() {
    return name + ", logged in at " + loggedInAt;
  }
}
