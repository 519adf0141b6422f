package dev.holdfast.container.app;

import java.io.Serializable;
import java.security.Principal;

/** A user as many applications keep them in the session. */
public record Account(String name) implements Principal, Serializable {
  private static final long serialVersionUID = 1L;

  @Override
  public String getName() {
    return name;
  }
}
