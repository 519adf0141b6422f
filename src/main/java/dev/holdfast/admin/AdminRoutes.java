package dev.holdfast.admin;

import dev.holdfast.admin.PageLinks.Kind;
import dev.holdfast.api.SecurityEvent;
import dev.holdfast.security.SessionToken;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of the admin view, all beside each other, so that each can lead to each by its name
 * alone, whatever a proxy puts before it.
 */
final class AdminRoutes {
  private static final Set<String> READING =
      Set.of("/", "/sessions", "/users", "/user", "/session");

  /** The longest text that is looked for, in characters. */
  private static final int MAX_SOUGHT = 20_000;

  private static final Set<String> ACTING = Set.of("/find", "/end", "/end-user", "/value");

  private final Administered node;
  private final AdminPages pages;
  private final PageLinks links;

  AdminRoutes(Administered node) {
    this.node = node;
    this.links =
        new PageLinks(
            node.settings().admin().token(),
            node.settings().prefix() + ":" + node.settings().app());
    this.pages = new AdminPages(node, links);
  }

  /** What a GET gives; it changes nothing. */
  Reply read(String path, HttpServletRequest request) {
    if (ACTING.contains(path)) {
      return notAllowed("POST");
    }
    String after = request.getParameter("after");
    return switch (path) {
      case "/" -> pages.overview();
      case "/sessions" -> Reply.of(pages.sessions(after, ended(request)));
      case "/users" -> Reply.of(pages.users(after));
      case "/user" -> {
        String user = user(request);
        yield user == null ? missing("user") : Reply.of(pages.user(user, ended(request)));
      }
      case "/session" -> {
        String locator = links.read(Kind.SESSION, request.getParameter("at"));
        yield locator == null ? missing("session") : pages.session(locator);
      }
      default -> nothing();
    };
  }

  /**
   * What a POST does. To list users and those of one is no act, and still takes one.
   *
   * @param actor who asks for it, for the security log
   */
  Reply act(String path, HttpServletRequest request, String actor) {
    return switch (path) {
      case "/find" -> find(request);
      case "/end" -> end(request, actor);
      case "/end-user" -> endUser(request, actor);
      case "/value" -> value(request, actor);
      // A form carries what is too long for an address.
      case "/users", "/user" -> read(path, request);
      default -> READING.contains(path) ? notAllowed("GET, HEAD") : nothing();
    };
  }

  /** Leads to a session by its id, else to a user by their name. */
  private Reply find(HttpServletRequest request) {
    String sought = request.getParameter("what");
    if (sought == null || sought.isBlank()) {
      return Reply.of(400, Notice.error("Nothing to find", "Give a session id or a user as what"));
    }
    if (sought.length() > MAX_SOUGHT) {
      return Reply.of(
          400,
          Notice.error(
              "Not like this",
              "That has " + sought.length() + " characters; " + MAX_SOUGHT + " can be looked for"));
    }
    String locator = SessionToken.locatorOf(sought.strip());
    if (locator != null && node.users().find(locator) != null) {
      return Reply.to("session?at=" + links.of(Kind.SESSION, locator));
    }
    String link = links.of(Kind.USER, sought);
    return PageLinks.fitsAddress(link)
        ? Reply.to("user?at=" + link)
        : Reply.of(pages.user(sought, null));
  }

  private Reply end(HttpServletRequest request, String actor) {
    String locator = locator(request, "at", "id");
    if (locator == null) {
      return missing("session");
    }
    int ended = node.users().end(locator, "ended in the admin view by " + actor) ? 1 : 0;
    report(locator, actor + " ended a session" + (ended == 0 ? ", which was over already" : ""));
    String user = request.getParameter("of");
    return done(ended, links.read(Kind.USER, user) == null ? null : user);
  }

  private Reply endUser(HttpServletRequest request, String actor) {
    String user = user(request);
    if (user == null) {
      return missing("user");
    }
    String kept = locator(request, "keep", "keep-id");
    if (kept == null && (isGiven(request, "keep") || isGiven(request, "keep-id"))) {
      return missing("session");
    }
    int ended =
        node.users()
            .endAll(user, kept, "ended in the admin view, as one of all of a user, by " + actor);
    report(
        kept,
        actor
            + " ended "
            + ended
            + " sessions of user "
            + user
            + (kept == null ? "" : ", all but this one"));
    return done(ended, links.of(Kind.USER, user));
  }

  /**
   * Leads on to the user whose sessions have ended, or to all sessions.
   *
   * @param user names the user in an address; null to show all
   */
  private static Reply done(int ended, @Nullable String user) {
    return user == null || !PageLinks.fitsAddress(user)
        ? Reply.done(new Ended(ended), "sessions?ended=" + ended)
        : Reply.done(new Ended(ended), "user?at=" + user + "&ended=" + ended);
  }

  private Reply value(HttpServletRequest request, String actor) {
    String locator = locator(request, "at", "id");
    String link = request.getParameter("attribute");
    String attribute =
        link == null ? request.getParameter("name") : links.read(Kind.ATTRIBUTE, link);
    if (locator == null) {
      return missing("session");
    }
    if (attribute == null) {
      return missing("attribute");
    }
    if (pages.isMasked(attribute)) {
      report(locator, actor + " was not shown attribute " + attribute + ": admin.mask hides it");
      return Reply.of(
          403,
          Notice.error(
              "Masked", "Values of attributes with such a name are not shown: admin.mask"));
    }
    report(locator, actor + " was shown the value of attribute " + attribute);
    return pages.value(locator, attribute);
  }

  private void report(@Nullable String locator, String what) {
    node.security().report(SecurityEvent.Kind.ADMIN_ACTED, locator, what);
  }

  /** The user that a request names. */
  private @Nullable String user(HttpServletRequest request) {
    String link = request.getParameter("at");
    return link == null ? request.getParameter("name") : links.read(Kind.USER, link);
  }

  /** The session that a request names, as a page does or as a script does. */
  private @Nullable String locator(HttpServletRequest request, String link, String id) {
    return isGiven(request, link)
        ? links.read(Kind.SESSION, request.getParameter(link))
        : SessionToken.locatorOf(request.getParameter(id));
  }

  private static boolean isGiven(HttpServletRequest request, String name) {
    String value = request.getParameter(name);
    return value != null && !value.isEmpty();
  }

  /** How many sessions the act before has ended. */
  private static @Nullable Integer ended(HttpServletRequest request) {
    String ended = request.getParameter("ended");
    return ended != null && ended.matches("[0-9]{1,6}") ? Integer.valueOf(ended) : null;
  }

  private static Reply missing(String what) {
    return Reply.of(
        400,
        Notice.error(
            "Which " + what + "?",
            "The request does not name the " + what + ", or not as pages do"));
  }

  private static Reply nothing() {
    return Reply.of(404, Notice.error("Nothing here", "The admin view has no such page"));
  }

  private static Reply notAllowed(String allowed) {
    return Reply.of(405, Notice.error("Not like this", "This address takes " + allowed + " only"))
        .with("Allow", allowed);
  }
}
