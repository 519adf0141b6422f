package dev.holdfast;

import dev.holdfast.backup.BackedUpStore;
import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.Sealing;
import dev.holdfast.config.LoadedSettings;
import dev.holdfast.config.Settings;
import dev.holdfast.config.SettingsLoader;
import dev.holdfast.config.Source;
import dev.holdfast.jdbc.JdbcBackup;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.security.ClassAllowList;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.servlet.ApplicationLoader;
import dev.holdfast.servlet.DeploymentDescriptor;
import dev.holdfast.servlet.SessionBoundary;
import dev.holdfast.servlet.SessionListeners;
import dev.holdfast.session.Reencryption;
import dev.holdfast.session.SealedSessionStore;
import dev.holdfast.session.SessionManager;
import dev.holdfast.store.SessionStore;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Builds the objects of one web application, and closes them.
 *
 * @param boundary closes everything behind it
 * @param sessions what the application may call
 * @param claim on the application's name in Redis
 */
record Assembly(SessionBoundary boundary, Sessions sessions, AppClaim claim)
    implements AutoCloseable {
  private static final Logger LOG = System.getLogger("dev.holdfast");

  /**
   * Everything wired up and reported, nothing connected.
   *
   * @throws IllegalArgumentException when settings are wrong; the message lists all faults
   */
  static Assembly of(FilterConfig filter) {
    ServletContext context = filter.getServletContext();
    ClassLoader application = ApplicationLoader.of(context);
    LoadedSettings loaded =
        SettingsLoader.load(
            sources(filter, context, application),
            virtualServer(context),
            context.getContextPath());
    AppClaim claim =
        AppClaim.take(loaded.settings(), virtualServer(context), context.getContextPath());
    try {
      return of(context, loaded, claim);
    } catch (RuntimeException e) {
      claim.close();
      throw e;
    }
  }

  /** Null where the container names none. */
  private static @Nullable String virtualServer(ServletContext context) {
    try {
      return context.getVirtualServerName();
    } catch (UnsupportedOperationException e) {
      return null;
    }
  }

  private static Assembly of(ServletContext context, LoadedSettings loaded, AppClaim claim) {
    ClassLoader application = ApplicationLoader.of(context);
    Settings settings = loaded.settings();
    DeploymentDescriptor descriptor = DeploymentDescriptor.read(context);
    Settings effective = descriptor.distributable() ? settings.refusingUnserializable() : settings;
    SessionListeners listeners =
        new SessionListeners(context, descriptor, settings.listeners(), Metrics.NONE);
    SecurityEvents security = SecurityEvents.to(settings.securityListeners(), application);
    Sealing sealing = Sealing.of(settings, application);
    ClassAllowList allowed = allowed(context, settings, sealing);
    RedisSessionStore redis = new RedisSessionStore(settings, security, application);
    SessionStore plain = store(redis, settings, application);
    SealedSessionStore store = new SealedSessionStore(plain, sealing, security);
    try {
      SessionManager manager =
          new SessionManager(
              store,
              new AttributeCodec(
                  allowed, settings.plainClasses(), effective.limits().attributeBytes()),
              effective,
              Metrics.NONE,
              listeners,
              security);
      SessionBoundary boundary =
          new SessionBoundary(
              context, descriptor, manager, listeners, effective, Metrics.NONE, security);
      LOG.log(Level.INFO, "{0}", report(context, loaded, sealing, allowed, boundary));
      if (plain instanceof BackedUpStore backedUp) {
        // Not before there is somebody who files what comes back.
        backedUp.start();
      }
      manager.watch(redis.endedSessions(), application);
      if (settings.expiry().isOn()) {
        manager.sweep(redis.expiryIndex(), application);
      }
      Reencryption reencryption = new Reencryption(store, manager.users(), redis.expiryIndex());
      return new Assembly(boundary, new Sessions(manager, reencryption), claim);
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /** With encryption required, nobody but the application has written what is read. */
  private static ClassAllowList allowed(
      ServletContext context, Settings settings, Sealing sealing) {
    ClassLoader application = ApplicationLoader.of(context);
    return sealing.isRequired()
        ? ClassAllowList.everything(application)
        : new ClassAllowList(application, new DeployedClasses(context), settings.allowedClasses());
  }

  /** Redis, with a backup behind it if one is wanted. */
  private static SessionStore store(
      RedisSessionStore redis, Settings settings, ClassLoader application) {
    String database = settings.backup().database();
    if (database == null) {
      return redis;
    }
    JdbcBackup backup = JdbcBackup.of(settings, database, application);
    return new BackedUpStore(redis, backup, settings, Metrics.NONE, application);
  }

  /** Strongest first. */
  private static List<Source> sources(
      FilterConfig filter, ServletContext context, ClassLoader application) {
    return List.of(
        Source.initParams(params(filter.getInitParameterNames(), filter::getInitParameter)),
        Source.contextParams(params(context.getInitParameterNames(), context::getInitParameter)),
        Source.systemProperties(System.getProperties()),
        Source.environment(System.getenv()),
        Source.classPathFile(application));
  }

  private static Map<String, String> params(
      Enumeration<String> names, UnaryOperator<@Nullable String> value) {
    Map<String, String> params = new LinkedHashMap<>();
    while (names.hasMoreElements()) {
      String name = names.nextElement();
      params.put(name, Objects.requireNonNull(value.apply(name)));
    }
    return params;
  }

  private static String report(
      ServletContext context,
      LoadedSettings loaded,
      Sealing sealing,
      ClassAllowList allowed,
      SessionBoundary boundary) {
    String path = context.getContextPath();
    StringJoiner report = new StringJoiner("\n  ");
    report.add(
        "Holdfast "
            + version()
            + " keeps the sessions of "
            + (path.isEmpty() ? "/" : path)
            + " on "
            + context.getServerInfo());
    Settings settings = loaded.settings();
    report.add("keys: " + settings.prefix() + ":" + settings.app() + ":{...}");
    report.add(sealing.report());
    report.add(allowed.report());
    boundary.report().forEach(report::add);
    if (!settings.localAttributes().isEmpty()) {
      report.add(
          "note: the attributes "
              + settings.localAttributes()
              + " stay on the node that sets them (attributes.local); use a sticky balancer");
    }
    loaded.report().forEach(line -> report.add(line.toString()));
    return report.toString();
  }

  private static String version() {
    String version = Assembly.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }

  @Override
  public void close() {
    try {
      boundary.close();
    } finally {
      claim.close();
    }
  }
}
