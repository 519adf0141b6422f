package dev.holdfast;

import dev.holdfast.api.SessionInfo;
import dev.holdfast.api.Sessions;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.Reencryption;
import dev.holdfast.session.SessionManager;
import dev.holdfast.store.TimeBudget;
import jakarta.servlet.ServletContext;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The sessions of one web application, published as an attribute of its context. */
final class DeployedSessions implements Sessions {

  private final SessionManager manager;
  private final Reencryption reencryption;

  DeployedSessions(SessionManager manager, Reencryption reencryption) {
    this.manager = manager;
    this.reencryption = reencryption;
  }

  void publish(ServletContext context) {
    context.setAttribute(ATTRIBUTE, this);
  }

  /** Does nothing if those of another filter have taken its place. */
  void withdraw(ServletContext context) {
    if (context.getAttribute(ATTRIBUTE) == this) {
      context.removeAttribute(ATTRIBUTE);
    }
  }

  @Override
  public boolean end(@Nullable String id) {
    String locator = SessionToken.locatorOf(id);
    return locator != null && unhurried(() -> manager.users().end(locator, "ended by id"));
  }

  @Override
  public boolean endOfUser(String user, @Nullable String id) {
    String locator = SessionToken.locatorOf(id);
    return locator != null
        && unhurried(() -> manager.users().endOf(user, locator, "ended by its user"));
  }

  @Override
  public int endAllOfUser(String user) {
    return unhurried(
        () -> manager.users().endAll(user, null, "all sessions of its user were ended"));
  }

  @Override
  public int endOthersOfUser(String user, String keptId) {
    String kept = SessionToken.locatorOf(keptId);
    if (kept == null) {
      throw new IllegalArgumentException(
          "endOthersOfUser: the id to keep is not the id of a session");
    }
    return unhurried(
        () -> manager.users().endAll(user, kept, "all other sessions of its user were ended"));
  }

  @Override
  public List<SessionInfo> ofUser(String user) {
    return unhurried(() -> manager.users().of(user));
  }

  @Override
  public @Nullable SessionInfo find(@Nullable String id) {
    String locator = SessionToken.locatorOf(id);
    return locator == null ? null : unhurried(() -> manager.users().find(locator));
  }

  @Override
  public long restoreBackup() {
    return unhurried(manager::restoreAll);
  }

  @Override
  public long reencrypt(int sessionsPerSecond) throws InterruptedException {
    TimeBudget unlimited = TimeBudget.unlimited();
    try {
      return reencryption.run(sessionsPerSecond);
    } finally {
      unlimited.end();
    }
  }

  /**
   * Does work of any length, which does not count against the time that the calling thread's
   * request may wait for Redis.
   */
  private static <T extends @Nullable Object> T unhurried(Supplier<T> work) {
    TimeBudget unlimited = TimeBudget.unlimited();
    try {
      return work.get();
    } finally {
      unlimited.end();
    }
  }
}
