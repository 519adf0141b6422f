package dev.holdfast.config;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The admin view.
 *
 * @param path {@code admin.path}: where it is in the application; null for nowhere, unless web.xml
 *     declares its servlet
 * @param role {@code admin.role}: users in this role may use it; null for none
 * @param token {@code admin.token}: whoever has this secret may use it; null for nobody
 * @param masked {@code admin.mask}: names of attributes whose values it never shows, {@code *} in
 *     one stands for any text, and the case of letters does not count
 */
public record AdminSettings(
    @Nullable String path, @Nullable String role, @Nullable String token, Set<String> masked) {
  private static final String PATH = "admin.path";
  private static final String ROLE = "admin.role";
  private static final String TOKEN = "admin.token";

  /** Declares these settings, and takes their values. */
  static AdminSettings read(SettingsReader reader) {
    AdminSettings settings =
        new AdminSettings(
            reader.given(
                PATH,
                Group.FREQUENT,
                new PathType("/holdfast-admin"),
                "no admin view",
                "Where the application has the [admin view](admin.md), such as `/holdfast-admin`."
                    + " Needs `admin.token` or `admin.role`."),
            reader.given(
                ROLE,
                Group.FREQUENT,
                new TextType("the name of a role"),
                "nobody by role",
                "Users of the application in this role may use the admin view."),
            reader.given(
                TOKEN,
                Group.FREQUENT,
                new AdminTokenType(),
                "nobody by token",
                "Secret with which anybody may use the admin view, the same on all nodes: the"
                    + " password that a browser asks for, or the bearer token of a script."),
            reader.declared(
                "admin.mask",
                Group.RARE,
                new NamesType(NamesType.Kind.ATTRIBUTE_PATTERNS),
                "*pass*, *pwd*, *secret*, *token*, *key*, *credential*, *auth*, *csrf*, *xsrf*,"
                    + " *nonce*, *otp*, *jwt*, *card*, *cvv*, *cvc*, *iban*, *pin",
                "Attributes, and keys of maps in them, whose values the admin view never shows;"
                    + " small and capital letters are the same."));
    if (reader.isWritten(PATH) && !reader.isWritten(ROLE) && !reader.isWritten(TOKEN)) {
      reader.fault(
          PATH
              + " is set without "
              + TOKEN
              + " and "
              + ROLE
              + ", so that anybody could read and end sessions; set "
              + TOKEN
              + " to a secret (openssl rand -hex 32), or "
              + ROLE
              + " to a role of the application's users");
    }
    return settings;
  }

  /** Hides the token. */
  @Override
  public String toString() {
    return "AdminSettings[path="
        + path
        + ", role="
        + role
        + ", token="
        + (token == null ? "none" : "***")
        + ", masked="
        + masked
        + "]";
  }
}
