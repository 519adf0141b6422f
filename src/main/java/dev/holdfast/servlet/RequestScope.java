package dev.holdfast.servlet;

import dev.holdfast.codec.UnencodableValueException;
import dev.holdfast.security.SecurityEvent.Kind;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionConflictException;
import dev.holdfast.session.SessionManager;
import dev.holdfast.session.SessionManager.Commit;
import dev.holdfast.store.SessionStoreUnavailableException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request's dealings with its session, shared by all its dispatches and threads.
 *
 * <p>The session is looked up at first use and held until the last dispatch has ended. {@link
 * #save()} runs before the first byte can leave and again at the end; it is the only way to the
 * store's write side but {@link #invalidate}. Once the store has failed or refused, {@link
 * #refusal} decides the answer: whatever the application makes of the exception, nothing that
 * pretends success is sent, and no cookie.
 *
 * <p>Guarded by its monitor, which is held while Redis is waited for: threads of one request take
 * turns.
 */
final class RequestScope implements Supplier<@Nullable HttpServletResponse> {
  private final SessionBoundary boundary;
  private final SessionManager manager;
  private final SessionTracking tracking;

  /** The container's own request and response of the dispatch under way. */
  private HttpServletRequest request;

  private volatile HttpServletResponse response;
  private final ResponseCookie cookie;
  private final Refusal refusal;
  private final RequestedSession requested;
  private final RequestLogins logins;
  private final AsyncCycles async = new AsyncCycles(this);
  private final CommitGuard guard = new CommitGuard(this);

  private volatile @Nullable Session session;
  private boolean held;
  private boolean created;

  /**
   * Whether another request, another node or time ended the session while this request used it.
   * What it makes then is not stored and sends no cookie: the client may have a newer one.
   */
  private boolean endedByOthers;

  /** Whether the present id was made by this request, saved or not. */
  private boolean rotated;

  /** Whether this request has to send the present id. */
  private boolean ownsRotation;

  private boolean saved;
  private long savedUses;
  private boolean ended;

  /** Whether threads of the application have asked for the session. */
  private boolean asked;

  RequestScope(SessionBoundary boundary, HttpServletRequest request, HttpServletResponse response) {
    this.boundary = boundary;
    this.manager = boundary.manager();
    this.tracking = boundary.tracking();
    this.cookie = new ResponseCookie(tracking);
    this.refusal = new Refusal(boundary);
    this.requested = new RequestedSession(boundary);
    this.logins = new RequestLogins(this, boundary, refusal);
    this.request = request;
    this.response = response;
  }

  /** A dispatch begins, on this thread, with the container's request and response. */
  synchronized void enter(HttpServletRequest dispatched, HttpServletResponse dispatchedResponse) {
    request = dispatched;
    response = dispatchedResponse;
    ended = false;
    cookie.dispatchBegins();
    guard.partBegins();
    Session current = session;
    if (current != null && !held) {
      manager.retain(current, created || requested.counts(request));
      hold(current);
    }
  }

  /**
   * A dispatch has ended on this thread. What an asynchronous part makes of a response that was
   * refused, it makes in vain: {@code complete()} refuses it again.
   *
   * @param failed whether by an exception
   * @return whether the response was taken over, so that a failure of the application is not passed
   *     on
   */
  synchronized boolean leave(boolean failed) throws IOException {
    if (!request.isAsyncStarted()) {
      return end();
    }
    async.watch(request);
    guard.partBegins();
    return failed && refusal.orEscaped() != null && refusal.answer(request, response, cookie);
  }

  /** Whether a dispatch runs, or an asynchronous part, so that the response is this request's. */
  synchronized boolean isUnderWay() {
    return !ended;
  }

  /** The application let this through. */
  synchronized void escaped(Throwable failure) {
    if (!response.isCommitted()) {
      refusal.escaped(failure);
    }
  }

  /** For {@link OuterResponse}: the container's response, while it is this request's; else null. */
  @Override
  public synchronized @Nullable HttpServletResponse get() {
    return ended ? null : response;
  }

  /** The container's response of the dispatch under way. */
  HttpServletResponse response() {
    return response;
  }

  /** What all that is written passes. */
  CommitGuard guard() {
    return guard;
  }

  /** Whether the client can still be told an id. */
  synchronized boolean canSendCookie() {
    return !ended && !response.isCommitted();
  }

  /** The asynchronous part of the request. */
  AsyncCycles async() {
    return async;
  }

  /**
   * Whether this request is under way and {@code target} is its session; asks the store only if the
   * client sent what opens {@code target} and nobody has asked yet.
   */
  synchronized boolean holds(Session target) {
    if (ended) {
      return false;
    }
    if (session == null && !requested.isLookedUp()) {
      SessionToken token = id().onlyToken();
      return token != null && target.opensWith(token) && session(false) == target;
    }
    return session == target;
  }

  /** As {@link #session}, for the application: the thread that asks acts for this request. */
  @Nullable WebSession webSession(boolean create) {
    Session current = session(create);
    if (current == null) {
      return null;
    }
    WebSession facade = boundary.facade(current);
    synchronized (this) {
      if (!ended && boundary.acting().asked(this, facade.arrivals())) {
        asked = true;
      }
    }
    return facade;
  }

  private RequestedId id() {
    return requested.id(request);
  }

  /**
   * What {@code getRequestedSessionId} answers: the public id of a token, of the valid one if there
   * are several, else what the client sent.
   */
  synchronized @Nullable String requestedSessionId() {
    List<SessionToken> tokens = id().tokens();
    if (tokens.isEmpty()) {
      return id().raw();
    }
    if (tokens.size() > 1) {
      session(false);
    }
    SessionToken valid = requested.valid();
    return (valid == null ? tokens.get(0) : valid).publicId();
  }

  synchronized boolean isRequestedSessionIdFromUrl() {
    return id().fromUrl();
  }

  synchronized boolean isRequestedSessionIdFromCookie() {
    return !id().fromUrl() && id().raw() != null;
  }

  synchronized boolean isRequestedSessionIdValid() {
    if (id().tokens().isEmpty()) {
      return false;
    }
    Session current = session(false);
    SessionToken token = requested.valid();
    return current != null && token != null && current.opensWith(token);
  }

  /**
   * The session of this request.
   *
   * @throws SessionStoreUnavailableException when a token came, or a session is to be made, and the
   *     store is down
   * @throws IllegalStateException when a session is to be made after the response was committed
   */
  synchronized @Nullable Session session(boolean create) {
    Session current = session;
    if (current != null) {
      if (current.isValid()) {
        return current;
      }
      // Not when this request's thread has ended it, by its id or its user, or is telling
      // listeners.
      endedByOthers |= !current.isEndedByThisThread();
      letGo();
    }
    if (ended) {
      if (create) {
        throw new IllegalStateException("getSession: the request has ended");
      }
      return null;
    }
    RuntimeException refused = refusal.reason();
    if (refused != null) {
      if (request.getDispatcherType() != DispatcherType.ERROR) {
        throw refused;
      }
      // The error page of a failed request: nothing is tried again, but a page that insists gets a
      // session.
      if (!create) {
        return null;
      }
      Session unkept = use(manager.createUnkept(boundary.defaultTimeout()));
      manager.announce(unkept);
      return unkept;
    }
    try {
      if (!requested.isLookedUp()) {
        Session found = requested.join(request, response, cookie);
        if (found != null) {
          use(found);
          noticeLateUser(found);
        }
      }
      if (session != null || !create) {
        return session;
      }
      return create();
    } catch (SessionStoreUnavailableException e) {
      throw refusal.because(e);
    }
  }

  /** The session, unless nothing leads to one, or this is the error page of a failed request. */
  synchronized @Nullable Session sessionIfAny() {
    boolean isInVain =
        refusal.reason() != null && request.getDispatcherType() == DispatcherType.ERROR;
    boolean isNone = session == null && id().tokens().isEmpty();
    return isInVain || isNone ? null : session(false);
  }

  /** What this request has to do with logins. */
  RequestLogins logins() {
    return logins;
  }

  /** Whether there is a session or the client sent what may lead to one; asks nobody. */
  synchronized boolean mayHaveSession() {
    Session current = session;
    return current != null
        ? current.isValid()
        : !requested.isLookedUp() && !id().tokens().isEmpty();
  }

  /** Before the first byte there is a save to notice the user of the container. */
  private void noticeLateUser(Session joined) {
    if (response.isCommitted()) {
      logins.noticeUser(joined, request);
    }
  }

  private Session create() {
    if (response.isCommitted()) {
      throw new IllegalStateException(
          "getSession: the response is committed, so the cookie of a new session cannot be sent any"
              + " more; call getSession before writing the body");
    }
    Duration timeout = boundary.defaultTimeout();
    boolean outdated = requested.isRotatedAway() || endedByOthers;
    Session made = outdated ? manager.createUnkept(timeout) : manager.create(timeout);
    use(made);
    created = true;
    logins.begin(made);
    if (made.isKept()) {
      cookie.send(request, response, made.token());
    }
    manager.announce(made);
    return made;
  }

  private Session use(Session next) {
    session = next;
    saved = false;
    hold(next);
    return next;
  }

  private void hold(Session next) {
    held = true;
    boundary.facade(next).attach(this);
  }

  /** Ends the hold on the session; the session stays known to the scope. */
  private void release(Session current) {
    if (held) {
      held = false;
      boundary.facade(current).detach(this);
      manager.release(current, created || requested.counts(request));
    }
  }

  private void letGo() {
    Session current = session;
    if (current != null) {
      release(current);
      session = null;
      created = false;
      rotated = false;
    }
  }

  /** Ends the session at once, everywhere, and expires the cookie. */
  synchronized void invalidate(Session target) {
    boolean current = target == session && !ended;
    try {
      manager.invalidate(target);
    } catch (SessionStoreUnavailableException e) {
      throw refusal.because(e);
    }
    // A listener may have looked for the session in vain, or have made the next one.
    if (current && (session == target || session == null)) {
      letGo();
      cookie.expire(request, response);
      ContainerLogins.ended(request);
    }
  }

  /** Gives the session a new id; the cookie follows when the change is stored. */
  synchronized String changeSessionId() {
    Session current = session(false);
    if (current == null) {
      throw new IllegalStateException("changeSessionId: there is no session");
    }
    if (!canSendCookie()) {
      throw new IllegalStateException(
          "changeSessionId: the response is committed, so the client could not be told the new id");
    }
    rotate(current, "changeSessionId()");
    return current.id();
  }

  private void rotate(Session current, String reason) {
    manager.rotate(current);
    ownsRotation = true;
    rotated = true;
    boundary.security().report(Kind.ID_ROTATED, current.locator(), "new id: " + reason);
  }

  /**
   * Somebody logs in, or may do other things from now on. Gives the session a new id, unless this
   * request has made the one it has, which nobody else can know.
   *
   * @param what tells so
   * @param login whether the user is another one
   */
  synchronized void privilegesChange(Session target, String what, boolean login) {
    if (target != session || !target.isKept() || !target.isValid()) {
      return;
    }
    if (!created && !rotated) {
      if (!canSendCookie()) {
        endAtLateLogin(target, what);
        return;
      }
      rotate(target, what);
    }
    if (login) {
      logins.startFresh(target, created);
    }
  }

  private void endAtLateLogin(Session target, String what) {
    try {
      boundary.endAtLateLogin(target, what);
    } catch (SessionStoreUnavailableException e) {
      throw refusal.because(e);
    } finally {
      letGo();
    }
  }

  /** As {@link #save}, but nothing when the session has not been used since the last time. */
  void beforeFirstByte() {
    Session current = session;
    if (refusal.reason() != null || (current != null && !(saved && savedUses == current.uses()))) {
      save();
    } else if (cookie.isInResponse()) {
      keepOutOfCaches();
    }
  }

  private synchronized void keepOutOfCaches() {
    if (!ended) {
      cookie.keepOutOfCaches(response);
    }
  }

  /** As {@link #save}; what cannot be saved is answered by the refusal if it is not too late. */
  synchronized void saveOrRefuse() {
    try {
      save();
    } catch (SessionStoreUnavailableException
        | SessionConflictException
        | UnencodableValueException e) {
      try {
        if (!response.isCommitted()) {
          refuseTo(response);
        }
      } catch (IOException io) {
        throw new UncheckedIOException(io);
      }
    }
  }

  /**
   * Stores all that is pending and puts the cookie into the response, before the first byte leaves.
   *
   * @throws SessionStoreUnavailableException or {@link SessionConflictException}, or {@link
   *     UnencodableValueException} for a value that has come to hold what cannot be stored, now and
   *     from then on; the response may not be sent
   */
  synchronized void save() {
    if (ended) {
      return;
    }
    store();
  }

  private void store() {
    RuntimeException refused = refusal.reason();
    if (refused != null) {
      if (request.getDispatcherType() == DispatcherType.ERROR) {
        return;
      }
      throw refused;
    }
    Session current = session;
    if (current != null && held) {
      save(current);
    }
    cookie.keepOutOfCaches(response);
  }

  private void save(Session current) {
    SessionToken presented = requested.valid();
    if (!saved && current.isValid() && !response.isCommitted()) {
      logins.noticeUser(current, request);
      if (presented != null) {
        manager.renewIfDue(current, presented);
      }
    }
    long uses = current.uses();
    try {
      Commit outcome = manager.commit(current, requested.counts(request));
      saved = true;
      savedUses = uses;
      if (outcome == Commit.GONE || !current.isValid()) {
        cookie.withdraw(response);
      } else if (ownsRotation && current.isKept()) {
        ownsRotation = false;
        cookie.send(request, response, current.token());
      } else if (presented != null && current.renewed(presented)) {
        cookie.send(request, response, current.token());
      }
    } catch (SessionStoreUnavailableException
        | SessionConflictException
        | UnencodableValueException e) {
      throw refusal.because(e);
    }
  }

  /** The application has cleared or replaced the headers; the cookie is still due. */
  synchronized void resendCookie() {
    if (!ended) {
      cookie.again(request, response);
    }
  }

  /**
   * {@code url} with this session's token, when URLs are rewritten and the client did not come with
   * a cookie.
   */
  synchronized String encode(String url) {
    String parameter = tracking.urlParameter();
    if (parameter == null || ended || refusal.reason() != null) {
      return url;
    }
    Session current = session;
    boolean knownByCookie = !id().tokens().isEmpty() && !id().fromUrl();
    if (current == null || !current.isValid() || !current.isKept() || knownByCookie) {
      return url;
    }
    SessionToken presented = requested.valid();
    SessionToken token = current.knowsToken() ? current.token() : presented;
    return token == null
        ? url
        : UrlTracking.encode(url, parameter, token, request, boundary.context().getContextPath());
  }

  /** The token of the session, which is stored with all that is pending; null without a session. */
  synchronized @Nullable SessionToken storedToken() {
    Session current = session(false);
    if (current == null || !current.isKept()) {
      return null;
    }
    save();
    return current.isValid() ? current.token() : null;
  }

  /** The public id of the session, else what the client sent; null without either. */
  synchronized @Nullable String requestedOrCurrentId() {
    Session current = session(false);
    return current == null ? requestedSessionId() : current.id();
  }

  /**
   * The last dispatch of the request has ended: saves, lets the session go, and answers for a store
   * that failed. Does nothing when called again.
   *
   * @return as {@link #leave}
   */
  synchronized boolean end() throws IOException {
    if (ended) {
      return false;
    }
    boolean isErrorDispatch = request.getDispatcherType() == DispatcherType.ERROR;
    boolean refusedBefore = refusal.reason() != null;
    try {
      store();
    } catch (SessionStoreUnavailableException
        | SessionConflictException
        | UnencodableValueException e) {
      // Kept as the refusal; answered below.
    } finally {
      ended = true;
      if (asked) {
        boundary.acting().forget(this);
      }
      Session current = session;
      if (current != null) {
        if (created) {
          manager.creatingRequestEnded(current);
        }
        manager.endUnkept(current);
        release(current);
      } else if (!requested.isLookedUp()) {
        touchUnused();
      }
    }
    RuntimeException refused = refusal.orEscaped();
    if (refused == null || (isErrorDispatch && refusedBefore)) {
      return false;
    }
    return refusal.answer(request, response, cookie);
  }

  /** The request carried an id and left the session alone: an access all the same. */
  private void touchUnused() {
    SessionToken token = id().onlyToken();
    if (token != null && requested.counts(request)) {
      manager.touch(token);
    }
  }

  /** Turns the response into 503 or 409; no cookie of ours, no page of the application. */
  void refuseTo(HttpServletResponse target) throws IOException {
    refusal.sendTo(target, request, cookie);
  }

  synchronized @Nullable RuntimeException refusal() {
    return refusal.reason();
  }

  SessionBoundary boundary() {
    return boundary;
  }

  ResponseCookie cookie() {
    return cookie;
  }
}
