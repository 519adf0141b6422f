package dev.holdfast.servlet;

import dev.holdfast.api.SecurityEvent.Kind;
import dev.holdfast.api.SessionConflictException;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.api.UnencodableValueException;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.HeldLock;
import dev.holdfast.session.Join;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionManager;
import dev.holdfast.session.SessionManager.Commit;
import dev.holdfast.session.Takeovers.Led;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
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
  private final WebApplication application;
  private final SessionManager manager;
  private final Function<Session, WebSession> facades;
  private final @Nullable OldSessions oldSessions;
  private final ActingRequests acting;

  /** The container's own request and response of the dispatch under way. */
  private HttpServletRequest request;

  private volatile HttpServletResponse response;
  private final ResponseCookie cookie;
  private final Refusal refusal;
  private final RequestedSession requested;
  private final RequestLogins logins;
  private final AsyncCycles async = new AsyncCycles();
  private final CommitGuard guard;

  private final UsedSession used;

  /**
   * Whether another request, another node or time ended the session while this request used it. A
   * session that it makes then is not stored and sends no cookie: the client may have a newer one.
   */
  private boolean endedByOthers;

  private boolean ended;

  /** Whether threads of the application have asked for the session. */
  private boolean asked;

  /** What log lines of this request name; null when they name nothing. */
  private final @Nullable NamesOfRequest names;

  /**
   * @param facades finds or makes the {@code HttpSession} of a session
   * @param oldSessions from before Holdfast, which go on here; null when none do
   * @param acting learns which threads act for this request
   */
  RequestScope(
      WebApplication application,
      Function<Session, WebSession> facades,
      @Nullable OldSessions oldSessions,
      ActingRequests acting,
      HttpServletRequest request,
      HttpServletResponse response) {
    this.application = application;
    this.manager = application.manager();
    this.facades = facades;
    this.oldSessions = oldSessions;
    this.acting = acting;
    this.used = new UsedSession(this, manager, facades);
    this.request = request;
    this.response = response;
    this.cookie = ResponseCookie.of(application.tracking());
    this.refusal = new Refusal(application.refused());
    this.requested = new RequestedSession(application);
    this.logins = new RequestLogins(this, application, refusal);
    this.guard = new CommitGuard(response, this::beforeFirstByte);
    LogContext log = acting.log();
    this.names = log == null ? null : new NamesOfRequest(log);
    reviewNames();
  }

  /** What log lines of this request name. Never waits, not even for another thread. */
  LogContext.Names names() {
    return names == null ? LogContext.Names.NOBODY : names.present();
  }

  /** Called when the session, or who uses it, may be another than before. */
  synchronized void reviewNames() {
    if (names == null || ended) {
      return;
    }
    Session current = used.get();
    // Until it is known whether what the client sent leads to a session: to ask would be a wait.
    SessionToken sent = current == null && !requested.isLookedUp() ? id().onlyToken() : null;
    if (names.review(current, sent)) {
      acting.showNames(this);
    }
  }

  /** Called when a dispatch begins, on this thread, with the container's request and response. */
  synchronized void enter(HttpServletRequest dispatched, HttpServletResponse dispatchedResponse) {
    request = dispatched;
    response = dispatchedResponse;
    ended = false;
    cookie.dispatchBegins();
    guard.partBegins(response);
    used.holdAgain(requested.counts(request));
  }

  /**
   * Takes the lock of the session, before anything of the application runs, if this is a request
   * that does. An error page that the container shows when the request has ended takes it anew.
   * While it waits it holds no monitor: that would keep a thread from running others on it if this
   * one is virtual.
   *
   * @return whether the application may run; if not, the request is answered as one that has no
   *     access to its session
   */
  boolean lock() {
    try {
      SessionToken token = toLock();
      if (token != null) {
        locked(token, manager.joinLocked(token, requested.counts(request)));
      }
      return true;
    } catch (SessionStoreUnavailableException e) {
      synchronized (this) {
        if (refusal.reason() == null) {
          RuntimeException unused = refusal.because(e);
        }
      }
      return false;
    }
  }

  /**
   * The token of the session whose lock this request is to take; null for none. If the request has
   * the session already, it lets it go, to read it anew under the lock.
   */
  private synchronized @Nullable SessionToken toLock() {
    if (!requested.locks(request) || requested.lock() != null || refusal.reason() != null) {
      return null;
    }
    List<SessionToken> tokens = id().tokens();
    if (used.get() == null && !requested.isLookedUp() && tokens.size() == 1) {
      return tokens.get(0);
    }
    // Of several, the one that leads to a session: locks of two could be waited for in a circle.
    Session current = tokens.isEmpty() ? used.get() : session(false);
    if (current == null || !current.isKept() || used.isCreated()) {
      return null;
    }
    SessionToken token = current.knowsToken() ? current.token() : requested.valid();
    if (token != null) {
      letGo();
    }
    return token;
  }

  private synchronized void locked(SessionToken token, Join join) {
    found(requested.joined(token, join, request));
  }

  /** Goes on with what the client's id has led to, which may be nothing. */
  private void found(@Nullable Session found) {
    if (found != null) {
      use(found);
      noticeLateUser(found);
    } else if (!tookOver()) {
      reviewNames();
    }
  }

  /**
   * Called when a dispatch has ended on this thread. What an asynchronous part writes into a
   * response that was refused is dropped: {@code complete()} refuses it again.
   *
   * @param failed whether it has ended with an exception
   * @param watch waits for the end of an asynchronous cycle that was begun on the unwrapped request
   * @return whether the response was taken over, so that a failure of the application is not passed
   *     on
   */
  synchronized boolean leave(boolean failed, BiConsumer<HttpServletRequest, RequestScope> watch)
      throws IOException {
    if (!request.isAsyncStarted()) {
      return end();
    }
    watch.accept(request, this);
    guard.partBegins(response);
    return failed && refusal.orEscaped() != null && refusal.answer(request, response, cookie);
  }

  /** Whether a dispatch runs, or an asynchronous part, so that the response is this request's. */
  synchronized boolean isUnderWay() {
    return !ended;
  }

  /** Notes an exception that the application let through. */
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

  /** The guard that all that is written passes. */
  CommitGuard guard() {
    return guard;
  }

  /** Whether the client can still be told an id. */
  synchronized boolean canSendCookie() {
    return !ended && !response.isCommitted();
  }

  /** What the asynchronous cycles of the request have in common. */
  AsyncCycles async() {
    return async;
  }

  /** Runs what belongs to the request on this thread. */
  <E extends Exception> void act(ActingRequests.Task<E> task) throws E {
    acting.run(this, task);
  }

  /**
   * Whether this request is under way and {@code target} is its session; asks the store only if the
   * client sent what opens {@code target} and nobody has asked yet.
   */
  synchronized boolean holds(Session target) {
    if (ended) {
      return false;
    }
    if (used.get() == null && !requested.isLookedUp()) {
      SessionToken token = id().onlyToken();
      return token != null && target.opensWith(token) && session(false) == target;
    }
    return used.get() == target;
  }

  /** As {@link #session}, for the application: the thread that asks acts for this request. */
  @Nullable WebSession webSession(boolean create) {
    Session current = session(create);
    if (current == null) {
      return null;
    }
    WebSession facade = facades.apply(current);
    synchronized (this) {
      if (!ended && acting.asked(this, facade.arrivals())) {
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
    Session current = used.get();
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
      Session unkept = manager.createUnkept(application.defaultTimeout());
      use(unkept);
      manager.announce(unkept);
      return unkept;
    }
    try {
      if (!requested.isLookedUp()) {
        found(requested.join(request, response, cookie));
      }
      return used.get() != null || !create ? used.get() : create();
    } catch (SessionStoreUnavailableException e) {
      throw refusal.because(e);
    }
  }

  /**
   * Goes on with a session from before Holdfast, if the client asks for one and can be told the new
   * id.
   */
  private boolean tookOver() {
    OldSessions old = oldSessions;
    if (old == null
        || id().tokens().size() > 1
        || requested.isRotatedAway()
        || response.isCommitted()) {
      return false;
    }
    Led led = old.lead(request, response);
    if (led == null) {
      return false;
    }
    used.lead(led.session());
    requested.leadsTo(led.token());
    reviewNames();
    old.announce(led);
    return true;
  }

  /**
   * Takes a session from before Holdfast over before the application sees the request.
   *
   * @return whether that is the session of this request now
   */
  synchronized boolean takeOver() {
    OldSessions old = oldSessions;
    return old != null
        && request.getDispatcherType() != DispatcherType.ERROR
        && id().tokens().isEmpty()
        && old.areAskedFor(request)
        && session(false) != null;
  }

  /** The session, unless nothing leads to one, or this is the error page of a failed request. */
  synchronized @Nullable Session sessionIfAny() {
    boolean isInVain =
        refusal.reason() != null && request.getDispatcherType() == DispatcherType.ERROR;
    boolean isNone = used.get() == null && id().tokens().isEmpty();
    return isInVain || isNone ? null : session(false);
  }

  /** What this request has to do with logins. */
  RequestLogins logins() {
    return logins;
  }

  /** Whether there is a session or the client sent what may lead to one; asks nobody. */
  synchronized boolean mayHaveSession() {
    Session current = used.get();
    return current != null
        ? current.isValid()
        : !requested.isLookedUp() && !id().tokens().isEmpty();
  }

  /** Notices the container's user if the response is committed; before that, the save does. */
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
    Duration timeout = application.defaultTimeout();
    boolean outdated = requested.isRotatedAway() || endedByOthers;
    Session made = outdated ? manager.createUnkept(timeout) : manager.create(timeout);
    used.create(made);
    logins.begin(made);
    reviewNames();
    if (made.isKept()) {
      cookie.send(request, response, made.token());
    }
    manager.announce(made);
    return made;
  }

  private void use(Session next) {
    used.use(next);
    reviewNames();
  }

  private void letGo() {
    used.letGo(requested.counts(request));
    reviewNames();
  }

  /** Ends the session at once, everywhere, and expires the cookie. */
  synchronized void invalidate(Session target) {
    boolean current = target == used.get() && !ended;
    try {
      manager.invalidate(target);
    } catch (SessionStoreUnavailableException e) {
      throw refusal.because(e);
    }
    // A listener may have looked for the session in vain, or have made the next one.
    if (current && (used.get() == target || used.get() == null)) {
      letGo();
      cookie.expire(request, response);
      LoginTie.ended(request);
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
    used.rotated();
    application.security().report(Kind.ID_ROTATED, current.locator(), "new id: " + reason);
  }

  /**
   * Handles a login or a change of privileges. Gives the session a new id, unless this request has
   * made the one it has, which nobody else can know.
   *
   * @param what what tells of it, for messages
   * @param login whether the user changes
   */
  synchronized void privilegesChange(Session target, String what, boolean login) {
    if (target != used.get() || !target.isKept() || !target.isValid()) {
      return;
    }
    if (!used.hasIdOfThisRequest()) {
      if (!canSendCookie()) {
        endAtLateLogin(target, what);
        return;
      }
      rotate(target, what);
    }
    if (login) {
      logins.startFresh(target, used.isCreated());
    }
  }

  private void endAtLateLogin(Session target, String what) {
    try {
      application.endAtLateLogin(target, what);
    } catch (SessionStoreUnavailableException e) {
      throw refusal.because(e);
    } finally {
      letGo();
    }
  }

  /** As {@link #save}, but does nothing when the session has not been used since the last time. */
  void beforeFirstByte() {
    if (refusal.reason() != null || used.isUnsaved()) {
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
   * Once this has thrown, it throws the same on each call, and the response may not be sent.
   *
   * @throws SessionStoreUnavailableException when the store fails
   * @throws SessionConflictException when another node was first
   * @throws UnencodableValueException when a value has come to hold what cannot be stored
   */
  synchronized void save() {
    if (ended) {
      return;
    }
    store(false);
  }

  /**
   * @param last whether the request has ended
   */
  private void store(boolean last) {
    RuntimeException refused = refusal.reason();
    if (refused != null) {
      if (request.getDispatcherType() == DispatcherType.ERROR) {
        return;
      }
      throw refused;
    }
    Session current = used.get();
    if (current != null && used.isHeld()) {
      save(current, last);
    }
    cookie.keepOutOfCaches(response);
  }

  private void save(Session current, boolean last) {
    SessionToken presented = requested.valid();
    if (!used.isSaved() && current.isValid() && !response.isCommitted()) {
      logins.noticeUser(current, request);
      if (presented != null) {
        manager.renewIfDue(current, presented);
      }
    }
    long uses = current.uses();
    try {
      HeldLock lock = requested.lock();
      boolean counts = requested.counts(request);
      Commit outcome =
          lock == null
              ? manager.commit(current, counts)
              : manager.commit(current, counts, lock, last);
      used.saved(uses);
      if (outcome == Commit.GONE || !current.isValid()) {
        reviewNames();
        cookie.withdraw(response);
      } else if (current.isKept() && used.takeOwedId()) {
        // Not to whoever was led here by an old id if the session has had a login since.
        if (used.hasIdOfThisRequest() || (presented != null && current.opensWith(presented))) {
          cookie.send(request, response, current.token());
        }
      } else if (presented != null && current.renewed(presented)) {
        cookie.send(request, response, current.token());
      } else if (presented != null) {
        cookie.staysHere(request, response, current, presented);
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
   *
   * @throws SessionStoreUnavailableException when a token came by URL and the store is down
   */
  synchronized String encode(String url) {
    SessionTracking tracking = application.tracking();
    String parameter = tracking.urlParameter();
    if (parameter == null || ended || refusal.reason() != null || cameByCookie()) {
      return url;
    }
    Session current = session(false);
    if (current == null || !current.isKept()) {
      return url;
    }
    SessionToken presented = requested.valid();
    SessionToken token = current.knowsToken() ? current.token() : presented;
    return token == null
        ? url
        : UrlTracking.encode(
            url,
            parameter,
            token,
            tracking.suffix(),
            request,
            application.context().getContextPath());
  }

  private boolean cameByCookie() {
    return !id().tokens().isEmpty() && !id().fromUrl();
  }

  /** Stores all that is pending and gives the token of the session; null without a session. */
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
      store(true);
    } catch (SessionStoreUnavailableException
        | SessionConflictException
        | UnencodableValueException e) {
      // Kept as the refusal; answered below.
    } finally {
      try {
        endUse();
      } finally {
        requested.unlock();
      }
    }
    RuntimeException refused = refusal.orEscaped();
    if (refused == null || (isErrorDispatch && refusedBefore)) {
      return false;
    }
    return refusal.answer(request, response, cookie);
  }

  private void endUse() {
    ended = true;
    guard.requestEnded();
    if (asked) {
      acting.forget(this);
    }
    Session current = used.get();
    if (current != null) {
      if (used.isCreated()) {
        manager.creatingRequestEnded(current);
      }
      manager.endUnkept(current);
      used.release(requested.counts(request));
    } else if (!requested.isLookedUp()) {
      touchUnused();
    }
  }

  /** Records an access for a request that carried an id and left the session alone. */
  private void touchUnused() {
    SessionToken token = id().onlyToken();
    if (token != null && requested.counts(request)) {
      manager.touch(token);
    }
  }

  /** Turns the response into 503, 409 or 500; no cookie of ours, no page of the application. */
  void refuseTo(HttpServletResponse target) throws IOException {
    refusal.sendTo(target, request, cookie);
  }

  synchronized @Nullable RuntimeException refusal() {
    return refusal.reason();
  }

  WebApplication application() {
    return application;
  }

  ResponseCookie cookie() {
    return cookie;
  }
}
