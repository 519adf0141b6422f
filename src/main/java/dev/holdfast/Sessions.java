package dev.holdfast;

import dev.holdfast.security.SessionToken;
import dev.holdfast.session.Reencryption;
import dev.holdfast.session.SessionInfo;
import dev.holdfast.session.SessionManager;
import dev.holdfast.store.SessionStoreUnavailableException;
import dev.holdfast.store.TimeBudget;
import jakarta.servlet.ServletContext;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an application may do with sessions that are not its request's own.
 *
 * <p>Get it where it is needed; it costs nothing:
 *
 * <pre>{@code
 * Sessions.of(request.getServletContext()).endOthersOfUser(request.getRemoteUser(), session.getId());
 * }</pre>
 *
 * <p>Sessions are named by their id as {@code HttpSession.getId()} gives it, which logs nobody in.
 * Everything works on every node for the sessions of all, and is in effect on all when a method
 * returns: a request that comes afterwards, to whichever node, finds the session ended. Safe for
 * use by many threads.
 *
 * <p>The user of a session is who logged in to it: by {@code login()} or {@code authenticate()}, or
 * named by the container when a request used the session; else whom an attribute names, the first
 * of {@code login.attributes} that is text, a number, a principal or the security context of Spring
 * Security. Which sessions a user has is written down when they log in, unless {@code
 * sessions.index} is off.
 *
 * <p>Every method asks Redis and throws {@link SessionStoreUnavailableException} when it does not
 * answer; {@code redis.request-timeout} is not about them, for they may have much to do.
 */
public final class Sessions {
  private static final String ATTRIBUTE = Sessions.class.getName();

  private final SessionManager manager;
  private final Reencryption reencryption;

  Sessions(SessionManager manager, Reencryption reencryption) {
    this.manager = manager;
    this.reencryption = reencryption;
  }

  /**
   * The sessions of a web application.
   *
   * @throws IllegalStateException when Holdfast does not run there: it starts with its filter,
   *     after every ServletContextListener and before every servlet that is loaded on start-up, and
   *     ends with it
   */
  public static Sessions of(ServletContext context) {
    if (context.getAttribute(ATTRIBUTE) instanceof Sessions sessions) {
      return sessions;
    }
    throw new IllegalStateException(
        "Holdfast does not keep the sessions of "
            + (context.getContextPath().isEmpty() ? "/" : context.getContextPath())
            + ", or not yet, or no longer: its filter is initialised after the listeners of the"
            + " application and destroyed before them");
  }

  void publish(ServletContext context) {
    context.setAttribute(ATTRIBUTE, this);
  }

  /** Unless those of another filter have taken its place. */
  void withdraw(ServletContext context) {
    if (context.getAttribute(ATTRIBUTE) == this) {
      context.removeAttribute(ATTRIBUTE);
    }
  }

  /**
   * Ends a session at once, on all nodes. Its listeners are told on this one, with its attributes
   * readable, as {@code invalidate()} does.
   *
   * @param id as {@code HttpSession.getId()} gives it; also one that a login has replaced since,
   *     for the session is the same
   * @return whether it was there and this call ended it
   * @throws SessionStoreUnavailableException when Redis does not answer; the session may have ended
   *     or not
   */
  public boolean end(@Nullable String id) {
    String locator = SessionToken.locatorOf(id);
    return locator != null && unhurried(() -> manager.users().end(locator, "ended by id"));
  }

  /**
   * Ends a session as {@link #end(String)} does, if this user is logged in to it: for a page on
   * which users end their own sessions by ids that their browser sends.
   *
   * @return whether it was there, was theirs, and this call ended it
   */
  public boolean endOfUser(String user, @Nullable String id) {
    String locator = SessionToken.locatorOf(id);
    return locator != null
        && unhurried(() -> manager.users().endOf(user, locator, "ended by its user"));
  }

  /**
   * Ends all sessions of a user, those included whose login is under way.
   *
   * @param user as {@code getRemoteUser()} or the attribute names them
   * @return how many this call ended
   * @throws IllegalStateException when {@code sessions.index} is off
   */
  public int endAllOfUser(String user) {
    return unhurried(
        () -> manager.users().endAll(user, null, "all sessions of its user were ended"));
  }

  /**
   * The same but for one session: what to do when a password was changed.
   *
   * @param keptId the id of the session that stays, such as the request's own
   * @throws IllegalArgumentException when that is no id; nothing has ended then
   */
  public int endOthersOfUser(String user, String keptId) {
    String kept = SessionToken.locatorOf(keptId);
    if (kept == null) {
      throw new IllegalArgumentException("endOthersOfUser: the id to keep is none of a session");
    }
    return unhurried(
        () -> manager.users().endAll(user, kept, "all other sessions of its user were ended"));
  }

  /**
   * The sessions that a user is logged in to, on all nodes, the oldest login first.
   *
   * @param user as {@code getRemoteUser()} or the attribute names them
   * @throws IllegalStateException when {@code sessions.index} is off
   */
  public List<SessionInfo> ofUser(String user) {
    return unhurried(() -> manager.users().of(user));
  }

  /** What is known of a session by its id; null when there is none. */
  public @Nullable SessionInfo find(@Nullable String id) {
    String locator = SessionToken.locatorOf(id);
    return locator == null ? null : unhurried(() -> manager.users().find(locator));
  }

  /**
   * Puts back all sessions that the backup has and Redis has not. Happens by itself when Redis has
   * lost everything; this is for a part of it. Blocks until it is done; the log tells how far it
   * is. Safe at any time: what Redis has stays, and what has ended stays so.
   *
   * @return how many sessions are back
   * @throws UnsupportedOperationException when there is no backup
   * @throws SessionStoreUnavailableException when Redis does not answer
   * @throws dev.holdfast.store.BackupUnavailableException when the database does not
   */
  public long restoreBackup() {
    return unhurried(manager::restoreAll);
  }

  /**
   * Encrypts all stored sessions with the first key of this node, or stores them in the clear if
   * {@code encryption=off}; what is in that form already is left alone. Sessions in use come to it
   * by themselves; this is for the rest, so that an old key can be removed. It is no access: no
   * session lives longer for it. Once is enough, on one node. Blocks until it is done, so give it a
   * thread of its own; called again after a failure, it goes on about where it has stopped.
   *
   * <p>It finds the sessions in the index that {@code expiry.events} has written. What was stored
   * while that was off is found when it has been used since.
   *
   * @param sessionsPerSecond how many are looked at in a second, 1 or more
   * @return how many were encrypted anew
   * @throws IllegalStateException when {@code expiry.events} is off
   * @throws SessionStoreUnavailableException when Redis does not answer; what was done stays
   * @throws InterruptedException when the thread is interrupted; likewise
   */
  public long reencrypt(int sessionsPerSecond) throws InterruptedException {
    TimeBudget unlimited = TimeBudget.unlimited();
    try {
      return reencryption.run(sessionsPerSecond);
    } finally {
      unlimited.end();
    }
  }

  /** Work of any length, which is not what the request of the calling thread may wait for. */
  private static <T extends @Nullable Object> T unhurried(Supplier<T> work) {
    TimeBudget unlimited = TimeBudget.unlimited();
    try {
      return work.get();
    } finally {
      unlimited.end();
    }
  }
}
