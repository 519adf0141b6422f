package dev.holdfast.admin;

import dev.holdfast.admin.Admission.Admitted;
import dev.holdfast.admin.Admission.Answered;
import dev.holdfast.admin.Admission.Refused;
import dev.holdfast.api.SecurityEvent.Kind;
import dev.holdfast.config.AdminSettings;
import dev.holdfast.metrics.RateLimit;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.security.Sha256;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.Principal;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the admin view: the holder of {@code admin.token}, and users in {@code admin.role}.
 *
 * <p>The token comes as a bearer token (RFC 6750) or, for a browser, as the password of Basic (RFC
 * 7617) with any user name. Only its hash is kept and compared. A request with the right token asks
 * for no session and for no user.
 */
final class AdminAccess {
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int TOO_MANY = 429;

  /** Wrong tokens that are answered in a second; after a quiet time, those of the burst at once. */
  private static final int FAILURES_PER_SECOND = 5;

  private static final Duration BURST = Duration.ofSeconds(10);

  private final @Nullable String role;
  private final byte @Nullable [] tokenHash;
  private final SecurityEvents security;
  private final RateLimit failures = new RateLimit(FAILURES_PER_SECOND, BURST);

  AdminAccess(AdminSettings settings, SecurityEvents security) {
    this.role = settings.role();
    String token = settings.token();
    this.tokenHash = token == null ? null : Sha256.of(token);
    this.security = security;
  }

  /**
   * Judges a request. May answer it by the container's own means, when a login is all that is
   * missing.
   */
  Admission judge(HttpServletRequest request, HttpServletResponse response) throws IOException {
    if (role == null && tokenHash == null) {
      return new Refused(
          FORBIDDEN,
          "Nobody may use the admin view: set admin.token to a secret, or admin.role to a role of"
              + " the application's users");
    }
    Credentials credentials = Credentials.of(request.getHeader("Authorization"));
    if (credentials != null && isToken(credentials.secret())) {
      return new Admitted("the holder of admin.token", credentials.isBearer());
    }
    if (role == null) {
      return credentials == null ? challenge() : wrongToken(request);
    }
    return judgeByRole(request, response, role, credentials);
  }

  private Admission judgeByRole(
      HttpServletRequest request,
      HttpServletResponse response,
      String wanted,
      @Nullable Credentials credentials)
      throws IOException {
    // A password that is not the token may be meant for the container; a bearer token is not.
    boolean mayLogIn = credentials == null ? tokenHash == null : !credentials.isBearer();
    if (request.getUserPrincipal() == null && mayLogIn && !logIn(request, response)) {
      if (response.isCommitted() || response.getStatus() != HttpServletResponse.SC_OK) {
        return new Answered();
      }
    }
    Principal user = request.getUserPrincipal();
    if (user != null && request.isUserInRole(wanted)) {
      return new Admitted(user.getName() + ", in the role " + wanted, false);
    }
    if (user != null) {
      report(request, user.getName() + " is not in the role " + wanted);
      return new Refused(
          FORBIDDEN,
          "The admin view is for users in the role " + wanted + ", and you are not in it");
    }
    if (tokenHash != null) {
      return credentials == null ? challenge() : wrongToken(request);
    }
    return new Refused(
        FORBIDDEN,
        "The admin view is for users in the role " + wanted + "; log in to the application first");
  }

  /** Whether somebody is logged in now; else the container may have asked for it. */
  private static boolean logIn(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      return request.authenticate(response);
    } catch (ServletException | RuntimeException e) {
      // The application has no login of the container's.
      return false;
    }
  }

  private static Refused challenge() {
    return new Refused(
        UNAUTHORIZED, "The admin view wants admin.token: as the password, with any name");
  }

  private Refused wrongToken(HttpServletRequest request) {
    report(request, "that is not admin.token");
    return failures.admit()
        ? new Refused(UNAUTHORIZED, "That is not admin.token")
        : new Refused(TOO_MANY, "Too many wrong tokens; wait a second");
  }

  /** Tells the security log. */
  void report(HttpServletRequest request, String why) {
    security.report(
        Kind.ADMIN_REFUSED, null, "the admin view refused " + request.getRemoteAddr() + ": " + why);
  }

  private boolean isToken(String secret) {
    // Of the hashes, so that the time tells nothing, not even the length.
    return tokenHash != null && MessageDigest.isEqual(tokenHash, Sha256.of(secret));
  }

  /** What the header {@code Authorization} gives. */
  private record Credentials(String secret, boolean isBearer) {
    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";

    /** Null when there are none that could be a token. */
    static @Nullable Credentials of(@Nullable String header) {
      if (header == null) {
        return null;
      }
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith(BEARER)) {
        return new Credentials(header.substring(BEARER.length()).strip(), true);
      }
      if (!lower.startsWith(BASIC)) {
        return null;
      }
      try {
        byte[] pair = Base64.getDecoder().decode(header.substring(BASIC.length()).strip());
        String text = new String(pair, StandardCharsets.UTF_8);
        return new Credentials(text.substring(text.indexOf(':') + 1), false);
      } catch (IllegalArgumentException e) {
        return new Credentials("", false);
      }
    }

    @Override
    public String toString() {
      return "Credentials[***]";
    }
  }
}
