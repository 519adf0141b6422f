package dev.holdfast.config;

import java.util.Set;

/**
 * Classes that are told of events.
 *
 * @param session {@code listeners}: names of the only session listeners to call, in order; empty:
 *     those that the container has
 * @param security {@code security.listeners}: names of listeners to security events
 */
public record ListenerSettings(Set<String> session, Set<String> security) {

  /** Declares these settings, and takes their values. */
  static ListenerSettings read(SettingsReader reader) {
    return new ListenerSettings(
        reader.computed(
            "listeners",
            Group.RARE,
            new NamesType(NamesType.Kind.LISTENERS),
            Set::of,
            "those of the container",
            "The only session listeners to call, in this order. Needed where the container's own"
                + " cannot be found."),
        reader.computed(
            "security.listeners",
            Group.RARE,
            new NamesType(NamesType.Kind.LISTENERS),
            Set::of,
            "none",
            "Classes of yours that implement `dev.holdfast.api.SecurityListener` and are told of"
                + " security events, besides the logger `dev.holdfast.security`."));
  }
}
