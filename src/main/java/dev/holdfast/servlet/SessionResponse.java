package dev.holdfast.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/**
 * The response, which saves the session before anything can reach the client and keeps its cookie
 * in the headers.
 *
 * <p>Every call that commits, or may commit, saves first; see {@link CommitGuard} for the body. A
 * save that fails throws out of that call, and the scope answers 503, 409 or 500 whatever the
 * application does with the exception.
 */
final class SessionResponse extends ScopedResponse {
  private static final String CONTENT_LENGTH = "Content-Length";
  private static final String SET_COOKIE = "Set-Cookie";

  private final HttpServletResponse container;
  private final RequestScope scope;
  private final CommitGuard guard;
  private @Nullable GuardedOutputStream stream;
  private @Nullable GuardedWriter writer;

  SessionResponse(HttpServletResponse container, RequestScope scope) {
    super(container, scope.guard());
    this.container = container;
    this.scope = scope;
    this.guard = scope.guard();
  }

  /** {@code response} if the way through it saves, else one around it that does. */
  static ServletResponse around(ServletResponse response, RequestScope scope) {
    ServletResponse current = response;
    while (!(current instanceof SessionResponse ours && ours.scope == scope)) {
      if (!(current instanceof ServletResponseWrapper wrapper)) {
        return response instanceof HttpServletResponse http
            ? new SessionResponse(http, scope)
            : response;
      }
      current = wrapper.getResponse();
    }
    return response;
  }

  /** The container's response behind one that {@link #around} has given for this scope. */
  static HttpServletResponse containerOf(ServletResponse response, RequestScope scope) {
    ServletResponse current = response;
    while (!(current instanceof SessionResponse ours && ours.scope == scope)) {
      current = ((ServletResponseWrapper) current).getResponse();
    }
    return ((SessionResponse) current).container;
  }

  /** The container is asked each time: it says whether there may be one, and may have another. */
  @Override
  public ServletOutputStream getOutputStream() throws IOException {
    ServletOutputStream present = super.getOutputStream();
    GuardedOutputStream guarded = stream;
    if (guarded == null || !guarded.isAround(present)) {
      guarded = new GuardedOutputStream(present, guard);
      stream = guarded;
    }
    return guarded;
  }

  @Override
  public PrintWriter getWriter() throws IOException {
    PrintWriter present = super.getWriter();
    GuardedWriter guarded = writer;
    if (guarded == null || !guarded.isAround(present)) {
      guarded = new GuardedWriter(present, guard);
      writer = guarded;
    }
    return guarded;
  }

  @Override
  public void flushBuffer() throws IOException {
    guard.committing();
    super.flushBuffer();
  }

  @Override
  public void sendError(int status) throws IOException {
    if (!refuse()) {
      scope.cookie().errorIsSent();
      super.sendError(status);
    }
  }

  @Override
  public void sendError(int status, String message) throws IOException {
    if (!refuse()) {
      scope.cookie().errorIsSent();
      super.sendError(status, message);
    }
  }

  /**
   * Whether an error of the application is answered as the failure of the store that came before
   * it.
   */
  private boolean refuse() throws IOException {
    requireOpen("sendError");
    if (scope.refusal() == null) {
      guard.committing();
      return false;
    }
    if (!container.isCommitted()) {
      scope.refuseTo(container);
    }
    return true;
  }

  @Override
  public void sendRedirect(String location) throws IOException {
    requireOpen("sendRedirect");
    guard.committing();
    super.sendRedirect(location);
  }

  @Override
  public void sendRedirect(String location, boolean clearBuffer) throws IOException {
    requireOpen("sendRedirect");
    guard.committing();
    super.sendRedirect(location, clearBuffer);
  }

  @Override
  public void sendRedirect(String location, int status) throws IOException {
    requireOpen("sendRedirect");
    guard.committing();
    super.sendRedirect(location, status);
  }

  @Override
  public void sendRedirect(String location, int status, boolean clearBuffer) throws IOException {
    requireOpen("sendRedirect");
    guard.committing();
    super.sendRedirect(location, status, clearBuffer);
  }

  @Override
  public void setBufferSize(int size) {
    super.setBufferSize(size);
    guard.bufferResized();
  }

  @Override
  public void reset() {
    super.reset();
    guard.reset();
    guard.contentLength(-1);
    scope.resendCookie();
  }

  @Override
  public void resetBuffer() {
    super.resetBuffer();
    guard.reset();
  }

  @Override
  public void setContentLength(int length) {
    guard.contentLength(length);
    super.setContentLength(length);
  }

  @Override
  public void setContentLengthLong(long length) {
    guard.contentLength(length);
    super.setContentLengthLong(length);
  }

  @Override
  public void setHeader(String name, @Nullable String value) {
    if (scope.cookie().forbids(name)) {
      return;
    }
    noticeLength(name, value);
    super.setHeader(name, value);
    if (SET_COOKIE.equalsIgnoreCase(name)) {
      scope.resendCookie();
    }
  }

  @Override
  public void addHeader(String name, @Nullable String value) {
    if (scope.cookie().forbids(name)) {
      return;
    }
    noticeLength(name, value);
    super.addHeader(name, value);
  }

  @Override
  public void setIntHeader(String name, int value) {
    noticeLength(name, String.valueOf(value));
    super.setIntHeader(name, value);
  }

  @Override
  public void addIntHeader(String name, int value) {
    noticeLength(name, String.valueOf(value));
    super.addIntHeader(name, value);
  }

  private void noticeLength(String name, @Nullable String value) {
    if (CONTENT_LENGTH.equalsIgnoreCase(name) && value != null) {
      try {
        guard.contentLength(Long.parseLong(value.strip()));
      } catch (NumberFormatException e) {
        // The container refuses or ignores it, and so does the guard.
      }
    }
  }

  @Override
  public String encodeURL(String url) {
    return scope.encode(url);
  }

  @Override
  public String encodeRedirectURL(String url) {
    return scope.encode(url);
  }

  // Until Servlet 5.0 these were further names of the two above, which they override in the javax
  // jar.

  public String encodeUrl(String url) {
    return encodeURL(url);
  }

  public String encodeRedirectUrl(String url) {
    return encodeRedirectURL(url);
  }
}
