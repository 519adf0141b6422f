package dev.holdfast.servlet;

import java.io.Serializable;
import java.security.Principal;

/** A user as the session remembers them. */
record SessionPrincipal(String name) implements Principal, Serializable {
  @Override
  public String getName() {
    return name;
  }

  @Override
  public String toString() {
    return name;
  }
}
