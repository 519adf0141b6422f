package dev.holdfast.config;

import java.util.Set;

/**
 * How Holdfast notices a login, and what a login does to the session.
 *
 * @param detection {@code login.detection}
 * @param attributes {@code login.attributes}: names of attributes that tell who is logged in
 * @param roleAttributes {@code login.role-attributes}: names of attributes that tell what they may
 *     do
 * @param roles {@code login.roles}: role names asked for at a programmatic login besides the
 *     declared ones
 * @param mode {@code rotate.mode}
 * @param kept {@code rotate.keep}: names of attributes that outlive a login with {@code fresh}
 */
public record LoginSettings(
    LoginDetection detection,
    Set<String> attributes,
    Set<String> roleAttributes,
    Set<String> roles,
    RotateMode mode,
    Set<String> kept) {

  /** Declares these settings, and takes their values. */
  static LoginSettings read(SettingsReader reader) {
    SettingsReader shared = reader.shared();
    return new LoginSettings(
        shared.declared(
            "login.detection",
            Group.RARE,
            new ChoiceType<>(LoginDetection.class),
            "on",
            "`off` changes the id only when the application asks for it. An attacker who has"
                + " planted an id is then logged in with the victim."),
        shared.declared(
            "login.attributes",
            Group.FREQUENT,
            new NamesType(NamesType.Kind.ATTRIBUTES),
            "user, User, USER, username, userName, userId, user_id, loginId, loginUser, logonUser,"
                + " sessionUser, authUser, authenticatedUser, currentUser, loggedUser, loggedInUser,"
                + " principal, subject, SPRING_SECURITY_CONTEXT, javax.security.auth.subject,"
                + " org.apache.shiro.subject.support.DefaultSubjectContext_PRINCIPALS_SESSION_KEY,"
                + " _const_cas_assertion_, pac4jUserProfiles",
            "Session attributes that tell who is logged in: when one appears or changes, the id"
                + " changes. The first that names a user says whose session it is."),
        shared.declared(
            "login.role-attributes",
            Group.RARE,
            new NamesType(NamesType.Kind.ATTRIBUTES),
            "roles, role, authorities, permissions,"
                + " org.apache.shiro.subject.support.DefaultSubjectContext_AUTHENTICATED_SESSION_KEY,"
                + " org.apache.shiro.subject.support.DelegatingSubject.RUN_AS_PRINCIPALS_SESSION_KEY",
            "Session attributes that tell what a user may do: when one appears or changes, the id"
                + " changes."),
        shared.computed(
            "login.roles",
            Group.FREQUENT,
            new NamesType(NamesType.Kind.ROLES),
            Set::of,
            "none",
            "Roles looked up at a programmatic login besides those that the application declares"
                + " and `admin.role`."),
        shared.declared(
            "rotate.mode",
            Group.FREQUENT,
            new ChoiceType<>(RotateMode.class),
            "keep",
            "What a session holds after a login: all as before (`keep`), or only what the request of"
                + " the login sets (`fresh`)."),
        shared.computed(
            "rotate.keep",
            Group.FREQUENT,
            new NamesType(NamesType.Kind.ATTRIBUTES),
            Set::of,
            "none",
            "Attributes that `rotate.mode=fresh` keeps, such as a cart."));
  }
}
