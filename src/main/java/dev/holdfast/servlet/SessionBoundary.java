package dev.holdfast.servlet;

import dev.holdfast.config.Settings;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.security.SecurityEvent.Kind;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.servlet.container.TomcatResponses;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionManager;
import dev.holdfast.store.SessionStoreUnavailableException;
import dev.holdfast.store.TimeBudget;
import dev.holdfast.text.Printable;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where the requests of one web application meet its sessions. */
public final class SessionBoundary implements AutoCloseable {
  private static final int SERVLET_WITH_ACCESSOR_MINOR = 1;
  private static final int SERVLET_WITH_ACCESSOR_MAJOR = 6;

  private static final Logger LOG = System.getLogger(SessionBoundary.class.getName());
  private static final Duration STOPPING = Duration.ofSeconds(2);

  private final OccasionalWarning refusals =
      new OccasionalWarning(
          System.getLogger(SessionBoundary.class.getName()), Duration.ofSeconds(10));
  private final SessionManager manager;
  private final Settings settings;
  private final Metrics metrics;
  private final PassiveRequests passive;
  private final LoginWatch logins;
  private final SecurityEvents security;
  private final SessionTracking tracking;
  private final ContainerLogins containerLogins;
  private final Set<String> knownRoles;
  private final Duration defaultTimeout;
  private final String scopeAttribute;
  private final SessionListeners listeners;
  private final boolean distributable;
  private final Function<Session, WebSession> facadeMaker;

  /** Dispatches that run in the filter. */
  private final AtomicInteger underWay = new AtomicInteger();

  private final ServletContext context;
  private final ActingRequests acting = new ActingRequests();
  private volatile @Nullable WeldRequests weld;
  private volatile boolean serving;

  /**
   * Reads cookie, tracking and time-out from the deployment.
   *
   * @throws IllegalArgumentException naming all that is wrong with the cookie settings
   */
  public SessionBoundary(
      ServletContext context,
      DeploymentDescriptor descriptor,
      ContainerCookie cookie,
      SessionManager manager,
      SessionListeners listeners,
      Settings settings,
      Metrics metrics,
      SecurityEvents security) {
    this.context = context;
    this.manager = manager;
    this.settings = settings;
    this.metrics = metrics;
    this.logins = new LoginWatch(settings.login(), new UserNames(ApplicationLoader.of(context)));
    this.passive = new PassiveRequests(settings.lifetime());
    this.security = security;
    this.listeners = listeners;
    this.distributable = descriptor.distributable();
    this.tracking =
        SessionTracking.read(context, descriptor, cookie, settings.cookieSecure(), settings.app());
    cookie.leaveName(tracking.cookie().name());
    Set<String> roles = new LinkedHashSet<>(descriptor.roles());
    roles.addAll(settings.login().roles());
    this.knownRoles = Set.copyOf(roles);
    this.defaultTimeout =
        Duration.ofMinutes(Answers.or(context::getSessionTimeout, descriptor.sessionTimeout()));
    // Another application in the same server may carry this class too, in its own class loader.
    this.scopeAttribute = OuterResponse.ATTRIBUTE + context.getContextPath();
    this.facadeMaker =
        hasAccessor(context)
            ? session -> new AccessibleWebSession(session, this, context)
            : session -> new WebSession(session, this, context);
    listeners.facades(this::facade);
    this.containerLogins = new ContainerLogins(this, context);
    if (!logins.isOn()) {
      LOG.log(
          Level.WARNING,
          "login.detection=off: where the application does not change the id at a login by itself,"
              + " whoever planted the id from before is logged in too (session fixation)");
    }
  }

  /**
   * Checks what the deployment says of cookie and listeners before anything is built; the same is
   * read again when all listeners of the context have had their say.
   *
   * @throws IllegalArgumentException naming all that is wrong
   */
  public static void check(
      ServletContext context,
      DeploymentDescriptor descriptor,
      ContainerCookie cookie,
      Settings settings) {
    SessionTracking.read(context, descriptor, cookie, settings.cookieSecure(), settings.app());
    ListenerDiscovery.check(settings.listeners().session(), ApplicationLoader.of(context));
  }

  private static boolean hasAccessor(ServletContext context) {
    int major = context.getMajorVersion();
    return major > SERVLET_WITH_ACCESSOR_MAJOR
        || (major == SERVLET_WITH_ACCESSOR_MAJOR
            && context.getMinorVersion() >= SERVLET_WITH_ACCESSOR_MINOR);
  }

  /** Runs one dispatch of a request, with our session in place of the container's. */
  public void filter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!(request instanceof HttpServletRequest http)
        || !(response instanceof HttpServletResponse httpResponse)) {
      chain.doFilter(request, response);
      return;
    }
    if (!serving) {
      serving = true;
      listeners.deployed();
    }
    RequestScope scope = (RequestScope) request.getAttribute(scopeAttribute);
    SessionRequest ours = scope == null ? null : wrapped(request, scope);
    if (scope != null && isNested(http, scope)) {
      inside(http, httpResponse, ours, chain, scope);
      return;
    }
    if (scope != null && ours != null) {
      dispatch(ours.container(), ours.containerResponse(), request, response, chain, scope);
      return;
    }
    HttpServletResponse outer = OuterResponse.of(http, httpResponse, scopeAttribute);
    boolean first = scope == null;
    if (scope == null) {
      scope = new RequestScope(this, http, httpResponse);
      http.setAttribute(scopeAttribute, scope);
    }
    SessionResponse wrappedResponse = new SessionResponse(httpResponse, scope);
    SessionRequest wrapped = new SessionRequest(http, scope, wrappedResponse);
    if (first && http.getDispatcherType() == DispatcherType.REQUEST) {
      weld().show(http, wrapped);
    }
    FilterChain next = first ? checkingLogin(http, httpResponse, scope, chain) : chain;
    dispatch(http, outer, wrapped, wrappedResponse, next, scope);
  }

  private FilterChain checkingLogin(
      HttpServletRequest container,
      HttpServletResponse response,
      RequestScope scope,
      FilterChain chain) {
    return (request, target) -> {
      if (!containerLogins.arrived(scope, container, response)) {
        chain.doFilter(request, target);
      }
    };
  }

  /** A forward or an include while the request is under way, which it neither begins nor ends. */
  private static boolean isNested(HttpServletRequest request, RequestScope scope) {
    DispatcherType type = request.getDispatcherType();
    return scope.isUnderWay() && (type == DispatcherType.FORWARD || type == DispatcherType.INCLUDE);
  }

  /** Found at the first request, when all listeners are there. */
  private WeldRequests weld() {
    WeldRequests known = weld;
    if (known == null) {
      known = WeldRequests.among(listeners.requestListeners(), context);
      weld = known;
    }
    return known;
  }

  /**
   * A nested dispatch, which the application may have given our request and response or those that
   * it has unwrapped.
   */
  private void inside(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable SessionRequest ours,
      FilterChain chain,
      RequestScope scope)
      throws IOException, ServletException {
    ServletResponse saving = SessionResponse.around(response, scope);
    ServletRequest wrapped = ours == null ? new SessionRequest(request, scope, saving) : request;
    ActingRequests.Acting before = acting.begin(scope);
    try {
      chain.doFilter(wrapped, saving);
    } finally {
      acting.end(before);
    }
    boolean forward = request.getDispatcherType() == DispatcherType.FORWARD;
    if (forward || saving != response) {
      // Before the outer dispatch gets here, the container closes the response as a forward ends,
      // and Jetty flushes as an include ends: past us if the application has unwrapped ours.
      scope.beforeFirstByte();
    }
    if (forward && response instanceof SessionResponse && !request.isAsyncStarted()) {
      TomcatResponses.suspend(context, scope.response());
    }
  }

  /** One dispatch from the container, and what must happen when it ends. */
  private void dispatch(
      HttpServletRequest container,
      HttpServletResponse containerResponse,
      ServletRequest request,
      ServletResponse response,
      FilterChain chain,
      RequestScope scope)
      throws IOException, ServletException {
    TimeBudget budget = TimeBudget.begin(settings.redis().requestTimeout());
    ActingRequests.Acting before = acting.begin(scope);
    underWay.incrementAndGet();
    try {
      scope.enter(container, containerResponse);
      try {
        chain.doFilter(request, response);
      } catch (IOException | ServletException | RuntimeException | Error e) {
        scope.escaped(e);
        if (!scope.leave(true)) {
          throw e;
        }
        return;
      }
      boolean unused = scope.leave(false);
    } finally {
      underWay.decrementAndGet();
      acting.end(before);
      budget.end();
    }
  }

  private static @Nullable SessionRequest wrapped(ServletRequest request, RequestScope scope) {
    ServletRequest current = request;
    while (!(current instanceof SessionRequest ours && ours.scope() == scope)) {
      if (!(current instanceof ServletRequestWrapper wrapper)) {
        return null;
      }
      current = wrapper.getRequest();
    }
    return (SessionRequest) current;
  }

  WebSession facade(Session session) {
    return session.facade(WebSession.class, facadeMaker);
  }

  /**
   * Ends a session in which somebody logs in when the client cannot be told a new id: the old one
   * must not lead to that user.
   *
   * @param what the session was to be told of
   */
  void endAtLateLogin(Session session, String what) {
    security.report(
        Kind.LATE_LOGIN,
        session.locator(),
        what
            + ": user or roles changed when no response could take the new id; the session has been"
            + " ended. Log in before the first byte is sent, on a thread of the request");
    manager.invalidate(session);
  }

  /** Which request acts on which thread. */
  ActingRequests acting() {
    return acting;
  }

  /** Tells of requests that were answered 503 or 409, or should have been. */
  OccasionalWarning refusals() {
    return refusals;
  }

  /** A request is answered 503 without a scope; gives the value of {@code Retry-After}. */
  String unavailable(SessionStoreUnavailableException reason) {
    metrics.count(Counter.STORE_UNAVAILABLE);
    refusals.log(() -> Printable.message(reason.getMessage()));
    return String.valueOf(settings.retryAfter().toSeconds());
  }

  /** Name of the attribute that holds a request's scope. */
  String scopeAttribute() {
    return scopeAttribute;
  }

  ServletContext context() {
    return context;
  }

  SessionManager manager() {
    return manager;
  }

  ContainerLogins containerLogins() {
    return containerLogins;
  }

  LoginWatch logins() {
    return logins;
  }

  PassiveRequests passive() {
    return passive;
  }

  SessionTracking tracking() {
    return tracking;
  }

  Settings settings() {
    return settings;
  }

  Metrics metrics() {
    return metrics;
  }

  SecurityEvents security() {
    return security;
  }

  Set<String> knownRoles() {
    return knownRoles;
  }

  Duration defaultTimeout() {
    return defaultTimeout;
  }

  /** The lines of the start-up report that this boundary answers for. */
  public List<String> report() {
    List<String> lines = new ArrayList<>();
    lines.add("cookie: " + tracking.describe());
    lines.add(
        "timeout: "
            + (defaultTimeout.isZero() || defaultTimeout.isNegative()
                ? "none"
                : defaultTimeout.toMinutes() + " min"));
    lines.add("login(): kept in the session with the roles " + knownRoles);
    lines.add(containerLogins.describe());
    lines.add(logins.describe());
    lines.addAll(listeners.report());
    if (distributable) {
      lines.add(
          "note: web.xml declares <distributable/>, so values that cannot be stored are refused"
              + " (Servlet 6.1, 7.7.2)");
    }
    tracking.remarks().forEach(remark -> lines.add("note: " + remark));
    return lines;
  }

  /**
   * Lets the sessions of this node go and closes the store, when the requests under way have ended.
   */
  @Override
  public void close() {
    awaitRequests();
    manager.close();
  }

  /** Jetty stops an application under its requests; Tomcat waits as long as this for them. */
  private void awaitRequests() {
    long deadline = System.nanoTime() + STOPPING.toNanos();
    try {
      while (underWay.get() > 0 && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
