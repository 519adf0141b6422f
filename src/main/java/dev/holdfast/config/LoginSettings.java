package dev.holdfast.config;

import java.util.Set;

/**
 * How a login is noticed, and what it does to the session.
 *
 * @param detection {@code login.detection}
 * @param attributes {@code login.attributes}: names of attributes that tell who is logged in
 * @param roleAttributes {@code login.role-attributes}: names of attributes that tell what they may
 *     do
 * @param mode {@code rotate.mode}
 * @param kept {@code rotate.keep}: names of attributes that outlive a login with {@code fresh}
 */
public record LoginSettings(
    LoginDetection detection,
    Set<String> attributes,
    Set<String> roleAttributes,
    RotateMode mode,
    Set<String> kept) {

  public LoginSettings {
    attributes = Settings.copyInOrder(attributes);
    roleAttributes = Settings.copyInOrder(roleAttributes);
    kept = Settings.copyInOrder(kept);
  }
}
