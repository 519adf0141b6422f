package dev.holdfast.config;

import static dev.holdfast.config.DurationType.HOUR;
import static dev.holdfast.config.DurationType.SECOND;

import dev.holdfast.text.Printable;
import java.time.Duration;

/**
 * Everything that can be decided about one web application's sessions. Each setting is declared
 * where its value is taken: here, and in the records of the groups.
 *
 * @param redis {@code redis.*} and {@code durability.*}
 * @param cookieSecure {@code cookie.secure}
 * @param encryption {@code encryption} and {@code encryption.*}
 * @param app {@code app}: name of the application in Redis keys, {@code [A-Za-z0-9._-]{1,64}}
 * @param route {@code route} and {@code route.*}
 * @param prefix {@code prefix}: first part of every Redis key
 * @param touch {@code touch} and {@code touch.*}
 * @param cache {@code cache} and {@code cache.*}
 * @param codec {@code codec.*}
 * @param login {@code login.*} and {@code rotate.*}
 * @param users the index of users, and how many sessions each may have
 * @param lifetime {@code absolute.*}, {@code renewal.*} and {@code activity.*}
 * @param lock {@code lock.*}: which requests of a session take turns
 * @param backup {@code backup.*}
 * @param expiry {@code expiry.*}
 * @param attributes how attributes are stored
 * @param limits how large sessions may be, and how many a node may create
 * @param listeners which classes are told of events
 * @param monitoring {@code metrics.*} and {@code health.*}
 * @param admin {@code admin.*}
 * @param retryAfter {@code retry-after}: what a 503 tells the client to wait, whole seconds
 * @param logNames {@code logging.mdc}: what log lines of the application may name
 * @param takeover {@code takeover} and {@code takeover.*}
 */
public record Settings(
    RedisSettings redis,
    CookieSecure cookieSecure,
    EncryptionSettings encryption,
    String app,
    RouteSettings route,
    String prefix,
    TouchSettings touch,
    CacheSettings cache,
    CodecSettings codec,
    LoginSettings login,
    UserSettings users,
    LifetimeSettings lifetime,
    LockSettings lock,
    BackupSettings backup,
    ExpirySettings expiry,
    AttributeSettings attributes,
    LimitSettings limits,
    ListenerSettings listeners,
    MonitoringSettings monitoring,
    AdminSettings admin,
    Duration retryAfter,
    LogNames logNames,
    TakeoverSettings takeover) {
  private static final String APP = "app";

  /** Declares every setting, and takes its value. */
  static Settings read(SettingsReader reader, DefaultApp defaultApp) {
    Enabled unused = enabled(reader);
    return new Settings(
        RedisSettings.read(reader),
        reader
            .shared()
            .declared(
                "cookie.secure",
                Group.ESSENTIAL,
                new ChoiceType<>(CookieSecure.class),
                "always",
                "When the cookie is `Secure`. A site on plain HTTP needs `auto`, or no browser keeps the"
                    + " cookie."),
        EncryptionSettings.read(reader),
        app(reader, defaultApp),
        RouteSettings.read(reader),
        reader
            .shared()
            .declared(
                "prefix",
                Group.RARE,
                new KeyNameType(),
                "holdfast",
                "First part of every key in Redis, so that one ACL pattern can confine all of it."),
        TouchSettings.read(reader),
        CacheSettings.read(reader),
        CodecSettings.read(reader),
        LoginSettings.read(reader),
        UserSettings.read(reader),
        LifetimeSettings.read(reader),
        LockSettings.read(reader),
        BackupSettings.read(reader),
        ExpirySettings.read(reader),
        AttributeSettings.read(reader),
        LimitSettings.read(reader),
        ListenerSettings.read(reader),
        MonitoringSettings.read(reader),
        AdminSettings.read(reader),
        reader.declared(
            "retry-after",
            Group.RARE,
            new DurationType(SECOND, HOUR, SECOND),
            "2s",
            "The `Retry-After` of a 503 while Redis does not answer."),
        reader.declared(
            "logging.mdc",
            Group.RARE,
            new ChoiceType<>(LogNames.class),
            "session",
            "What the MDC of SLF4J holds while a request runs, if the application has SLF4J:"
                + " `holdfast.session` (`session`), also the name of the user in `holdfast.user`"
                + " (`user`), or nothing (`off`)."),
        TakeoverSettings.read(reader));
  }

  /** Declares the one setting that is read before all others, and takes its value. */
  static Enabled enabled(SettingsReader reader) {
    return reader.declared(
        "enabled",
        Group.FREQUENT,
        new ChoiceType<>(Enabled.class),
        "true",
        "`false` leaves the sessions to the container, as if the jar were not there. No other"
            + " setting is looked at then.");
  }

  private static String app(SettingsReader reader, DefaultApp defaultApp) {
    String app =
        reader
            .shared()
            .computed(
                APP,
                Group.FREQUENT,
                new KeyNameType(),
                defaultApp::name,
                "the context path: `/shop` is `shop`, `/a/b` is `a-b`, the root is `root`; on a virtual"
                    + " host that has a name, `shop.example_shop`",
                "Name of the application in Redis. Nodes that share sessions must agree on it; two"
                    + " applications must not, and in one server the second is refused: `/a/b` and `/a-b`"
                    + " need different ones, and so do applications at one path of two engines of a"
                    + " Tomcat. Two servers embedded in one JVM whose engines and hosts have no names of"
                    + " their own are not told apart.");
    if (!reader.isWritten(APP) && !KeyNameType.isValid(app)) {
      reader.fault(
          "context path: app = "
              + Printable.of(app)
              + ": cannot be made from virtual host and context path, which have other characters"
              + " than letters, digits, dots, underscores and dashes, or more than 64 together;"
              + " set app");
    }
    return app;
  }

  /** The same, but values that cannot be stored are refused. */
  public Settings refusingUnserializable() {
    return new Settings(
        redis,
        cookieSecure,
        encryption,
        app,
        route,
        prefix,
        touch,
        cache,
        codec,
        login,
        users,
        lifetime,
        lock,
        backup,
        expiry,
        attributes.refusingUnserializable(),
        limits,
        listeners,
        monitoring,
        admin,
        retryAfter,
        logNames,
        takeover);
  }
}
