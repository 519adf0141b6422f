package dev.holdfast;

import dev.holdfast.backup.BackedUpStore;
import dev.holdfast.backup.jdbc.JdbcBackup;
import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.ClassAllowList;
import dev.holdfast.config.LoadedSettings;
import dev.holdfast.config.Settings;
import dev.holdfast.config.SettingsLoader;
import dev.holdfast.config.Source;
import dev.holdfast.container.Answers;
import dev.holdfast.container.ApplicationLoader;
import dev.holdfast.container.ContainerCookie;
import dev.holdfast.container.DeploymentDescriptor;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.sealing.Sealing;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.servlet.SessionBoundary;
import dev.holdfast.store.SessionStore;
import jakarta.servlet.ServletContext;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is built from the settings before the application's first listener runs: everything that a
 * wrong setting can make fail. Nothing is connected yet, and no thread runs.
 *
 * @param settings those in effect, which may be stricter than those loaded
 * @param redis the store in Redis: {@code store} itself, or what lies beneath it
 */
record Preparation(
    ServletContext context,
    FilterDeclaration declaration,
    LoadedSettings loaded,
    Settings settings,
    DeploymentDescriptor descriptor,
    ContainerCookie cookie,
    SecurityEvents security,
    Sealing sealing,
    ClassAllowList allowed,
    AttributeCodec codec,
    RedisSessionStore redis,
    SessionStore store,
    Measurements metrics)
    implements AutoCloseable {

  /** Whether Holdfast is to keep the sessions of this application. */
  static boolean isWanted(ServletContext context, FilterDeclaration declaration) {
    return SettingsLoader.isEnabled(sources(context, declaration));
  }

  /**
   * Reads and checks the settings.
   *
   * @throws IllegalArgumentException when settings are wrong; the message lists all faults
   */
  static Preparation of(ServletContext context, FilterDeclaration declaration) {
    LoadedSettings loaded =
        SettingsLoader.load(
            sources(context, declaration), virtualServer(context), context.getContextPath());
    // Released at once: a deployment that fails later must not leave a claim behind.
    claim(context, loaded).close();
    ClassLoader application = ApplicationLoader.of(context);
    DeploymentDescriptor descriptor = DeploymentDescriptor.read(context);
    Settings settings =
        descriptor.distributable() ? loaded.settings().refusingUnserializable() : loaded.settings();
    ContainerCookie cookie = ContainerCookie.of(context, descriptor);
    SessionBoundary.check(context, descriptor, cookie, settings);
    SecurityEvents security = SecurityEvents.to(settings.listeners().security(), application);
    Sealing sealing = Sealing.of(settings, application);
    ClassAllowList allowed = allowed(context, settings, sealing);
    AttributeCodec codec =
        new AttributeCodec(allowed, settings.codec().plain(), settings.limits().attributeBytes());
    Measurements metrics = new Measurements();
    RedisSessionStore redis = new RedisSessionStore(settings, security, application, metrics);
    return new Preparation(
        context,
        declaration,
        loaded,
        settings,
        descriptor,
        cookie,
        security,
        sealing,
        allowed,
        codec,
        redis,
        store(redis, settings, metrics, application),
        metrics);
  }

  /** The name of the virtual server; null where the container gives none. */
  private static @Nullable String virtualServer(ServletContext context) {
    return Answers.orNull(context::getVirtualServerName);
  }

  /**
   * Claims the application's name in Redis.
   *
   * @throws IllegalArgumentException when another application of this JVM has it
   */
  AppClaim claim() {
    return claim(context, loaded);
  }

  private static AppClaim claim(ServletContext context, LoadedSettings loaded) {
    return AppClaim.take(loaded.settings(), virtualServer(context), context.getContextPath());
  }

  /**
   * With encryption required, every class is allowed: only the application can have written what it
   * reads.
   */
  private static ClassAllowList allowed(
      ServletContext context, Settings settings, Sealing sealing) {
    ClassLoader application = ApplicationLoader.of(context);
    return sealing.isRequired() ? ClassAllowList.everything(application) : list(context, settings);
  }

  private static ClassAllowList list(ServletContext context, Settings settings) {
    return new ClassAllowList(
        ApplicationLoader.of(context), new DeployedClasses(context), settings.codec().allowed());
  }

  /** A codec for values that others have written: it has a class list even where ours has none. */
  AttributeCodec listedCodec() {
    return new AttributeCodec(
        list(context, settings), settings.codec().plain(), settings.limits().attributeBytes());
  }

  /** Redis, with a backup behind it if one is configured. */
  private static SessionStore store(
      RedisSessionStore redis, Settings settings, Metrics metrics, ClassLoader application) {
    String database = settings.backup().database();
    if (database == null) {
      return redis;
    }
    JdbcBackup backup = JdbcBackup.of(settings, database, application);
    return new BackedUpStore(redis, backup, settings, metrics, application);
  }

  /** Strongest first. What is for one application comes before what is for all of a server. */
  private static List<Source> sources(ServletContext context, FilterDeclaration declaration) {
    Map<String, String> contextParams =
        Collections.list(context.getInitParameterNames()).stream()
            .collect(Collectors.toMap(Function.identity(), context::getInitParameter));
    Source servers = Source.initParamsOfServer(declaration.serverInitParams());
    Source properties = Source.systemProperties(System.getProperties());
    Source file = Source.classPathFile(ApplicationLoader.of(context));
    String path = context.getContextPath();
    return List.of(
        Source.initParams(declaration.initParams()),
        Source.contextParams(contextParams),
        servers.forOne(path),
        properties.forOne(path),
        file.forOne(path),
        servers.forAll(),
        properties.forAll(),
        Source.environment(System.getenv()),
        file.forAll());
  }

  /** The context paths for which the places that applications share have something of their own. */
  Set<String> contextPaths() {
    return Stream.of(
            Source.initParamsOfServer(declaration.serverInitParams()),
            Source.systemProperties(System.getProperties()),
            Source.classPathFile(ApplicationLoader.of(context)))
        .flatMap(source -> source.contextPaths().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** For a deployment that ends before {@link Assembly} takes over, or because that failed. */
  @Override
  public void close() {
    store.close();
  }
}
