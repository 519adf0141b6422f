package dev.holdfast.config;

/**
 * Whose sessions go on when Holdfast comes or goes.
 *
 * @param mode {@code takeover}
 * @param springNamespace {@code takeover.spring-namespace}: what Spring Session's keys begin with
 * @param springCookie {@code takeover.spring-cookie}: name of Spring Session's cookie
 */
public record TakeoverSettings(Takeover mode, String springNamespace, String springCookie) {

  /** Declares these settings, and takes their values. */
  static TakeoverSettings read(SettingsReader reader) {
    SettingsReader shared = reader.shared();
    return new TakeoverSettings(
        shared.declared(
            "takeover",
            Group.FREQUENT,
            new ChoiceType<>(Takeover.class),
            "off",
            "Whose sessions go on, so that nobody is logged out when Holdfast comes or goes: those of"
                + " the `container`, of `spring-session` in the same Redis, or both (`on`), become"
                + " Holdfast's; with `out`, Holdfast's become the container's. See"
                + " [moving in and out](moving.md)."),
        shared.declared(
            "takeover.spring-namespace",
            Group.RARE,
            new NamespaceType(),
            "spring:session",
            "What the keys of Spring Session begin with: its `redisNamespace`."),
        shared.declared(
            "takeover.spring-cookie",
            Group.RARE,
            new KeyNameType(),
            "SESSION",
            "The name of Spring Session's cookie."));
  }
}
