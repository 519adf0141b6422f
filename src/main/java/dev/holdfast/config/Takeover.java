package dev.holdfast.config;

/**
 * Which sessions that somebody else keeps go on as sessions of Holdfast, or the other way round.
 */
public enum Takeover {
  /** None. */
  OFF,
  /** Those of the container and those of Spring Session. */
  ON,
  /** Those of the container. */
  CONTAINER,
  /** Those of Spring Session in the same Redis. */
  SPRING_SESSION,
  /** Sessions of Holdfast go on as the container's. */
  OUT;

  /** Whether sessions of the container are taken over. */
  public boolean fromContainer() {
    return this == ON || this == CONTAINER;
  }

  /** Whether sessions of Spring Session are taken over. */
  public boolean fromSpringSession() {
    return this == ON || this == SPRING_SESSION;
  }
}
