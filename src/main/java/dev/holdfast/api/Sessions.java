package dev.holdfast.api;

import jakarta.servlet.ServletContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets an application list, find and end sessions other than that of the current request.
 *
 * <p>Get it wherever you need it; that costs nothing:
 *
 * <pre>{@code
 * Sessions.of(request.getServletContext()).endOthersOfUser(request.getRemoteUser(), session.getId());
 * }</pre>
 *
 * <p>Sessions are named by their id as {@code HttpSession.getId()} gives it, which logs nobody in.
 * Every method works on any node, for the sessions of all nodes, and has taken effect on all of
 * them when it returns: a later request, to whichever node, finds the session ended. Safe for use
 * by many threads.
 *
 * <p>The user of a session is whoever logged in to it by {@code login()} or {@code authenticate()},
 * or whom the container named when a request used the session. Where neither is the case, an
 * attribute names the user: the first of {@code login.attributes} that is text, a number, a
 * principal or the security context of Spring Security. Each login files the session under its
 * user, unless {@code sessions.index} is off.
 *
 * <p>Every method asks Redis, and throws {@link SessionStoreUnavailableException} when Redis does
 * not answer. {@code redis.request-timeout} does not apply to them, because they may have much to
 * do.
 */
public interface Sessions {
  /** The attribute of the {@code ServletContext} that holds those of its application. */
  String ATTRIBUTE = Sessions.class.getName();

  /**
   * The sessions of a web application.
   *
   * @throws IllegalStateException when Holdfast is not running there: it starts with its filter,
   *     after every ServletContextListener and before every servlet that is loaded on start-up, and
   *     ends with the filter
   */
  static Sessions of(ServletContext context) {
    if (context.getAttribute(ATTRIBUTE) instanceof Sessions sessions) {
      return sessions;
    }
    throw new IllegalStateException(
        "Holdfast does not keep the sessions of "
            + (context.getContextPath().isEmpty() ? "/" : context.getContextPath())
            + ", or not yet, or no longer: its filter is initialised after the listeners of the"
            + " application and destroyed before them");
  }

  /**
   * Ends a session at once, on all nodes. The listeners are called on this node, with the
   * attributes readable, as for {@code invalidate()}.
   *
   * @param id as {@code HttpSession.getId()} gives it; also an id that a login has replaced since,
   *     because the session is the same
   * @return whether it was there and this call ended it
   * @throws SessionStoreUnavailableException when Redis does not answer; the session may have ended
   *     or not
   */
  boolean end(@Nullable String id);

  /**
   * Ends a session as {@link #end(String)} does, if this user is logged in to it: for a page on
   * which users end their own sessions by ids that their browser sends.
   *
   * @return whether it was there, was theirs, and this call ended it
   */
  boolean endOfUser(String user, @Nullable String id);

  /**
   * Ends all sessions of a user, including those whose login is under way.
   *
   * @param user as {@code getRemoteUser()} or the attribute names them
   * @return how many this call ended
   * @throws IllegalStateException when {@code sessions.index} is off
   */
  int endAllOfUser(String user);

  /**
   * Ends all sessions of a user but one: what to do after a change of the password.
   *
   * @param keptId the id of the session that stays, such as the request's own
   * @throws IllegalArgumentException when that is not an id; nothing has then ended
   */
  int endOthersOfUser(String user, String keptId);

  /**
   * The sessions that a user is logged in to, on all nodes, the oldest login first.
   *
   * @param user as {@code getRemoteUser()} or the attribute names them
   * @throws IllegalStateException when {@code sessions.index} is off
   */
  List<SessionInfo> ofUser(String user);

  /** What is known of the session with this id; null when there is none. */
  @Nullable SessionInfo find(@Nullable String id);

  /**
   * Puts back all sessions that the backup has and Redis does not. This happens by itself when
   * Redis has lost everything; call it when Redis has lost only a part. Blocks until it is done;
   * the log reports the progress. Safe at any time: what Redis has stays, and what has ended stays
   * ended.
   *
   * @return how many sessions are back
   * @throws UnsupportedOperationException when there is no backup
   * @throws SessionStoreUnavailableException when Redis does not answer
   * @throws BackupUnavailableException when the database does not
   */
  long restoreBackup();

  /**
   * Encrypts all stored sessions with the first key of this node, or stores them in the clear if
   * {@code encryption=off}; what is in that form already is left alone. A session in use gets there
   * by itself; this call is for the rest, so that an old key can be removed. It does not count as
   * an access: no session lives longer for it. One call on one node is enough. It blocks until it
   * is done, so give it a thread of its own; called again after a failure, it resumes about where
   * it stopped.
   *
   * <p>It finds sessions through the index that {@code expiry.events} writes. A session that was
   * stored while that was off is found only if it has been used since.
   *
   * @param sessionsPerSecond how many are looked at in a second, 1 or more
   * @return how many were encrypted anew
   * @throws IllegalStateException when {@code expiry.events} is off
   * @throws SessionStoreUnavailableException when Redis does not answer; what was done so far stays
   *     done
   * @throws InterruptedException when the thread is interrupted; what was done so far stays done
   */
  long reencrypt(int sessionsPerSecond) throws InterruptedException;
}
