package dev.holdfast.cli;

import dev.holdfast.api.SessionInfo;
import dev.holdfast.security.SessionToken;
import dev.holdfast.store.ExpiryIndex;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds sessions by what an admin types: the id that {@code HttpSession.getId()} gives, or the
 * first characters of it.
 */
final class SessionNames {
  private static final int LEAST = 6;
  private static final int PAGE = 1_000;

  /**
   * As many characters of an id are those of the locator; the next one holds bits of something
   * else.
   */
  private static final int LOCATOR = 21;

  /** More than that many sessions need not be told apart. */
  private static final int MANY = 20;

  private final Installation installation;

  SessionNames(Installation installation) {
    this.installation = installation;
  }

  /**
   * The locator of the session with that id, or the only one whose id begins so.
   *
   * @return null when there is none
   * @throws IllegalNameException when the text is no id and no beginning of one, or that of several
   */
  @Nullable String locator(String text) {
    String whole = SessionToken.locatorOf(text);
    if (whole != null) {
      return whole;
    }
    if (!text.matches("[A-Za-z0-9_-]{" + LEAST + ",42}")) {
      throw new IllegalNameException(
          "an id of a session, or at least " + LEAST + " characters of its beginning, is needed");
    }
    List<String> found = new ArrayList<>();
    for (String candidate : candidates(text.substring(0, Math.min(LOCATOR, text.length())))) {
      SessionInfo session = installation.users.find(candidate);
      if (session != null && session.id().startsWith(text)) {
        found.add(candidate);
      }
    }
    if (found.size() > 1) {
      throw new IllegalNameException(
          (found.size() >= MANY ? MANY + " or more" : String.valueOf(found.size()))
              + " sessions begin so; give more of the id");
    }
    return found.isEmpty() ? null : found.get(0);
  }

  private Set<String> candidates(String beginning) {
    Set<String> candidates = new LinkedHashSet<>();
    String cursor = null;
    do {
      ExpiryIndex.Page page = installation.index.page(cursor, PAGE);
      for (String locator : page.locators()) {
        if (locator.startsWith(beginning) && candidates.size() < MANY) {
          candidates.add(locator);
        }
      }
      cursor = page.next();
    } while (cursor != null && candidates.size() < MANY);
    return candidates;
  }

  /** What was typed names no session. */
  static final class IllegalNameException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    IllegalNameException(String message) {
      super(message);
    }
  }
}
