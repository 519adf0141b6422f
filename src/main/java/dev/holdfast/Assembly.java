package dev.holdfast;

import dev.holdfast.admin.AdminView;
import dev.holdfast.admin.Administered;
import dev.holdfast.backup.BackedUpStore;
import dev.holdfast.config.Settings;
import dev.holdfast.config.TakeoverSettings;
import dev.holdfast.container.Answers;
import dev.holdfast.container.ApplicationLoader;
import dev.holdfast.container.ContextVersion;
import dev.holdfast.container.SessionListeners;
import dev.holdfast.metrics.MetricsBean;
import dev.holdfast.sealing.SealedSessionStore;
import dev.holdfast.servlet.OldStores;
import dev.holdfast.servlet.SessionBoundary;
import dev.holdfast.session.Login;
import dev.holdfast.session.Reencryption;
import dev.holdfast.session.SessionManager;
import dev.holdfast.session.SettingsAgreement;
import dev.holdfast.session.SpringSessions;
import dev.holdfast.text.Loggers;
import dev.holdfast.text.Printable;
import jakarta.servlet.ServletContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The running objects of one web application.
 *
 * @param boundary closes everything behind it
 * @param sessions what the application may call
 * @param admin what an admin may see and do, by the servlet
 * @param claim the claim on the application's name in Redis
 */
record Assembly(
    SessionBoundary boundary,
    DeployedSessions sessions,
    AdminView admin,
    MetricsBean metrics,
    AppClaim claim)
    implements AutoCloseable {
  private static final Logger LOG = Loggers.named("dev.holdfast");

  /**
   * Wires everything up, prints the start-up report and starts what runs beside requests. Waits for
   * no connection.
   *
   * @throws IllegalArgumentException when what the container answers now does not fit the settings;
   *     the preparation is then closed
   */
  static Assembly of(Preparation made) {
    @Nullable AppClaim claim = null;
    try {
      claim = made.claim();
      return wired(made, claim);
    } catch (RuntimeException e) {
      made.close();
      if (claim != null) {
        claim.close();
      }
      throw e;
    }
  }

  private static Assembly wired(Preparation made, AppClaim claim) {
    ServletContext context = made.context();
    ClassLoader application = ApplicationLoader.of(context);
    Settings settings = made.settings();
    SessionListeners listeners =
        new SessionListeners(
            context, made.descriptor(), settings.listeners().session(), made.metrics());
    SealedSessionStore store =
        new SealedSessionStore(made.store(), made.sealing(), made.security(), Login::isReadable);
    SessionManager manager =
        new SessionManager(
            store, made.codec(), settings, made.metrics(), listeners, made.security());
    SessionBoundary boundary =
        new SessionBoundary(
            context,
            made.descriptor(),
            made.cookie(),
            manager,
            listeners,
            settings,
            made.metrics(),
            made.security(),
            oldStores(made));
    LOG.log(Level.INFO, "{0}", report(made, boundary));
    if (made.store() instanceof BackedUpStore backedUp) {
      // Not earlier: now the manager is there to file the sessions that come back.
      backedUp.start();
    }
    SettingsAgreement agreement =
        new SettingsAgreement(
            made.redis().nodes(),
            settings.app(),
            () -> shared(made, boundary.shared()),
            made.metrics());
    manager.watch(made.redis().endedSessions(), agreement, application);
    if (settings.expiry().isOn()) {
      manager.sweep(made.redis().expiryIndex(), application);
    }
    Reencryption reencryption =
        new Reencryption(store, manager.users(), made.redis().expiryIndex());
    return new Assembly(
        boundary,
        new DeployedSessions(manager, reencryption),
        admin(made, manager),
        MetricsBean.register(settings.app(), ContextVersion.of(context), made.metrics()),
        claim);
  }

  /** From where sessions are taken over; null when none are. */
  private static @Nullable OldStores oldStores(Preparation made) {
    TakeoverSettings takeover = made.settings().takeover();
    boolean spring = takeover.mode().fromSpringSession();
    if (!spring && !takeover.mode().fromContainer()) {
      return null;
    }
    return new OldStores(
        made.redis().takeoverClaims(),
        takeover.mode().fromContainer(),
        spring
            ? new SpringSessions(
                made.redis().springSessions(takeover.springNamespace()),
                made.listedCodec(),
                made.redis()::now,
                made.security())
            : null,
        takeover.springCookie());
  }

  /**
   * What all nodes of the application have to agree on, by name. Of keys it tells names only.
   *
   * @param boundary what the deployment says of cookie and time-out
   */
  private static Map<String, String> shared(Preparation made, Map<String, String> boundary) {
    Map<String, String> shared = new HashMap<>(made.loaded().shared());
    shared.putAll(boundary);
    shared.put("encryption.keys", made.sealing().keyNames());
    shared.put("holdfast", version());
    if (made.descriptor().distributable()) {
      shared.put("unserializable", "refuse");
    }
    return shared;
  }

  private static AdminView admin(Preparation made, SessionManager manager) {
    return new AdminView(
        new Administered(
            version(),
            made.sealing().report(),
            made.settings(),
            made.loaded().report(),
            manager.directory(made.redis().expiryIndex()),
            manager.users(),
            made.metrics(),
            made.security(),
            made.redis()::ping,
            made.redis()::health,
            made.redis()::now));
  }

  private static String report(Preparation made, SessionBoundary boundary) {
    ServletContext context = made.context();
    String path = context.getContextPath();
    StringJoiner report = new StringJoiner("\n  ");
    report.add(
        "Holdfast "
            + version()
            + " keeps the sessions of "
            + (path.isEmpty() ? "/" : path)
            + " on "
            + Answers.or(context::getServerInfo, "an unnamed server"));
    Settings settings = made.loaded().settings();
    report.add("keys: " + settings.prefix() + ":" + settings.app() + ":{...}");
    report.add(made.sealing().report());
    report.add(made.allowed().report());
    boundary.report().forEach(report::add);
    if (!settings.attributes().local().isEmpty()) {
      report.add(
          "note: the attributes "
              + settings.attributes().local()
              + " stay on the node that sets them (attributes.local); use a sticky balancer");
    }
    Set<String> others = made.contextPaths();
    if (!others.isEmpty()) {
      report.add("settings are written for the applications at " + Printable.of("" + others));
    }
    made.loaded().report().forEach(line -> report.add(line.toString()));
    return report.toString();
  }

  private static String version() {
    String version = Assembly.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }

  @Override
  public void close() {
    try {
      metrics.close();
      boundary.close();
    } finally {
      claim.close();
    }
  }
}
