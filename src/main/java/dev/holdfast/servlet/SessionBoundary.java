package dev.holdfast.servlet;

import dev.holdfast.config.Settings;
import dev.holdfast.config.Takeover;
import dev.holdfast.container.Answers;
import dev.holdfast.container.ApplicationLoader;
import dev.holdfast.container.ContainerCookie;
import dev.holdfast.container.DeploymentDescriptor;
import dev.holdfast.container.ListenerDiscovery;
import dev.holdfast.container.SessionListeners;
import dev.holdfast.container.TomcatResponses;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.metrics.OccasionalWarning;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionManager;
import dev.holdfast.store.TimeBudget;
import dev.holdfast.text.Loggers;
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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the requests of one web application meet its sessions: takes each of their dispatches
 * through the filter. {@link WebApplication} has what they share.
 */
public final class SessionBoundary implements AutoCloseable {
  private static final int SERVLET_WITH_ACCESSOR_MINOR = 1;
  private static final int SERVLET_WITH_ACCESSOR_MAJOR = 6;

  private static final Logger LOG = Loggers.of(SessionBoundary.class);
  private static final Duration STOPPING = Duration.ofSeconds(2);

  /** At most one line about refused requests in this time. */
  private static final Duration WARNING_INTERVAL = Duration.ofSeconds(10);

  private final WebApplication application;
  private final SessionListeners listeners;
  private final ActingRequests acting;

  /** Finds or makes the {@code HttpSession} of a session. */
  private final Function<Session, WebSession> facades;

  private final ContainerLogins containerLogins;
  private final @Nullable OldSessions oldSessions;
  private final @Nullable MovingOut movingOut;
  private final Set<String> knownRoles;
  private final boolean distributable;
  private final Duration requestTimeout;

  /** Name of the attribute that holds a request's scope. */
  private final String scopeAttribute;

  /** Dispatches that run in the filter. */
  private final AtomicInteger underWay = new AtomicInteger();

  private volatile @Nullable WeldRequests weld;
  private volatile boolean serving;

  /**
   * Reads cookie, tracking and time-out from the deployment.
   *
   * @param oldStores from where sessions are taken over; null when none are
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
      SecurityEvents security,
      @Nullable OldStores oldStores) {
    this.acting = new ActingRequests(LogContext.of(settings.logNames()));
    LoginWatch logins =
        new LoginWatch(settings.login(), new UserNames(ApplicationLoader.of(context)));
    SessionTracking tracking = SessionTracking.read(context, descriptor, cookie, settings);
    boolean isOut = settings.takeover().mode() == Takeover.OUT;
    if (!isOut) {
      cookie.leaveName(tracking.cookie().name());
    }
    Set<String> roles = new LinkedHashSet<>(descriptor.roles());
    roles.addAll(settings.login().roles());
    String adminRole = settings.admin().role();
    if (adminRole != null) {
      roles.add(adminRole);
    }
    this.knownRoles = Set.copyOf(roles);
    this.application =
        new WebApplication(
            context,
            manager,
            tracking,
            logins,
            new PassiveRequests(settings.lifetime()),
            new LockedRequests(settings.lock()),
            new RefusedRequests(
                new OccasionalWarning(LOG, WARNING_INTERVAL), metrics, settings.retryAfter()),
            Duration.ofMinutes(Answers.or(context::getSessionTimeout, descriptor.sessionTimeout())),
            metrics,
            security);
    this.listeners = listeners;
    this.distributable = descriptor.distributable();
    this.requestTimeout = settings.redis().requestTimeout();
    // Another application in the same server may carry this class too, in its own class loader.
    this.scopeAttribute = OuterResponse.ATTRIBUTE + context.getContextPath();
    Function<Session, WebSession> facadeMaker =
        hasAccessor(context)
            ? session -> new AccessibleWebSession(session, application, acting)
            : session -> new WebSession(session, application, acting);
    this.facades = session -> session.facade(WebSession.class, facadeMaker);
    listeners.facades(facades);
    this.containerLogins = new ContainerLogins(application, knownRoles, scopeAttribute);
    this.oldSessions = oldStores == null ? null : oldSessions(oldStores, context, cookie);
    this.movingOut =
        isOut ? new MovingOut(application, cookie.containersName(), requestTimeout) : null;
    if (!logins.isOn()) {
      LOG.log(
          Level.WARNING,
          "login.detection=off: where the application does not change the id at a login by itself,"
              + " whoever planted the id from before is logged in too (session fixation)");
    }
  }

  private OldSessions oldSessions(
      OldStores stores, ServletContext context, ContainerCookie cookie) {
    String path = context.getContextPath().isEmpty() ? "/" : context.getContextPath();
    List<OldSessions.Keeper> keepers = new ArrayList<>();
    if (stores.container()) {
      String own = cookie.path();
      SessionCookie old =
          SessionCookie.old(cookie.containersName(), own == null ? path : own, cookie.domain());
      ContainerKeeper keeper =
          new ContainerKeeper(
              containerLogins,
              old,
              application.tracking(),
              application.tracking().cookie().name().equals(cookie.name()));
      containerLogins.showFirst(keeper::show);
      keepers.add(keeper);
    }
    if (stores.spring() != null) {
      keepers.add(
          new SpringKeeper(stores.spring(), SessionCookie.old(stores.springCookie(), path, null)));
    }
    return new OldSessions(
        application
            .manager()
            .takeovers(stores.claims(), session -> application.logins().reconsider(session)),
        keepers);
  }

  /**
   * Checks what the deployment says of cookie and listeners before anything is built; the same is
   * read again when all listeners of the context have run.
   *
   * @throws IllegalArgumentException naming all that is wrong
   */
  public static void check(
      ServletContext context,
      DeploymentDescriptor descriptor,
      ContainerCookie cookie,
      Settings settings) {
    SessionTracking.read(context, descriptor, cookie, settings);
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
    if (movingOut != null) {
      movingOut.filter(http, httpResponse, chain);
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
      scope = new RequestScope(application, facades, oldSessions, acting, http, httpResponse);
      http.setAttribute(scopeAttribute, scope);
    }
    SessionResponse wrappedResponse = new SessionResponse(httpResponse, scope);
    SessionRequest wrapped = new SessionRequest(http, scope, wrappedResponse, containerLogins);
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
      if (oldSessions != null && scope.takeOver() && containerLogins.isAskedEarly()) {
        // The container's session has ended with that, or does so at this moment.
        chain.doFilter(request, target);
        return;
      }
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

  /** Weld's listeners, looked for at the first request, when all listeners are there. */
  private WeldRequests weld() {
    WeldRequests known = weld;
    if (known == null) {
      known = WeldRequests.among(listeners.requestListeners(), application.context());
      weld = known;
    }
    return known;
  }

  /**
   * Runs a nested dispatch, which the application may have given our request and response or those
   * that it has unwrapped.
   */
  private void inside(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable SessionRequest ours,
      FilterChain chain,
      RequestScope scope)
      throws IOException, ServletException {
    ServletResponse saving = SessionResponse.around(response, scope);
    ServletRequest wrapped =
        ours == null ? new SessionRequest(request, scope, saving, containerLogins) : request;
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
      TomcatResponses.suspend(application.context(), scope.response());
    }
  }

  /** Runs one dispatch from the container, and does what must happen when it ends. */
  private void dispatch(
      HttpServletRequest container,
      HttpServletResponse containerResponse,
      ServletRequest request,
      ServletResponse response,
      FilterChain chain,
      RequestScope scope)
      throws IOException, ServletException {
    TimeBudget budget = TimeBudget.begin(requestTimeout);
    ActingRequests.Acting before = acting.begin(scope);
    underWay.incrementAndGet();
    try {
      scope.enter(container, containerResponse);
      try {
        if (scope.lock()) {
          chain.doFilter(request, response);
        }
      } catch (IOException | ServletException | RuntimeException | Error e) {
        scope.escaped(e);
        if (!scope.leave(true, SavingAsyncContext::watch)) {
          throw e;
        }
        return;
      }
      boolean unused = scope.leave(false, SavingAsyncContext::watch);
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

  /** What the deployment says on which all nodes have to agree, by name. */
  public Map<String, String> shared() {
    return Map.of("cookie", application.tracking().describe(), "timeout", timeout());
  }

  private String timeout() {
    Duration timeout = application.defaultTimeout();
    return timeout.isZero() || timeout.isNegative() ? "none" : timeout.toMinutes() + " min";
  }

  /** The lines of the start-up report that this boundary answers for. */
  public List<String> report() {
    List<String> lines = new ArrayList<>();
    lines.add("cookie: " + application.tracking().describe());
    NodeRoute route = application.tracking().route();
    if (route != null) {
      lines.add("route: " + route.describe());
    }
    lines.add("timeout: " + timeout());
    lines.add("login(): kept in the session with the roles " + knownRoles);
    lines.add(containerLogins.describe());
    lines.add(application.logins().describe());
    if (oldSessions != null) {
      lines.add(oldSessions.describe());
    }
    if (movingOut != null) {
      lines.add(MovingOut.describe());
    }
    lines.addAll(listeners.report());
    if (distributable) {
      lines.add(
          "note: web.xml declares <distributable/>, so values that cannot be stored are refused"
              + " (Servlet 6.1, 7.7.2)");
    }
    application.tracking().remarks().forEach(remark -> lines.add("note: " + remark));
    return lines;
  }

  /**
   * Lets the sessions of this node go and closes the store, when the requests under way have ended.
   */
  @Override
  public void close() {
    awaitRequests();
    application.manager().close();
  }

  /**
   * Waits for the requests under way, as long as Tomcat does itself; Jetty does not wait for them.
   */
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
