package dev.holdfast.servlet;

import dev.holdfast.config.LoginDetection;
import dev.holdfast.config.LoginSettings;
import dev.holdfast.config.RotateMode;
import java.security.Principal;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells from the attributes that an application sets whether somebody has logged in or got other
 * privileges (ASVS 7.2.4). Most applications know nothing of session ids: to them, a login is
 * {@code setAttribute("user", ...)}.
 *
 * <p>A watched attribute that appears is a login. One that is replaced is one only if both values
 * are strings, numbers or principals (for roles also collections of such) and differ: what equals
 * says of a bean, nobody knows, and an application that sets a fresh one on every request must not
 * get a new id on every request.
 */
final class LoginWatch {
  private final LoginSettings settings;

  LoginWatch(LoginSettings settings) {
    this.settings = settings;
  }

  boolean isOn() {
    return settings.detection() == LoginDetection.ON;
  }

  /** Whether setting this attribute may be a login or a change of privileges. */
  boolean watches(String name) {
    return isOn() && (isIdentity(name) || settings.roleAttributes().contains(name));
  }

  /** Whether the attribute tells who is logged in, not what they may do. */
  boolean isIdentity(String name) {
    return settings.attributes().contains(name);
  }

  /**
   * Whether replacing one value of a watched attribute with another means another user or other
   * privileges.
   *
   * @param before null when there is none
   */
  boolean isChange(String name, @Nullable Object before, Object after) {
    if (before == null) {
      return true;
    }
    Object one = comparable(name, before);
    Object other = comparable(name, after);
    return one != null && other != null && !one.equals(other);
  }

  private @Nullable Object comparable(String name, Object value) {
    String text = text(value);
    if (text != null || isIdentity(name)) {
      return text;
    }
    Collection<?> roles =
        value instanceof Collection<?> collection
            ? collection
            : value instanceof Object[] array ? Arrays.asList(array) : null;
    return roles == null
        ? null
        : roles.stream().map(role -> String.valueOf(text(role))).collect(Collectors.toSet());
  }

  private static @Nullable String text(@Nullable Object value) {
    if (value instanceof Principal principal) {
      return String.valueOf(principal.getName());
    }
    if (value instanceof CharSequence || value instanceof Number || value instanceof Enum<?>) {
      return value.toString();
    }
    return null;
  }

  /** Whether a login drops what the session held before it. */
  boolean startsFresh() {
    return settings.mode() == RotateMode.FRESH;
  }

  /** Whether the attribute outlives a login that starts fresh. */
  boolean survives(String name) {
    return settings.kept().contains(name);
  }

  /** One line for the start-up report. */
  String describe() {
    return isOn()
        ? "new id at login: when one of "
            + settings.attributes()
            + " or of the roles "
            + settings.roleAttributes()
            + " is set, or the container names a user"
        : "new id at login: only by changeSessionId(), login() and authenticate()";
  }
}
