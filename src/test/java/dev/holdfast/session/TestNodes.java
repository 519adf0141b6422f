package dev.holdfast.session;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.config.Settings;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.security.ClassAllowList;
import dev.holdfast.security.ClassesByLocation;

/** Nodes of an application whose classes are the tests. */
final class TestNodes {
  private TestNodes() {}

  static SessionManager manager(Settings settings, Metrics metrics) {
    return manager(settings, metrics, SessionEvents.NONE);
  }

  static SessionManager manager(Settings settings, Metrics metrics, SessionEvents events) {
    ClassLoader loader = TestNodes.class.getClassLoader();
    return new SessionManager(
        new RedisSessionStore(
            settings.redis(), settings.prefix(), settings.app(), settings.touchInterval()),
        new AttributeCodec(
            new ClassAllowList(
                loader, ClassesByLocation.ofTests(loader), settings.allowedClasses())),
        settings,
        metrics,
        events);
  }
}
