package dev.holdfast.servlet;

import dev.holdfast.session.Session;
import dev.holdfast.session.SessionManager;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The session that a request uses, and what the request has done to it so far. Guarded by the
 * request's scope; only {@link #isUnsaved} is asked without its lock, before each write of the
 * response.
 */
final class UsedSession {
  private static final long NEVER = -1;

  private final RequestScope scope;
  private final SessionManager manager;
  private final Function<Session, WebSession> facades;

  private volatile @Nullable Session session;
  private boolean held;
  private boolean created;

  /** Whether the present id was made by this request, saved or not. */
  private boolean rotated;

  /** Whether this request has to send the present id. */
  private boolean owesId;

  /** Uses of the session when it was last saved, or {@link #NEVER}. */
  private volatile long savedUses = NEVER;

  /**
   * For one request.
   *
   * @param facades finds or makes the {@code HttpSession} of a session
   */
  UsedSession(RequestScope scope, SessionManager manager, Function<Session, WebSession> facades) {
    this.scope = scope;
    this.manager = manager;
    this.facades = facades;
  }

  /** The session; null before there is one, and when it was let go. */
  @Nullable Session get() {
    return session;
  }

  /** Goes on with a session, which the manager has handed out and so holds for this request. */
  void use(Session next) {
    // In this order: whoever sees the session must not take the last one's save for its own.
    savedUses = NEVER;
    session = next;
    hold(next);
  }

  /** Goes on with a session whose id the client does not know yet. */
  void lead(Session next) {
    use(next);
    owesId = true;
  }

  /** Goes on with a session that this request has made. */
  void create(Session made) {
    use(made);
    created = true;
  }

  /** Holds the session again at the next dispatch, if the last one has released it. */
  void holdAgain(boolean access) {
    Session current = session;
    if (current != null && !held) {
      manager.retain(current, created || access);
      hold(current);
    }
  }

  private void hold(Session next) {
    held = true;
    facades.apply(next).attach(scope);
  }

  /** Ends the hold on the session; it stays that of the request. */
  void release(boolean access) {
    Session current = session;
    if (current != null && held) {
      held = false;
      facades.apply(current).detach(scope);
      manager.release(current, created || access);
    }
  }

  /** Ends the hold, and the request has no session any more. */
  void letGo(boolean access) {
    if (session != null) {
      release(access);
      session = null;
      created = false;
      rotated = false;
    }
  }

  boolean isHeld() {
    return held;
  }

  /** Whether this request has made the session. */
  boolean isCreated() {
    return created;
  }

  /** The session has got a new id, which the client has to be told once it is stored. */
  void rotated() {
    rotated = true;
    owesId = true;
  }

  /** Whether this request has made the present id, so that nobody else can know it. */
  boolean hasIdOfThisRequest() {
    return created || rotated;
  }

  /** Whether the client has to be told a new id, which the caller does now. */
  boolean takeOwedId() {
    boolean owed = owesId;
    owesId = false;
    return owed;
  }

  /** The session was saved. */
  void saved(long uses) {
    savedUses = uses;
  }

  /** Whether it was saved since this request has it. */
  boolean isSaved() {
    return savedUses != NEVER;
  }

  /** Whether it was used since it was last saved. */
  boolean isUnsaved() {
    Session current = session;
    return current != null && savedUses != current.uses();
  }
}
