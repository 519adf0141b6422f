package dev.holdfast.config;

import org.jspecify.annotations.Nullable;

/**
 * How a sticky balancer finds the node that has a client's session in memory.
 *
 * @param node {@code route}: the name of this node; null: nobody is told one
 * @param form {@code route.as}
 * @param cookie {@code route.cookie}: the name of the cookie; null: made from {@code app}
 */
public record RouteSettings(@Nullable String node, RouteForm form, @Nullable String cookie) {
  private static final String COOKIE = "route.cookie";
  private static final int NODE_LENGTH = 32;
  private static final int COOKIE_LENGTH = 64;

  /** Declares these settings, and takes their values. */
  static RouteSettings read(SettingsReader reader) {
    SettingsReader shared = reader.shared();
    RouteSettings settings =
        new RouteSettings(
            reader.given(
                "route",
                Group.FREQUENT,
                new WordType(NODE_LENGTH),
                "no name",
                "Name of this node, another on each, told to the client so that a"
                    + " [sticky balancer](balancers.md) can send it here again."),
            shared.declared(
                "route.as",
                Group.RARE,
                new ChoiceType<>(RouteForm.class),
                "cookie",
                "How a client is told `route`: in a `cookie` of its own, or as a `suffix` of the"
                    + " session's cookie."),
            shared.given(
                COOKIE,
                Group.RARE,
                new WordType(COOKIE_LENGTH),
                "`route`, or `<app>_route` with underscores for dots and dashes",
                "Name of the cookie for `route`."));
    if (settings.form == RouteForm.SUFFIX && settings.cookie != null) {
      reader.fault(
          COOKIE + " is set, but with route.as=suffix there is no such cookie; remove one of them");
    }
    if (settings.cookie != null && settings.cookie.startsWith("__")) {
      reader.fault(
          COOKIE
              + " = "
              + settings.cookie
              + ": browsers have rules of their own for names that begin with two underscores;"
              + " choose another one");
    }
    return settings;
  }
}
