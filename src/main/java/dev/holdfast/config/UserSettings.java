package dev.holdfast.config;

/**
 * The index of each user's sessions, and how many a user may have.
 *
 * @param index {@code sessions.index}: whether Redis has an index of the sessions of each user
 * @param perUser {@code sessions.per-user}: sessions that a user may have at a time; 0 for any
 *     number
 * @param policy {@code sessions.per-user.policy}: what happens at one login more
 */
public record UserSettings(Toggle index, int perUser, OneMoreLogin policy) {

  /** Declares these settings, and takes their values. */
  static UserSettings read(SettingsReader reader) {
    SettingsReader shared = reader.shared();
    return new UserSettings(
        shared.declared(
            "sessions.index",
            Group.RARE,
            new ChoiceType<>(Toggle.class),
            "on",
            "Whether Redis has an index of the sessions of each user, which `Sessions.ofUser`"
                + " reads. Costs one wait at a login."),
        shared.declared(
            "sessions.per-user",
            Group.FREQUENT,
            new CountType(0, 1000),
            "0",
            "How many sessions a user may be logged in to at a time; `0` for any number."),
        shared.declared(
            "sessions.per-user.policy",
            Group.RARE,
            new ChoiceType<>(OneMoreLogin.class),
            "end-oldest",
            "What happens at one login more: the session with the oldest login ends"
                + " (`end-oldest`), or the login is refused (`refuse`: `login()` throws; any other"
                + " login is answered 409 and nothing of the request is stored)."));
  }

  /** Whether sessions are filed under their user, which a limit needs too. */
  public boolean indexed() {
    return index == Toggle.ON || perUser > 0;
  }
}
