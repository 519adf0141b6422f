package dev.holdfast.servlet;

import dev.holdfast.api.LoginRefusedException;
import dev.holdfast.session.Takeovers;
import dev.holdfast.session.Takeovers.Led;
import dev.holdfast.session.Takeovers.OldSession;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sessions from before Holdfast that requests still ask for. A request that sends a token of
 * ours is none of them until that leads nowhere.
 */
final class OldSessions {
  private final Takeovers takeovers;
  private final List<Keeper> keepers;

  /** Somebody who keeps such sessions. */
  interface Keeper {

    /**
     * The session that a request asks for by its id, whether or not there is one; waits for nobody.
     */
    @Nullable OldSession askedFor(HttpServletRequest request);

    /** Makes the client forget the id. */
    void expireCookie(HttpServletRequest request, HttpServletResponse response);

    /** One line for the start-up report. */
    String describe();
  }

  OldSessions(Takeovers takeovers, List<Keeper> keepers) {
    this.takeovers = takeovers;
    this.keepers = List.copyOf(keepers);
  }

  /** Whether the client asks for one. */
  boolean areAskedFor(HttpServletRequest request) {
    for (Keeper keeper : keepers) {
      if (keeper.askedFor(request) != null) {
        return true;
      }
    }
    return false;
  }

  /** Where the request's old session leads, if it has one; the client is to forget its id. */
  @Nullable Led lead(HttpServletRequest request, HttpServletResponse response) {
    for (Keeper keeper : keepers) {
      OldSession old = keeper.askedFor(request);
      Led led = old == null ? null : lead(old);
      if (led != null) {
        if (!response.isCommitted()) {
          keeper.expireCookie(request, response);
        }
        return led;
      }
    }
    return null;
  }

  private @Nullable Led lead(OldSession old) {
    try {
      return takeovers.lead(old);
    } catch (LoginRefusedException e) {
      // Reported where it was refused. The old session stays as it is.
      return null;
    }
  }

  /** Tells the listeners of an id that has changed. */
  void announce(Led led) {
    takeovers.announce(led);
  }

  /** The line of the start-up report. */
  String describe() {
    return "takeover: "
        + String.join(" and ", keepers.stream().map(Keeper::describe).toList())
        + " go on here";
  }
}
