package dev.holdfast.session;

import dev.holdfast.sealing.Sealing;
import dev.holdfast.store.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Times, time-out and login of a live session, and which of them the next save has to write.
 *
 * <p>Guarded by the session's lock, which the caller of every method holds.
 */
final class LiveMetadata {
  private final Instant creationTime;
  private final @Nullable Instant absoluteDeadline;

  private Instant lastAccessedTime;
  private Instant accessedTime;
  private Duration maxInactiveInterval;
  private boolean maxInactiveIntervalChanged;
  private @Nullable Login login;

  /** Whether the stored login is sealed with a key that this node does not have. */
  private boolean unopened;

  private boolean loginChanged;

  /** The user of the session in the store, as far as this node knows. */
  private @Nullable String storedUser;

  private @Nullable Place place;

  /**
   * @param accessedTime start of the latest request
   * @param absoluteDeadline when the session ends whatever happens, or null
   */
  LiveMetadata(
      Instant creationTime,
      Instant accessedTime,
      Duration maxInactiveInterval,
      @Nullable Instant absoluteDeadline) {
    this.creationTime = creationTime;
    this.lastAccessedTime = accessedTime;
    this.accessedTime = accessedTime;
    this.maxInactiveInterval = maxInactiveInterval;
    this.absoluteDeadline = absoluteDeadline;
  }

  Instant creationTime() {
    return creationTime;
  }

  @Nullable Instant absoluteDeadline() {
    return absoluteDeadline;
  }

  /** Start of the request before the latest one. */
  Instant lastAccessedTime() {
    return lastAccessedTime;
  }

  /** Start of the latest request. */
  Instant accessedTime() {
    return accessedTime;
  }

  /** Records an access at {@code now}; the store has recorded one at {@code recorded}. */
  void access(Instant recorded, Instant now) {
    lastAccessedTime = recorded.isAfter(accessedTime) ? recorded : accessedTime;
    accessedTime = now.isAfter(lastAccessedTime) ? now : lastAccessedTime;
  }

  Duration maxInactiveInterval() {
    return maxInactiveInterval;
  }

  /** Sets the interval; answers whether it has changed. */
  boolean maxInactiveInterval(Duration interval) {
    if (interval.equals(maxInactiveInterval)) {
      return false;
    }
    maxInactiveInterval = interval;
    maxInactiveIntervalChanged = true;
    return true;
  }

  boolean isMaxInactiveIntervalChanged() {
    return maxInactiveIntervalChanged;
  }

  /** Whether the stored metadata are sealed with a key that this node does not have. */
  boolean isUnopened() {
    return unopened;
  }

  @Nullable Login login() {
    return login;
  }

  void login(@Nullable Login next) {
    login = next;
    loginChanged = true;
  }

  boolean isLoginChanged() {
    return loginChanged;
  }

  /**
   * The user whose the session becomes with the next save; null if the login has not changed, or
   * ends.
   */
  @Nullable String userToCome() {
    return loginChanged ? nameOf(login) : null;
  }

  @Nullable String storedUser() {
    return storedUser;
  }

  /** The place in the index that a login has taken, or null. */
  @Nullable Place place() {
    return place;
  }

  void place(@Nullable Place taken) {
    place = taken;
  }

  /** Adopts what was read from the store, except where there is a change to save. */
  void refresh(StoredSession from) {
    if (!maxInactiveIntervalChanged) {
      maxInactiveInterval = from.state().maxInactiveInterval();
    }
    byte[] principal = from.principal();
    unopened = principal != null && Sealing.isSealed(principal);
    if (!loginChanged) {
      login = unopened ? null : Login.fromBytes(principal);
      storedUser = nameOf(login);
    }
  }

  /** Records that the store has taken {@code save}. */
  void saved(Save save) {
    maxInactiveIntervalChanged = !maxInactiveInterval.equals(save.interval());
    loginChanged = !Objects.equals(login, save.login());
    storedUser = nameOf(save.login());
  }

  private static @Nullable String nameOf(@Nullable Login login) {
    return login == null ? null : login.name();
  }
}
