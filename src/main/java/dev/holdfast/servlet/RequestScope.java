package dev.holdfast.servlet;

import dev.holdfast.config.Settings;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.security.SecurityEvent.Kind;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.Join;
import dev.holdfast.session.Login;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionConflictException;
import dev.holdfast.session.SessionManager;
import dev.holdfast.session.SessionManager.Commit;
import dev.holdfast.session.TooManySessionsException;
import dev.holdfast.store.SessionStoreUnavailableException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
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
final class RequestScope implements Supplier<HttpServletResponse> {
  private final SessionBoundary boundary;
  private final SessionManager manager;
  private final SessionTracking tracking;
  private final Settings settings;
  private final Metrics metrics;

  /** The container's own request and response of the dispatch under way. */
  private HttpServletRequest request;

  private HttpServletResponse response;
  private volatile @Nullable Thread thread;

  private final ResponseCookie cookie;
  private @Nullable RequestedId requested;
  private @Nullable Boolean counts;
  private boolean lookedUp;
  private boolean rotatedAway;
  private @Nullable SessionToken valid;

  private volatile @Nullable Session session;
  private boolean held;
  private boolean created;

  /** Whether the present id was made by this request, saved or not. */
  private boolean rotated;

  /** Whether this request has to send the present id. */
  private boolean ownsRotation;

  /** Names of attributes that this request has set; kept with {@code rotate.mode=fresh} only. */
  private final Set<String> set = new HashSet<>();

  private @Nullable Login loginBeforeSession;
  private boolean saved;
  private long savedUses;
  private @Nullable RuntimeException refusal;
  private @Nullable RuntimeException escaped;
  private boolean ended;

  RequestScope(SessionBoundary boundary, HttpServletRequest request, HttpServletResponse response) {
    this.boundary = boundary;
    this.manager = boundary.manager();
    this.tracking = boundary.tracking();
    this.settings = boundary.settings();
    this.metrics = boundary.metrics();
    this.cookie = new ResponseCookie(tracking);
    this.request = request;
    this.response = response;
  }

  /** A dispatch begins, on this thread, with the container's request and response. */
  synchronized void enter(HttpServletRequest dispatched, HttpServletResponse dispatchedResponse) {
    request = dispatched;
    response = dispatchedResponse;
    thread = Thread.currentThread();
    ended = false;
    Session current = session;
    if (current != null && !held) {
      manager.retain(current, created || counts());
      hold(current);
    }
  }

  /**
   * A dispatch has ended on this thread.
   *
   * @return whether the response was taken over, so that a failure of the application is not passed
   *     on
   */
  synchronized boolean leave() throws IOException {
    if (request.isAsyncStarted() && refusal == null) {
      thread = null;
      return false;
    }
    return end();
  }

  /**
   * The application let this through. When it is the store's failure in something else than this
   * request's own session, as {@code Sessions} has it, what the request did to that is saved all
   * the same, as after any other exception, and the answer is 503.
   */
  synchronized void escaped(Throwable failure) {
    Throwable reason = failure;
    while (reason instanceof ServletException && reason.getCause() != null) {
      reason = reason.getCause();
    }
    if (reason instanceof SessionStoreUnavailableException e && !response.isCommitted()) {
      escaped = e;
    }
  }

  /** For {@link OuterResponse}: the container's response. */
  @Override
  public synchronized HttpServletResponse get() {
    return response;
  }

  boolean isOnThisThread() {
    return thread == Thread.currentThread();
  }

  /** Whether this request keeps its session alive; the same for all dispatches. */
  private boolean counts() {
    Boolean known = counts;
    if (known == null) {
      known = !boundary.passive().matches(request);
      counts = known;
    }
    return known;
  }

  /** What the client sent; the same for all dispatches. */
  private RequestedId requested() {
    RequestedId found = requested;
    if (found == null) {
      found = RequestedId.read(tracking, request);
      requested = found;
    }
    return found;
  }

  /**
   * What {@code getRequestedSessionId} answers: the public id of a token, of the valid one if there
   * are several, else what the client sent.
   */
  synchronized @Nullable String requestedSessionId() {
    List<SessionToken> tokens = requested().tokens();
    if (tokens.isEmpty()) {
      return requested().raw();
    }
    if (tokens.size() > 1) {
      session(false);
    }
    return (valid == null ? tokens.get(0) : valid).publicId();
  }

  synchronized boolean isRequestedSessionIdFromUrl() {
    return requested().fromUrl();
  }

  synchronized boolean isRequestedSessionIdFromCookie() {
    return !requested().fromUrl() && requested().raw() != null;
  }

  synchronized boolean isRequestedSessionIdValid() {
    if (requested().tokens().isEmpty()) {
      return false;
    }
    Session current = session(false);
    SessionToken token = valid;
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
      letGo();
    }
    RuntimeException refused = refusal;
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
      if (!lookedUp) {
        lookedUp = true;
        lookUp();
      }
      if (session != null || !create) {
        return session;
      }
      return create();
    } catch (SessionStoreUnavailableException e) {
      throw refuse(e);
    }
  }

  /** Whether there is a session or the client sent what may lead to one; asks nobody. */
  synchronized boolean mayHaveSession() {
    Session current = session;
    return current != null ? current.isValid() : !lookedUp && !requested().tokens().isEmpty();
  }

  private void lookUp() {
    if (requested().isCrowded()) {
      refuseAmbiguity(null, "too many to look up");
      return;
    }
    List<Session> joined = new ArrayList<>(1);
    try {
      for (SessionToken token : requested().tokens()) {
        Join join = manager.join(token, counts());
        rotatedAway |= join.rotatedAway();
        Session found = join.session();
        if (found != null) {
          joined.add(found);
          valid = token;
        }
      }
    } catch (SessionStoreUnavailableException e) {
      joined.forEach(found -> manager.release(found, counts()));
      throw e;
    }
    if (joined.size() == 1) {
      use(joined.get(0));
      if (requested().values() > 1) {
        boundary
            .security()
            .report(
                Kind.SPARE_IDS,
                joined.get(0).locator(),
                requested().values()
                    + " cookies "
                    + tracking.cookie().name()
                    + ", of which one leads to a live session, which is used");
      }
    } else if (joined.size() > 1) {
      // Two live sessions: one may be planted. Neither is used, and the cookie we can reach goes.
      joined.forEach(found -> manager.release(found, counts()));
      valid = null;
      refuseAmbiguity(joined.get(0).locator(), joined.size() + " lead to live sessions");
    }
  }

  private void refuseAmbiguity(@Nullable String locator, String why) {
    metrics.count(Counter.DUPLICATE_TOKENS);
    boundary
        .security()
        .report(
            Kind.DUPLICATE_IDS,
            locator,
            requested().values()
                + " cookies "
                + tracking.cookie().name()
                + ", "
                + why
                + "; the request counts as anonymous");
    cookie.expire(request, response);
  }

  private Session create() {
    if (response.isCommitted()) {
      throw new IllegalStateException(
          "getSession: the response is committed, so the cookie of a new session cannot be sent any more;"
              + " call getSession before writing the body");
    }
    Duration timeout = boundary.defaultTimeout();
    Session made = rotatedAway ? manager.createUnkept(timeout) : manager.create(timeout);
    use(made);
    created = true;
    Login before = loginBeforeSession;
    if (before != null) {
      made.login(before);
    }
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
      manager.release(current, created || counts());
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
    boolean current = target == session;
    try {
      manager.invalidate(target);
    } catch (SessionStoreUnavailableException e) {
      throw refuse(e);
    }
    // A listener may have looked for the session in vain, or have made the next one.
    if (current && (session == target || session == null)) {
      letGo();
      cookie.expire(request, response);
    }
  }

  /** Gives the session a new id; the cookie follows when the change is stored. */
  synchronized String changeSessionId() {
    Session current = session(false);
    if (current == null) {
      throw new IllegalStateException("changeSessionId: there is no session");
    }
    if (response.isCommitted()) {
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

  /** The application sets this attribute. */
  synchronized void sets(String name) {
    set.add(name);
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
      if (response.isCommitted()) {
        endAtLateLogin(target, what);
        return;
      }
      rotate(target, what);
    }
    if (login) {
      startFresh(target);
    }
  }

  private void endAtLateLogin(Session target, String what) {
    try {
      boundary.endAtLateLogin(target, what);
    } catch (SessionStoreUnavailableException e) {
      throw refuse(e);
    } finally {
      letGo();
    }
  }

  /** With {@code rotate.mode=fresh}: what an attacker may have put into the session goes. */
  private void startFresh(Session target) {
    LoginWatch logins = boundary.logins();
    if (!logins.startsFresh() || created) {
      return;
    }
    for (String name : target.attributeNames()) {
      if (!set.contains(name) && !logins.survives(name)) {
        target.removeAttribute(name);
      }
    }
  }

  /**
   * Asks for a place before a login is kept, where a user may have so many sessions only.
   *
   * @throws dev.holdfast.session.LoginRefusedException when there is none
   */
  synchronized void requirePlace(String user, boolean createSession) {
    Session current = session(createSession && !response.isCommitted());
    try {
      if (current != null) {
        manager.requirePlace(current, user);
      }
    } catch (SessionStoreUnavailableException e) {
      throw refuse(e);
    }
  }

  /**
   * Remembers a login that the container has just confirmed and gives the session a new id (ASVS
   * 7.2.4).
   */
  synchronized void loggedIn(Login login, boolean createSession) {
    Session current = session(createSession && !response.isCommitted());
    if (current == null) {
      loginBeforeSession = login;
      return;
    }
    Login known = current.login();
    if (!login.equals(known)) {
      boolean another = known == null || !known.name().equals(login.name());
      privilegesChange(current, "the container's user", another);
      if (current.isValid()) {
        current.login(login);
      }
    }
  }

  synchronized void loggedOut() {
    loginBeforeSession = null;
    Session current = session(false);
    Login known = current == null ? null : current.login();
    if (current != null && known != null && !known.isByAttribute()) {
      current.login(null);
      boundary.logins().reconsider(current);
    }
  }

  /** The user of a programmatic login of this session, or null. */
  synchronized @Nullable Login lastingLogin() {
    if (session == null && requested().tokens().isEmpty()) {
      return null;
    }
    if (refusal != null && request.getDispatcherType() == DispatcherType.ERROR) {
      return null;
    }
    Session current = session(false);
    Login login = current == null ? null : current.login();
    return login != null && login.lasting() ? login : null;
  }

  /**
   * A user whom the container names and the session does not know yet: the id changes with the
   * privileges.
   */
  private void noticeUser(Session current) {
    String user = boundary.logins().isOn() ? request.getRemoteUser() : null;
    if (user == null) {
      return;
    }
    Login known = current.login();
    if (known == null || known.isByAttribute() || !known.name().equals(user)) {
      loggedIn(new Login(user, request.getAuthType(), Set.of(), false), false);
    }
  }

  /** Whether the session may have something to store that {@link #save()} has not seen. */
  boolean mayNeedSaving() {
    Session current = session;
    return refusal != null
        || cookie.isCacheable()
        || (current != null && !(saved && savedUses == current.uses()));
  }

  /**
   * Stores all that is pending and puts the cookie into the response, before the first byte leaves.
   *
   * @throws SessionStoreUnavailableException or {@link SessionConflictException}, now and from then
   *     on; the response may not be sent
   */
  synchronized void save() {
    RuntimeException refused = refusal;
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
    SessionToken presented = valid;
    if (!saved && current.isValid() && !response.isCommitted()) {
      noticeUser(current);
      if (presented != null) {
        manager.renewIfDue(current, presented);
      }
    }
    long uses = current.uses();
    try {
      Commit outcome = manager.commit(current, counts());
      saved = true;
      savedUses = uses;
      if (outcome == Commit.GONE) {
        cookie.withdraw(response);
      } else if (ownsRotation && current.isValid() && current.isKept()) {
        ownsRotation = false;
        cookie.send(request, response, current.token());
      } else if (presented != null && current.isValid() && current.renewed(presented)) {
        cookie.send(request, response, current.token());
      }
    } catch (SessionStoreUnavailableException | SessionConflictException e) {
      throw refuse(e);
    }
  }

  private RuntimeException refuse(RuntimeException reason) {
    refusal = reason;
    if (reason instanceof SessionStoreUnavailableException
        && !(reason instanceof TooManySessionsException)) {
      metrics.count(Counter.STORE_UNAVAILABLE);
    }
    return reason;
  }

  /** The application has cleared or replaced the headers; the cookie is still due. */
  synchronized void resendCookie() {
    cookie.again(request, response);
  }

  /**
   * {@code url} with this session's token, when URLs are rewritten and the client did not come with
   * a cookie.
   */
  synchronized String encode(String url) {
    String parameter = tracking.urlParameter();
    if (parameter == null || refusal != null) {
      return url;
    }
    Session current = session;
    boolean knownByCookie = !requested().tokens().isEmpty() && !requested().fromUrl();
    if (current == null || !current.isValid() || !current.isKept() || knownByCookie) {
      return url;
    }
    SessionToken presented = valid;
    if (current.knowsToken()) {
      return UrlTracking.encode(url, parameter, current.token(), request);
    }
    return presented == null ? url : UrlTracking.encode(url, parameter, presented, request);
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
    ended = true;
    boolean isErrorDispatch = request.getDispatcherType() == DispatcherType.ERROR;
    boolean refusedBefore = refusal != null;
    try {
      save();
    } catch (SessionStoreUnavailableException | SessionConflictException e) {
      // Kept as the refusal; answered below.
    } finally {
      thread = null;
      Session current = session;
      if (current != null) {
        if (created) {
          manager.creatingRequestEnded(current);
        }
        manager.endUnkept(current);
        release(current);
      } else if (!lookedUp) {
        touchUnused();
      }
    }
    RuntimeException refused = refusal;
    RuntimeException outside = escaped;
    if (refused == null && outside != null) {
      refused = refuse(outside);
    }
    if (refused == null || (isErrorDispatch && refusedBefore)) {
      return false;
    }
    return answer(refused);
  }

  /** The request carried an id and left the session alone: an access all the same. */
  private void touchUnused() {
    SessionToken token = requested().onlyToken();
    if (token != null && counts()) {
      manager.touch(token);
    }
  }

  private boolean answer(RuntimeException refused) throws IOException {
    if (response.isCommitted()) {
      metrics.count(Counter.LOST_AFTER_COMMIT);
      boundary
          .refusals()
          .log(
              () ->
                  request.getMethod()
                      + " "
                      + request.getRequestURI().replaceAll(";.*|[\\p{Cntrl}]", "")
                      + ": the response was already on its way when its session could not be"
                      + " saved: "
                      + refused.getMessage());
      return false;
    }
    boundary.refusals().log(() -> String.valueOf(refused.getMessage()));
    refuseTo(response);
    return true;
  }

  /** Turns the response into 503 or 409; no cookie of ours, no page of the application. */
  void refuseTo(HttpServletResponse target) throws IOException {
    target.reset();
    cookie.forget();
    if (Objects.requireNonNull(refusal) instanceof SessionConflictException) {
      sendStatus(target, HttpServletResponse.SC_CONFLICT);
    } else {
      target.setHeader("Retry-After", String.valueOf(settings.retryAfter().toSeconds()));
      sendStatus(target, HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    }
  }

  private void sendStatus(HttpServletResponse target, int status) throws IOException {
    if (request.isAsyncStarted()) {
      target.setStatus(status);
    } else {
      target.sendError(status);
    }
  }

  synchronized @Nullable RuntimeException refusal() {
    return refusal;
  }

  SessionBoundary boundary() {
    return boundary;
  }
}
