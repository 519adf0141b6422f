package dev.holdfast.config;

/** What a write waits for before it counts as saved: {@code durability}. */
public enum Durability {
  /** The primary has it. It is lost if the primary is, within the replicas' lag. */
  NONE,
  /** A replica has it too; a write that none confirmed in time is answered with 503. */
  REPLICA
}
