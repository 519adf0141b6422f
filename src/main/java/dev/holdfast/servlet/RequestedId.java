package dev.holdfast.servlet;

import dev.holdfast.security.SessionToken;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the client sent to say which session it means, before anybody has looked whether there is
 * one. A cookie beats the URL.
 *
 * @param tokens the distinct well-formed ones, none for a client that sent nothing usable
 * @param raw the first value as it was sent, or null; the public id of a token that does not count
 * @param values how many different ones there were, well-formed or not
 * @param fromUrl whether it came in the URL
 */
record RequestedId(List<SessionToken> tokens, @Nullable String raw, int values, boolean fromUrl) {

  /** The most tokens to look up; more of them are an attack. */
  private static final int MAX_CANDIDATES = 4;

  static RequestedId read(SessionTracking tracking, HttpServletRequest request) {
    List<String> values = tracking.useCookie() ? tracking.cookie().values(request) : List.of();
    String parameter = tracking.readUrlParameter();
    if (values.isEmpty() && parameter != null) {
      String inUrl = UrlTracking.value(request.getRequestURI(), parameter);
      if (inUrl != null) {
        List<SessionToken> tokens = tokens(List.of(inUrl));
        return tracking.urlParameter() == null
            ? new RequestedId(List.of(), inUrl(tokens, inUrl), 0, true)
            : new RequestedId(tokens, inUrl, 1, true);
      }
    }
    return new RequestedId(
        tokens(values),
        values.isEmpty() ? null : values.get(0),
        values.size() < 2 ? values.size() : new HashSet<>(values).size(),
        false);
  }

  /** What the application is told of an id that does not count: a token stays secret even then. */
  private static String inUrl(List<SessionToken> tokens, String value) {
    return tokens.isEmpty() ? value : tokens.get(0).publicId();
  }

  private static List<SessionToken> tokens(List<String> values) {
    Set<SessionToken> tokens = new LinkedHashSet<>();
    for (String value : values) {
      boolean isLonger = value != null && value.length() > SessionToken.LENGTH;
      SessionToken token = SessionToken.parse(isLonger ? NodeRoute.withoutSuffix(value) : value);
      if (token != null) {
        tokens.add(token);
      }
    }
    return List.copyOf(tokens);
  }

  /**
   * Whether there are more than are looked up. Which of them are the user's cannot be known then: a
   * planted one among the first would win if only those were tried (RFC 6265bis, 8.6).
   */
  boolean isCrowded() {
    return tokens.size() > MAX_CANDIDATES;
  }

  /** The only token, or null when there is none or more than one. */
  @Nullable SessionToken onlyToken() {
    return tokens.size() == 1 ? tokens.get(0) : null;
  }
}
