package dev.holdfast.container.app;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.ArrayList;
import java.util.List;

/** Steps that ask what applications seldom ask. */
final class EdgeSteps {

  private final HttpServletRequest request;
  private final SessionSteps sessions;

  EdgeSteps(HttpServletRequest request, SessionSteps sessions) {
    this.request = request;
    this.sessions = sessions;
  }

  /** The step's result, or null if the verb is not one of these. */
  String take(Step step) {
    switch (step.verb()) {
      case "now" -> {
        return String.valueOf(System.currentTimeMillis());
      }
      case "null-get" -> {
        return String.valueOf(session().getAttribute(null));
      }
      case "null-set" -> session().setAttribute(null, "value");
      case "null-remove" -> session().removeAttribute(null);
      case "session-instance" -> {
        return Integer.toHexString(System.identityHashCode(session()));
      }
      case "session-context" -> {
        return session().getServletContext().getContextPath();
      }
      case "share" -> {
        List<String> shared = new ArrayList<>();
        session().setAttribute(step.word(1), shared);
        session().setAttribute(step.word(2), shared);
      }
      case "shared" -> {
        return String.valueOf(
            session().getAttribute(step.word(1)) == session().getAttribute(step.word(2)));
      }
      case "original" -> {
        return String.valueOf(request.getAsyncContext().hasOriginalRequestAndResponse());
      }
      case "accessor" -> Servlet61Steps.accessor(session());
      case "accessor-set" -> Servlet61Steps.setByAccessor(session(), step.word(1), step.rest(2));
      default -> {
        return null;
      }
    }
    return "done";
  }

  private HttpSession session() {
    return sessions.session();
  }
}
