package dev.holdfast.session;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.Sealing;
import dev.holdfast.config.Conflict;
import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.security.ClassAllowList;
import dev.holdfast.security.ClassesByLocation;
import dev.holdfast.security.SecurityEvents;
import java.net.URL;
import java.util.Locale;
import java.util.function.Predicate;

/** Nodes of an application whose classes are the tests. */
final class TestNodes {
  private TestNodes() {}

  static Settings settings(String uri, Conflict conflict) {
    return TestSettings.of(
        uri,
        "redis.timeout",
        "500ms",
        // A sweep that comes in between would be counted among the waits of a request.
        "expiry.interval",
        "2m",
        "conflict",
        conflict.name().toLowerCase(Locale.ROOT),
        "unserializable",
        "refuse");
  }

  static SessionManager manager(Settings settings, Metrics metrics) {
    return manager(settings, metrics, SessionEvents.NONE);
  }

  static SessionManager manager(Settings settings, Metrics metrics, SessionEvents events) {
    ClassLoader loader = TestNodes.class.getClassLoader();
    return manager(
        settings, metrics, events, loader, url -> url.toString().contains("/test-classes/"));
  }

  static SessionManager manager(
      Settings settings, Metrics metrics, SessionEvents events, SecurityEvents security) {
    ClassLoader loader = TestNodes.class.getClassLoader();
    Predicate<URL> application = url -> url.toString().contains("/test-classes/");
    return manager(settings, metrics, events, security, loader, application);
  }

  /** A node of an application with a class loader of its own. */
  static SessionManager manager(
      Settings settings,
      Metrics metrics,
      SessionEvents events,
      ClassLoader loader,
      Predicate<URL> application) {
    return manager(settings, metrics, events, SecurityEvents.logging(), loader, application);
  }

  private static SessionManager manager(
      Settings settings,
      Metrics metrics,
      SessionEvents events,
      SecurityEvents security,
      ClassLoader loader,
      Predicate<URL> application) {
    return manager(
        new RedisSessionStore(settings), settings, metrics, events, security, loader, application);
  }

  /** A node on a store of the test's own. */
  static SessionManager over(RedisSessionStore redis, Settings settings, SessionEvents events) {
    return manager(
        redis,
        settings,
        counter -> {},
        events,
        SecurityEvents.logging(),
        TestNodes.class.getClassLoader(),
        url -> url.toString().contains("/test-classes/"));
  }

  /** A node that also looks for sessions whose time is over. */
  static SessionManager sweeping(Settings settings, Metrics metrics, SessionEvents events) {
    RedisSessionStore redis = new RedisSessionStore(settings);
    ClassLoader loader = TestNodes.class.getClassLoader();
    SessionManager manager =
        manager(
            redis,
            settings,
            metrics,
            events,
            SecurityEvents.logging(),
            loader,
            url -> url.toString().contains("/test-classes/"));
    manager.sweep(redis.expiryIndex(), loader);
    return manager;
  }

  private static SessionManager manager(
      RedisSessionStore redis,
      Settings settings,
      Metrics metrics,
      SessionEvents events,
      SecurityEvents security,
      ClassLoader loader,
      Predicate<URL> application) {
    return new SessionManager(
        new SealedSessionStore(redis, Sealing.of(settings, loader), SecurityEvents.logging()),
        new AttributeCodec(
            new ClassAllowList(
                loader,
                new ClassesByLocation(loader, application, url -> false),
                settings.allowedClasses()),
            settings.limits().attributeBytes()),
        settings,
        metrics,
        events,
        security);
  }
}
