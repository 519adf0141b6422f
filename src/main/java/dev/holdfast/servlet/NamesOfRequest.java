package dev.holdfast.servlet;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.security.SessionToken;
import dev.holdfast.servlet.LogContext.Names;
import dev.holdfast.session.Login;
import dev.holdfast.session.Session;
import org.jspecify.annotations.Nullable;

/** What the log lines of one request name. Reviewed under its scope's lock, read by any thread. */
final class NamesOfRequest {
  private final LogContext log;
  private volatile Names present = Names.NOBODY;

  /** The locator that was hashed last, and its hash. */
  private @Nullable String locator;

  private String locatorHash = "";

  NamesOfRequest(LogContext log) {
    this.log = log;
  }

  /** The names by the last review. */
  Names present() {
    return present;
  }

  /**
   * Names the session that the request uses, or the one that its token claims.
   *
   * @param sent what the client sent, while nobody has asked whether it leads to a session; or null
   * @return whether the names are others now
   */
  boolean review(@Nullable Session current, @Nullable SessionToken sent) {
    Names now;
    if (current != null && current.isValid()) {
      now = new Names(shortHash(current.locator()), log.isWithUser() ? userOf(current) : null);
    } else if (current == null && sent != null) {
      now = new Names(shortHash(sent.locator()), null);
    } else {
      now = Names.NOBODY;
    }
    boolean changed = !now.equals(present);
    present = now;
    return changed;
  }

  private String shortHash(String next) {
    if (!next.equals(locator)) {
      locator = next;
      locatorHash = SecurityEvents.shortHash(next);
    }
    return locatorHash;
  }

  private static @Nullable String userOf(Session current) {
    try {
      Login login = current.login();
      return login == null ? null : LogContext.user(login.name());
    } catch (SessionStoreUnavailableException e) {
      // Sealed with a key that this node lacks: whoever needs the login is told.
      return null;
    }
  }
}
