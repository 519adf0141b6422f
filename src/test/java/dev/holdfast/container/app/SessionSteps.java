package dev.holdfast.container.app;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * Steps on the session and on the user. {@code keep} gets hold of the session object, so that later
 * steps use it even after it was invalidated; without it each step asks the request again. {@code
 * publish x} and {@code hold x} hand it from one request to another. Names and values may be
 * percent-encoded.
 */
final class SessionSteps {

  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private HttpSession kept;

  SessionSteps(HttpServletRequest request, HttpServletResponse response) {
    this.request = request;
    this.response = response;
  }

  /** The step's result, or null if the verb is not one of these. */
  String take(Step step) throws Exception {
    return switch (step.verb()) {
      case "create" -> request.getSession().getId();
      case "session" -> {
        HttpSession session = request.getSession(false);
        yield session == null ? "none" : session.getId();
      }
      case "keep" -> {
        kept = request.getSession();
        yield kept.getId();
      }
      case "publish" -> {
        request.getServletContext().setAttribute("published " + step.word(1), session());
        yield "done";
      }
      case "hold" -> {
        kept = (HttpSession) request.getServletContext().getAttribute("published " + step.word(1));
        yield kept.getId();
      }
      case "same-session" -> {
        HttpSession first = request.getSession(false);
        yield String.valueOf(first == request.getSession(false));
      }
      case "invalidate" -> {
        session().invalidate();
        yield "done";
      }
      case "rotate" -> request.changeSessionId();
      case "requested-id" -> String.valueOf(request.getRequestedSessionId());
      case "requested-valid" -> String.valueOf(request.isRequestedSessionIdValid());
      case "from-cookie" -> String.valueOf(request.isRequestedSessionIdFromCookie());
      case "from-url" -> String.valueOf(request.isRequestedSessionIdFromURL());
      case "encode" -> response.encodeURL(step.raw(1));
      case "encode-redirect" -> response.encodeRedirectURL(step.raw(1));
      case "id", "is-new", "created", "last-accessed", "max-inactive", "names" -> property(step);
      case "get", "type", "instance", "same-instance", "add", "remove" -> attribute(step);
      case "login", "logout", "authenticate", "user", "auth-type", "in-role" -> user(step);
      case "has-class" -> hasClass(step.word(1));
      default -> step.verb().startsWith("set") ? set(step) : null;
    };
  }

  /** The session kept, else the request's own. */
  HttpSession session() {
    HttpSession session = kept != null ? kept : request.getSession(false);
    if (session == null) {
      throw new IllegalArgumentException("no session");
    }
    return session;
  }

  private String property(Step step) {
    HttpSession session = session();
    return switch (step.verb()) {
      case "id" -> session.getId();
      case "is-new" -> String.valueOf(session.isNew());
      case "created" -> String.valueOf(session.getCreationTime());
      case "last-accessed" -> String.valueOf(session.getLastAccessedTime());
      case "names" ->
          Collections.list(session.getAttributeNames()).stream().sorted().toList().toString();
      default -> {
        if (step.has(1)) {
          session.setMaxInactiveInterval(step.number(1));
        }
        yield String.valueOf(session.getMaxInactiveInterval());
      }
    };
  }

  /** All verbs that begin with {@code set}; they create a session if there is none. */
  private String set(Step step) throws ReflectiveOperationException {
    HttpSession session = kept != null ? kept : request.getSession();
    switch (step.verb()) {
      case "set" -> session.setAttribute(step.word(1), step.rest(2));
      case "set-again" -> session.setAttribute(step.word(1), session.getAttribute(step.word(1)));
      case "set-null" -> session.setAttribute(step.word(1), null);
      case "set-list" ->
          session.setAttribute(
              step.word(1), new ArrayList<>(Arrays.asList(step.rest(2).split(","))));
      case "set-cart" -> session.setAttribute(step.word(1), new Cart());
      case "set-bytes" -> session.setAttribute(step.word(1), new byte[step.number(2)]);
      case "set-bound" -> session.setAttribute(step.word(1), new Bound(step.rest(2)));
      case "set-unserializable" ->
          session.setAttribute(step.word(1), new Unserializable(step.rest(2)));
      case "set-new" ->
          session.setAttribute(
              step.word(1),
              Class.forName(step.word(2)).getConstructor(String.class).newInstance(step.rest(3)));
      case "set-named-by" -> session.setAttribute("n".repeat(step.number(1)), step.rest(2));
      case "set-by-thread" ->
          CompletableFuture.runAsync(
                  () -> session.setAttribute(step.word(1), step.word(2)),
                  work -> new Thread(work, "probe-thread").start())
              .join();
      case "set-in-parallel" ->
          IntStream.range(0, step.number(2))
              .parallel()
              .forEach(i -> session.setAttribute(step.word(1) + i, "value " + i));
      default -> {
        return null;
      }
    }
    return "done";
  }

  private String attribute(Step step) {
    HttpSession session = session();
    String name = step.word(1);
    Object value = session.getAttribute(name);
    return switch (step.verb()) {
      case "get" -> value instanceof byte[] bytes ? "byte[" + bytes.length + "]" : value + "";
      case "type" -> value == null ? "none" : value.getClass().getName();
      case "instance" -> Integer.toHexString(System.identityHashCode(value));
      case "same-instance" -> String.valueOf(value == session.getAttribute(name));
      case "remove" -> {
        session.removeAttribute(name);
        yield "done";
      }
      default -> {
        items(value).add(step.rest(2));
        yield value.toString();
      }
    };
  }

  @SuppressWarnings("unchecked") // set-list makes lists of strings
  private static List<String> items(Object value) {
    return value instanceof Cart cart ? cart.items() : (List<String>) value;
  }

  private String user(Step step) throws Exception {
    return switch (step.verb()) {
      case "login" -> {
        request.login(step.word(1), step.word(2));
        yield "done";
      }
      case "logout" -> {
        request.logout();
        yield "done";
      }
      case "authenticate" -> String.valueOf(request.authenticate(response));
      case "user" -> request.getRemoteUser() + " " + (request.getUserPrincipal() != null);
      case "auth-type" -> String.valueOf(request.getAuthType());
      default -> String.valueOf(request.isUserInRole(step.word(1)));
    };
  }

  private static String hasClass(String name) {
    try {
      Class<?> found = Class.forName(name);
      return "from " + found.getProtectionDomain().getCodeSource();
    } catch (ClassNotFoundException e) {
      return "no";
    }
  }
}
