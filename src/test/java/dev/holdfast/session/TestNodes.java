package dev.holdfast.session;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.ClassAllowList;
import dev.holdfast.codec.ClassesByLocation;
import dev.holdfast.config.Conflict;
import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.sealing.SealedSessionStore;
import dev.holdfast.sealing.Sealing;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.store.SessionStore;
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
        "2s",
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
    return manager(settings, metrics, events, loader, TestNodes::isTest);
  }

  static SessionManager manager(
      Settings settings, Metrics metrics, SessionEvents events, SecurityEvents security) {
    ClassLoader loader = TestNodes.class.getClassLoader();
    Predicate<URL> application = TestNodes::isTest;
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

  private static SessionStore sealed(
      RedisSessionStore redis, Settings settings, ClassLoader loader) {
    return new SealedSessionStore(
        redis, Sealing.of(settings, loader), SecurityEvents.logging(), Login::isReadable);
  }

  /** The store of a node, for {@link #over(SessionStore, Settings)}. */
  static SessionStore store(Settings settings) {
    return sealed(new RedisSessionStore(settings), settings, TestNodes.class.getClassLoader());
  }

  /** A node on what a test has made of {@link #store}. */
  static SessionManager over(SessionStore store, Settings settings) {
    return new SessionManager(
        store,
        codec(settings, TestNodes.class.getClassLoader(), TestNodes::isTest),
        settings,
        counter -> {},
        SessionEvents.NONE,
        SecurityEvents.logging());
  }

  private static boolean isTest(URL url) {
    return url.toString().contains("/test-classes/");
  }

  private static AttributeCodec codec(
      Settings settings, ClassLoader loader, Predicate<URL> application) {
    return new AttributeCodec(
        new ClassAllowList(
            loader,
            new ClassesByLocation(loader, application, url -> false),
            settings.codec().allowed()),
        settings.limits().attributeBytes());
  }

  /** A node on a store of the test's own, which tells the same metrics. */
  static SessionManager measured(RedisSessionStore redis, Settings settings, Metrics metrics) {
    return manager(
        redis,
        settings,
        metrics,
        SessionEvents.NONE,
        SecurityEvents.logging(),
        TestNodes.class.getClassLoader(),
        TestNodes::isTest);
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
        TestNodes::isTest);
  }

  /** A node that also looks for sessions whose time is over. */
  static SessionManager sweeping(Settings settings, Metrics metrics, SessionEvents events) {
    RedisSessionStore redis = new RedisSessionStore(settings);
    ClassLoader loader = TestNodes.class.getClassLoader();
    SessionManager manager =
        manager(
            redis, settings, metrics, events, SecurityEvents.logging(), loader, TestNodes::isTest);
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
        sealed(redis, settings, loader),
        codec(settings, loader, application),
        settings,
        metrics,
        events,
        security);
  }
}
