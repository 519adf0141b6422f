package dev.holdfast.session;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.config.ChangeDetection;
import dev.holdfast.config.Conflict;
import dev.holdfast.config.CookieSecure;
import dev.holdfast.config.RedisSettings;
import dev.holdfast.config.Settings;
import dev.holdfast.config.TouchMode;
import dev.holdfast.config.Unserializable;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.security.ClassAllowList;
import dev.holdfast.security.ClassesByLocation;
import java.net.URL;
import java.time.Duration;
import java.util.Set;
import java.util.function.Predicate;

/** Nodes of an application whose classes are the tests. */
final class TestNodes {
  private TestNodes() {}

  static Settings settings(String uri, Conflict conflict) {
    return new Settings(
        "test",
        "holdfast",
        new RedisSettings(uri, Duration.ofMillis(500), Duration.ofSeconds(2), 1000, 256),
        CookieSecure.ALWAYS,
        TouchMode.REQUEST,
        Duration.ofMinutes(1),
        ChangeDetection.CONTENT,
        conflict,
        Unserializable.REFUSE,
        64L << 20,
        Set.of(),
        Set.of(),
        Set.of(),
        Duration.ofSeconds(2));
  }

  static SessionManager manager(Settings settings, Metrics metrics) {
    return manager(settings, metrics, SessionEvents.NONE);
  }

  static SessionManager manager(Settings settings, Metrics metrics, SessionEvents events) {
    ClassLoader loader = TestNodes.class.getClassLoader();
    return manager(
        settings, metrics, events, loader, url -> url.toString().contains("/test-classes/"));
  }

  /** A node of an application with a class loader of its own. */
  static SessionManager manager(
      Settings settings,
      Metrics metrics,
      SessionEvents events,
      ClassLoader loader,
      Predicate<URL> application) {
    return new SessionManager(
        new RedisSessionStore(
            settings.redis(), settings.prefix(), settings.app(), settings.touchInterval()),
        new AttributeCodec(
            new ClassAllowList(
                loader,
                new ClassesByLocation(loader, application, url -> false),
                settings.allowedClasses())),
        settings,
        metrics,
        events);
  }
}
