package dev.holdfast.config;

/** Which writes {@code durability=replica} waits for: {@code durability.writes}. */
public enum DurableWrites {
  /** Logins, logouts and new ids: what must not be undone. */
  LOGIN,
  /** Every write; each then occupies a connection of its own while it waits. */
  ALL
}
