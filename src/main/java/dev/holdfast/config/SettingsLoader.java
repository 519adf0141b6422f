package dev.holdfast.config;

import dev.holdfast.text.Printable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads every setting from its sources.
 *
 * <p>All sources are checked in full, also what a stronger source overrides: a typing error is
 * reported now and not on the day the override goes away. Nothing is decided before everything was
 * looked at, so that one message names all faults.
 */
public final class SettingsLoader {

  private final List<Source> sources;
  private final DefaultApp defaultApp;
  private final List<String> faults = new ArrayList<>();
  private final Map<Setting<?>, Object> values = new HashMap<>();
  private final Map<String, String> origins = new LinkedHashMap<>();

  private SettingsLoader(List<Source> sources, DefaultApp defaultApp) {
    this.sources = sources;
    this.defaultApp = defaultApp;
  }

  /**
   * Reads and checks everything, for an application of the container's only host.
   *
   * @param sources strongest first
   * @param contextPath as {@code ServletContext.getContextPath()} gives it; decides the default of
   *     {@code app}
   * @throws ConfigurationException as {@link #load(List, String, String)}
   */
  public static LoadedSettings load(List<Source> sources, String contextPath) {
    return load(sources, null, contextPath);
  }

  /**
   * Reads and checks everything.
   *
   * @param sources strongest first
   * @param virtualServer as {@code ServletContext.getVirtualServerName()} gives it; with the
   *     context path it decides the default of {@code app}
   * @param contextPath as {@code ServletContext.getContextPath()} gives it
   * @throws ConfigurationException if a setting is unknown, malformed, out of range, written twice
   *     in one source, or missing; names all such faults
   */
  public static LoadedSettings load(
      List<Source> sources, @Nullable String virtualServer, String contextPath) {
    return new SettingsLoader(sources, new DefaultApp(virtualServer, contextPath)).load();
  }

  private LoadedSettings load() {
    for (Setting<?> setting : Catalogue.ALL) {
      for (Source source : sources) {
        readFrom(source, setting);
      }
    }
    sources.forEach(this::findUnknown);
    if (!origins.containsKey(Catalogue.REDIS_URI.name())) {
      faults.add(missingUri());
    }
    faults.addAll(RedisSettings.faults(origins.keySet()));
    faults.addAll(EncryptionSettings.faults(origins.keySet(), encryptionMode()));
    String app = origins.containsKey(Catalogue.APP.name()) ? "" : app();
    if (!faults.isEmpty()) {
      throw new ConfigurationException(faults, null);
    }
    return new LoadedSettings(settings(app), origins);
  }

  private <T> void readFrom(Source source, Setting<T> setting) {
    String found = null;
    for (String spelling : source.spellings(setting.name())) {
      String text = source.value(spelling);
      if (text == null) {
        continue;
      }
      if (found != null) {
        faults.add(
            fault(source, spelling, setting, text, "also written as " + found + "; remove one"));
        continue;
      }
      found = spelling;
      try {
        T value = parse(setting, text);
        // The strongest source comes first.
        if (origins.putIfAbsent(setting.name(), source.name()) == null) {
          values.put(setting, value);
        }
      } catch (InvalidValueException e) {
        origins.putIfAbsent(setting.name(), source.name());
        faults.add(fault(source, spelling, setting, text, String.valueOf(e.getMessage())));
      }
    }
  }

  private static <T> T parse(Setting<T> setting, String text) throws InvalidValueException {
    String stripped = text.strip();
    if (stripped.isEmpty()) {
      throw new InvalidValueException(
          "empty; write a value or remove the setting (default: " + setting.defaultDoc() + ")");
    }
    return setting.type().parse(stripped);
  }

  private static String fault(
      Source source, String name, Setting<?> setting, String text, String whatIsWrong) {
    String shown = Printable.of(setting.type().shown(text.strip()));
    return source.name() + ": " + name + " = " + shown + ": " + whatIsWrong;
  }

  private void findUnknown(Source source) {
    Set<String> known = new HashSet<>();
    List<String> recommended = new ArrayList<>();
    for (Setting<?> setting : Catalogue.ALL) {
      known.addAll(source.spellings(setting.name()));
      recommended.addAll(source.spellings(setting.name()));
    }
    for (String name : source.names()) {
      if (!known.contains(name)) {
        faults.add(source.name() + ": " + Printable.of(name) + ": " + unknown(name, recommended));
      }
    }
  }

  /** Leaves out the value: nobody knows whether it is a password. */
  private static String unknown(String name, List<String> recommended) {
    String nearest = NearestName.of(name, recommended);
    return nearest == null
        ? "there is no such setting; remove it"
        : "there is no such setting, did you mean " + nearest + "?";
  }

  private static String missingUri() {
    return "no source: "
        + Catalogue.REDIS_URI.name()
        + ": missing, and Holdfast cannot guess where Redis is; set the environment variable "
        + Setting.environmentName(Catalogue.REDIS_URI.name())
        + " or the filter's init-param "
        + Catalogue.REDIS_URI.name()
        + ", for example to redis://localhost:6379";
  }

  private String app() {
    String app = defaultApp.name();
    if (!KeyNameType.isValid(app)) {
      faults.add(
          "context path: app = "
              + Printable.of(app)
              + ": cannot be made from virtual host and context path, which have other characters"
              + " than letters, digits, dots, underscores and dashes, or more than 64 together;"
              + " set app");
    }
    return app;
  }

  private RedisSettings redis() {
    return new RedisSettings(
        get(Catalogue.REDIS_URI),
        get(Catalogue.REDIS_TIMEOUT),
        get(Catalogue.REDIS_REQUEST_TIMEOUT, () -> get(Catalogue.REDIS_TIMEOUT).multipliedBy(2)),
        get(Catalogue.REDIS_CONNECT_TIMEOUT),
        get(Catalogue.REDIS_QUEUE),
        get(Catalogue.REDIS_CONCURRENCY),
        get(Catalogue.REDIS_CREDENTIALS, () -> ""),
        get(Catalogue.REDIS_CREDENTIALS_PROVIDER, () -> ""),
        get(Catalogue.REDIS_SENTINEL_AUTH, () -> ""),
        new TlsSettings(
            get(Catalogue.REDIS_TRUST, () -> ""),
            get(Catalogue.REDIS_TRUST_PASSWORD, () -> ""),
            get(Catalogue.REDIS_KEY, () -> ""),
            get(Catalogue.REDIS_KEY_PASSWORD, () -> "")),
        get(Catalogue.DURABILITY),
        get(Catalogue.DURABLE_WRITES));
  }

  private Settings settings(String app) {
    return new Settings(
        get(Catalogue.APP, () -> app),
        get(Catalogue.PREFIX),
        redis(),
        new LimitSettings(
            get(Catalogue.ATTRIBUTE_MAX_SIZE),
            get(Catalogue.SESSION_MAX_SIZE),
            get(Catalogue.SESSION_MAX_ATTRIBUTES),
            get(Catalogue.SESSIONS_CREATE_RATE),
            get(Catalogue.SESSIONS_FIRST_LIFE)),
        new UserSettings(
            get(Catalogue.SESSIONS_INDEX),
            get(Catalogue.SESSIONS_PER_USER),
            get(Catalogue.SESSIONS_PER_USER_POLICY)),
        encryption(),
        get(Catalogue.COOKIE_SECURE),
        new LoginSettings(
            get(Catalogue.LOGIN_DETECTION),
            get(Catalogue.LOGIN_ATTRIBUTES),
            get(Catalogue.LOGIN_ROLE_ATTRIBUTES),
            get(Catalogue.ROTATE_MODE),
            get(Catalogue.ROTATE_KEEP, Set::of)),
        new LifetimeSettings(
            get(Catalogue.ABSOLUTE_TIMEOUT),
            get(Catalogue.RENEWAL_INTERVAL),
            get(Catalogue.RENEWAL_GRACE),
            get(Catalogue.ACTIVITY_EXCEPT_PATHS, Set::of),
            get(Catalogue.ACTIVITY_EXCEPT_HEADERS, Set::of)),
        new ExpirySettings(get(Catalogue.EXPIRY_EVENTS), get(Catalogue.EXPIRY_INTERVAL)),
        get(Catalogue.TOUCH),
        get(Catalogue.TOUCH_INTERVAL),
        get(Catalogue.CHANGES),
        get(Catalogue.CONFLICT),
        get(Catalogue.UNSERIALIZABLE),
        get(Catalogue.CACHE_SIZE),
        get(Catalogue.CODEC_ALLOW, Set::of),
        get(Catalogue.CODEC_PLAIN, Set::of),
        get(Catalogue.ATTRIBUTES_LOCAL, Set::of),
        get(Catalogue.LOGIN_ROLES, Set::of),
        get(Catalogue.LISTENERS, Set::of),
        get(Catalogue.SECURITY_LISTENERS, Set::of),
        get(Catalogue.RETRY_AFTER),
        backup());
  }

  private BackupSettings backup() {
    return new BackupSettings(
        given(Catalogue.BACKUP_DATABASE),
        given(Catalogue.BACKUP_USER),
        given(Catalogue.BACKUP_PASSWORD),
        get(Catalogue.BACKUP_TABLE),
        get(Catalogue.BACKUP_INTERVAL),
        get(Catalogue.BACKUP_BATCH),
        get(Catalogue.BACKUP_RATE),
        get(Catalogue.BACKUP_TIMEOUT),
        get(Catalogue.BACKUP_LOOKUPS),
        get(Catalogue.BACKUP_CONNECTIONS));
  }

  /** The value read, or null. */
  @SuppressWarnings("unchecked") // readFrom puts under a setting only what its own type parsed
  private <T> @Nullable T given(Setting<T> setting) {
    return (T) values.get(setting);
  }

  private EncryptionSettings encryption() {
    return new EncryptionSettings(
        encryptionMode(),
        get(Catalogue.ENCRYPTION_KEYS, List::of),
        get(Catalogue.ENCRYPTION_KEYS_FILE, () -> ""),
        get(Catalogue.ENCRYPTION_PROVIDER, () -> ""));
  }

  private Encryption encryptionMode() {
    boolean keys =
        origins.containsKey(Catalogue.ENCRYPTION_KEYS.name())
            || origins.containsKey(Catalogue.ENCRYPTION_KEYS_FILE.name())
            || origins.containsKey(Catalogue.ENCRYPTION_PROVIDER.name());
    return get(Catalogue.ENCRYPTION, () -> keys ? Encryption.REQUIRED : Encryption.OFF);
  }

  private <T> T get(Setting<T> setting) {
    return get(
        setting,
        () -> {
          throw new IllegalStateException(setting.name() + " has neither value nor default");
        });
  }

  /** The value read, else the declared default, else the computed one. */
  @SuppressWarnings("unchecked") // readFrom puts under a setting only what its own type parsed
  private <T> T get(Setting<T> setting, Supplier<T> computed) {
    T value = (T) values.get(setting);
    if (value != null) {
      return value;
    }
    String text = setting.defaultText();
    if (text == null) {
      return computed.get();
    }
    try {
      return setting.type().parse(text);
    } catch (InvalidValueException e) {
      throw new IllegalStateException("default of " + setting.name() + ": " + e.getMessage(), e);
    }
  }
}
