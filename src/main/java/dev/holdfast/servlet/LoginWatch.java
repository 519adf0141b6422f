package dev.holdfast.servlet;

import dev.holdfast.config.LoginDetection;
import dev.holdfast.config.LoginSettings;
import dev.holdfast.config.RotateMode;
import dev.holdfast.session.Login;
import dev.holdfast.session.Session;
import java.security.Principal;
import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells from the attributes that an application sets whether somebody has logged in or got other
 * privileges (ASVS 7.2.4). Most applications know nothing of session ids: to them, a login is
 * {@code setAttribute("user", ...)}.
 *
 * <p>A watched attribute that appears is a login. Replacing one is a login only if both values name
 * users ({@link UserNames}) or are enums (for roles also collections of such) and differ: nobody
 * knows what the {@code equals} of a bean means, and an application that sets a fresh bean on every
 * request must not get a new id on every request.
 *
 * <p>A value that names its user ({@link UserNames}) also says whose session it is, so that it
 * counts among the sessions of that user. The container is believed before all attributes, and of
 * these the first of {@code login.attributes} that names somebody.
 */
final class LoginWatch {
  private final LoginSettings settings;
  private final UserNames names;

  LoginWatch(LoginSettings settings, UserNames names) {
    this.settings = settings;
    this.names = names;
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

  private @Nullable String text(@Nullable Object value) {
    if (value instanceof Principal principal) {
      return String.valueOf(principal.getName());
    }
    if (value instanceof CharSequence || value instanceof Number || value instanceof Enum<?>) {
      return value.toString();
    }
    return names.of(value);
  }

  /**
   * Called when an attribute is about to be set: if it tells who is logged in, records whose the
   * session is then.
   *
   * @param change whether that is a login
   */
  void sets(Session session, String name, Object value, boolean change) {
    Login known = session.login();
    if (!isOn() || !isIdentity(name) || (known != null && !known.isByAttribute())) {
      return;
    }
    String user = known == null ? null : known.name();
    boolean decides = known == null || name.equals(known.attribute());
    if (change || (decides && !Objects.equals(user, names.of(value)))) {
      record(session, loginBy(session, name, value));
    }
  }

  /**
   * Called when an attribute was removed: the session no longer belongs to the user whom it named.
   */
  void removed(Session session, String name) {
    Login known = session.login();
    if (known != null && name.equals(known.attribute())) {
      reconsider(session);
    }
  }

  /** Called when setting it has failed after {@link #sets}. */
  void notSet(Session session, String name) {
    if (isIdentity(name)) {
      reconsider(session);
    }
  }

  /**
   * Records whose the session is by the attributes that it has, unless the container names the
   * user.
   */
  void reconsider(Session session) {
    Login known = session.login();
    if (isOn() && session.isValid() && (known == null || known.isByAttribute())) {
      record(session, loginBy(session, null, null));
    }
  }

  private static void record(Session session, @Nullable Login login) {
    if (!Objects.equals(login, session.login())) {
      session.login(login);
    }
  }

  /**
   * The login of the user whom the attributes name, or null.
   *
   * @param setting the attribute that is about to have {@code value}, or null
   */
  private @Nullable Login loginBy(
      Session session, @Nullable String setting, @Nullable Object value) {
    for (String attribute : settings.attributes()) {
      String user = names.of(attribute.equals(setting) ? value : session.attribute(attribute));
      if (user != null) {
        return Login.byAttribute(user, attribute);
      }
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
