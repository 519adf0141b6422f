package dev.holdfast.config;

/** What a write waits for before it counts as saved: {@code durability}. */
public enum Durability {
  /** The primary has it. If the primary fails, what the replicas do not have yet is lost. */
  NONE,
  /** A replica has it too; a write that none confirmed in time is answered with 503. */
  REPLICA
}
