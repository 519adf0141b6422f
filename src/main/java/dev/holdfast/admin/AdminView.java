package dev.holdfast.admin;

import dev.holdfast.admin.Admission.Admitted;
import dev.holdfast.admin.Admission.Refused;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.store.TimeBudget;
import dev.holdfast.text.Json;
import dev.holdfast.text.Loggers;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The admin view of one application, for the servlet that is mapped to it. */
public final class AdminView {
  private static final String ATTRIBUTE = AdminView.class.getName();
  private static final Logger LOG = Loggers.of(AdminView.class);
  private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST");
  private static final String STYLE = "/style.css";

  private final Administered node;
  private final AdminAccess access;
  private final AdminRoutes routes;
  private final byte[] style;

  /** Costs nothing until it is asked. */
  public AdminView(Administered node) {
    this.node = node;
    this.access = new AdminAccess(node.settings().admin(), node.security());
    this.routes = new AdminRoutes(node);
    this.style = style();
  }

  private static byte[] style() {
    try (InputStream in = AdminView.class.getResourceAsStream("admin.css")) {
      if (in == null) {
        throw new IllegalStateException("admin.css is missing beside " + AdminView.class.getName());
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets the servlet find it. */
  public void publish(ServletContext context) {
    context.setAttribute(ATTRIBUTE, this);
  }

  /** Does nothing if that of another filter has taken its place. */
  public void withdraw(ServletContext context) {
    if (context.getAttribute(ATTRIBUTE) == this) {
      context.removeAttribute(ATTRIBUTE);
    }
  }

  /** The one of an application; null when Holdfast is not running there. */
  public static @Nullable AdminView of(ServletContext context) {
    return context.getAttribute(ATTRIBUTE) instanceof AdminView view ? view : null;
  }

  /** Answers a request. */
  public void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
    String path = request.getPathInfo();
    if (STYLE.equals(path)) {
      secure(response);
      response.setHeader("Cache-Control", "private, max-age=600");
      send(response, 200, "text/css;charset=UTF-8", style);
      return;
    }
    if (!METHODS.contains(request.getMethod())) {
      write(
          request,
          response,
          Reply.of(405, Notice.error("Not like this", "The admin view takes GET, HEAD and POST"))
              .with("Allow", "GET, HEAD, POST"));
      return;
    }
    Admission admission = access.judge(request, response);
    if (admission instanceof Refused refused) {
      refuse(request, response, refused);
    } else if (admission instanceof Admitted admitted) {
      write(request, response, reply(request, path, admitted));
    }
  }

  private void refuse(HttpServletRequest request, HttpServletResponse response, Refused refused)
      throws IOException {
    if (refused.status() == HttpServletResponse.SC_UNAUTHORIZED) {
      response.addHeader("WWW-Authenticate", "Basic realm=\"Holdfast admin\", charset=\"UTF-8\"");
      response.addHeader("WWW-Authenticate", "Bearer realm=\"Holdfast admin\"");
    }
    Reply reply = Reply.of(refused.status(), Notice.error("Not let in", refused.reason()));
    write(request, response, refused.status() == 429 ? reply.with("Retry-After", "1") : reply);
  }

  private Reply reply(HttpServletRequest request, @Nullable String path, Admitted admitted) {
    boolean acts = request.getMethod().equals("POST");
    String objection = acts && !admitted.byScript() ? SameOrigin.objection(request) : null;
    if (objection != null) {
      access.report(request, "a form of another site. " + objection);
      return Reply.of(403, Notice.error("Not let in", objection));
    }
    TimeBudget unlimited = TimeBudget.unlimited();
    try {
      if (request.getCharacterEncoding() == null) {
        request.setCharacterEncoding("UTF-8");
      }
      if (!hasParameters(request)) {
        return Reply.of(400, Notice.error("Not like this", "The parameters cannot be read"));
      }
      if (path == null && !acts) {
        String servlet = request.getServletPath();
        return Reply.to(servlet.substring(servlet.lastIndexOf('/') + 1) + "/");
      }
      String known = path == null ? "/" : path;
      return acts ? routes.act(known, request, admitted.name()) : routes.read(known, request);
    } catch (SessionStoreUnavailableException e) {
      return Reply.of(503, Notice.error("Redis cannot be asked", String.valueOf(e.getMessage())))
          .with("Retry-After", String.valueOf(node.settings().retryAfter().toSeconds()));
    } catch (IllegalArgumentException e) {
      return Reply.of(400, Notice.error("Not like this", String.valueOf(e.getMessage())));
    } catch (IllegalStateException e) {
      return Reply.of(409, Notice.error("Not with these settings", String.valueOf(e.getMessage())));
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "The admin view could not answer", e);
      return Reply.of(500, Notice.error("That failed", "The log of the server says why"));
    } finally {
      unlimited.end();
    }
  }

  /** Whether the parameters are well-formed; each container has another exception if not. */
  private static boolean hasParameters(HttpServletRequest request) {
    try {
      return request.getParameterMap() != null;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private void write(HttpServletRequest request, HttpServletResponse response, Reply reply)
      throws IOException {
    secure(response);
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("Vary", "Accept");
    reply.headers().forEach(response::setHeader);
    Page page = reply.page();
    boolean json = wantsJson(request);
    if (reply.location() != null && (page == null || !json)) {
      String format = reply.location().contains("?") ? "&format=json" : "?format=json";
      response.setHeader("Location", reply.location() + (json ? format : ""));
      send(response, reply.status(), "text/plain;charset=UTF-8", new byte[0]);
      return;
    }
    if (page == null) {
      throw new IllegalStateException("neither a page nor a redirect");
    }
    int status = reply.location() == null ? reply.status() : HttpServletResponse.SC_OK;
    String body = json ? Json.of(page.data()) + "\n" : html(page);
    send(
        response,
        status,
        json ? "application/json;charset=UTF-8" : "text/html;charset=UTF-8",
        body.getBytes(StandardCharsets.UTF_8));
  }

  /** Asked for in the address, or by a client that does not want HTML. */
  private static boolean wantsJson(HttpServletRequest request) {
    String query = request.getQueryString();
    if (query != null && ("&" + query + "&").contains("&format=json&")) {
      return true;
    }
    String accept = request.getHeader("Accept");
    return accept != null && accept.contains("application/json") && !accept.contains("text/html");
  }

  /**
   * OWASP Secure Headers; nothing is loaded but the style sheet, and no other page may frame it.
   */
  private static void secure(HttpServletResponse response) {
    response.setHeader(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri"
            + " 'none'");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Referrer-Policy", "same-origin");
    response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
  }

  private static void send(HttpServletResponse response, int status, String type, byte[] body)
      throws IOException {
    response.setStatus(status);
    response.setContentType(type);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  private String html(Page page) {
    Html html = new Html(node.now().get());
    html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
        .text(page.title())
        .raw(" · Holdfast</title>\n<link rel=\"stylesheet\" href=\"style.css\">\n</head>\n<body>\n")
        .raw("<header>\n<a class=\"brand\" href=\"./\">Holdfast <span>")
        .text(node.settings().app())
        .raw("</span></a>\n<nav aria-label=\"Admin view\">");
    entry(html, page, "overview", "./", "Overview");
    entry(html, page, "sessions", "sessions", "Sessions");
    entry(html, page, "users", "users", "Users");
    html.raw("</nav>\n<form class=\"find\" method=\"post\" action=\"find\" role=\"search\">")
        .raw("<input name=\"what\" aria-label=\"Session id or user\"")
        .raw(" placeholder=\"Session id or user\" autocomplete=\"off\" required>")
        .raw("<button class=\"quiet\">Find</button></form>\n</header>\n<main>\n");
    page.writeTo(html);
    return html.raw("</main>\n</body>\n</html>\n").toString();
  }

  private static void entry(Html html, Page page, String section, String address, String label) {
    html.raw("<a")
        .value("href", address)
        .raw(page.section().equals(section) ? " aria-current=\"page\">" : ">")
        .raw(label)
        .raw("</a>");
  }
}
