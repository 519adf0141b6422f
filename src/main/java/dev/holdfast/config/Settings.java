package dev.holdfast.config;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Everything that can be decided about one web application's sessions. Values are checked where
 * they are read, by {@link SettingsLoader}; this record only holds them.
 *
 * @param app {@code app}: name of the application in Redis keys, {@code [A-Za-z0-9._-]{1,64}}
 * @param prefix {@code prefix}: first part of every Redis key
 * @param redis {@code redis.*}
 * @param limits what sessions may take up
 * @param users what is known of users
 * @param encryption {@code encryption} and {@code encryption.*}
 * @param cookieSecure {@code cookie.secure}
 * @param login {@code login.*} but for the roles, and {@code rotate.*}
 * @param lifetime {@code absolute.*}, {@code renewal.*} and {@code activity.*}
 * @param expiry {@code expiry.*}
 * @param touch {@code touch}
 * @param touchInterval {@code touch.interval}: at most one touch per session, node and interval, 1
 *     s to 1 h
 * @param changes {@code changes}
 * @param conflict {@code conflict}
 * @param unserializable {@code unserializable}
 * @param cacheBytes {@code cache.size}: bytes of idle sessions kept on this node, 0 for none
 * @param allowedClasses {@code codec.allow}: class names, or package names ending in {@code .*}
 * @param plainClasses {@code codec.plain}: class names, or package names ending in {@code .*}
 * @param localAttributes {@code attributes.local}: names of attributes that stay on their node,
 *     {@code *} in one stands for any text
 * @param loginRoles {@code login.roles}: role names asked for at a programmatic login besides the
 *     declared ones
 * @param listeners {@code listeners}: class names of the only session listeners to call, in order;
 *     empty: those that the container has
 * @param securityListeners {@code security.listeners}: class names of listeners to security events
 * @param retryAfter {@code retry-after}: what a 503 tells the client to wait, whole seconds
 * @param backup {@code backup.*}
 */
public record Settings(
    String app,
    String prefix,
    RedisSettings redis,
    LimitSettings limits,
    UserSettings users,
    EncryptionSettings encryption,
    CookieSecure cookieSecure,
    LoginSettings login,
    LifetimeSettings lifetime,
    ExpirySettings expiry,
    TouchMode touch,
    Duration touchInterval,
    ChangeDetection changes,
    Conflict conflict,
    Unserializable unserializable,
    long cacheBytes,
    Set<String> allowedClasses,
    Set<String> plainClasses,
    Set<String> localAttributes,
    Set<String> loginRoles,
    Set<String> listeners,
    Set<String> securityListeners,
    Duration retryAfter,
    BackupSettings backup) {

  public Settings {
    allowedClasses = copyInOrder(allowedClasses);
    plainClasses = copyInOrder(plainClasses);
    localAttributes = copyInOrder(localAttributes);
    loginRoles = copyInOrder(loginRoles);
    listeners = copyInOrder(listeners);
    securityListeners = copyInOrder(securityListeners);
  }

  /** The same, but values that cannot be stored are refused. */
  public Settings refusingUnserializable() {
    return new Settings(
        app,
        prefix,
        redis,
        limits,
        users,
        encryption,
        cookieSecure,
        login,
        lifetime,
        expiry,
        touch,
        touchInterval,
        changes,
        conflict,
        Unserializable.REFUSE,
        cacheBytes,
        allowedClasses,
        plainClasses,
        localAttributes,
        loginRoles,
        listeners,
        securityListeners,
        retryAfter,
        backup);
  }

  /** {@code Set.copyOf} would shuffle the names anew in every JVM, and the report with them. */
  static Set<String> copyInOrder(Set<String> names) {
    return Collections.unmodifiableSet(new LinkedHashSet<>(names));
  }
}
