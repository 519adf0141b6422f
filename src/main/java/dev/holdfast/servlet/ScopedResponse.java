package dev.holdfast.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A response for as long as its request lasts, and no longer (Servlet 6.1, 5.8). Containers use the
 * object again for the next request of the connection, so what a thread of the application does too
 * late would be in the answer to somebody else's request.
 *
 * <p>After the end it is as a response that has been sent: headers and status are ignored, and what
 * a committed response refuses is refused.
 */
abstract class ScopedResponse extends HttpServletResponseWrapper {
  private final CommitGuard guard;

  ScopedResponse(HttpServletResponse container, CommitGuard guard) {
    super(container);
    this.guard = guard;
  }

  /** {@return whether the container's response is still that of this request} */
  private boolean isOpen() {
    return !guard.isOver();
  }

  /**
   * Refuses what cannot be ignored.
   *
   * @throws IllegalStateException when the request has ended
   */
  final void requireOpen(String call) {
    if (!isOpen()) {
      throw new IllegalStateException(
          call
              + ": the request has ended, and its response with it; an asynchronous part must be"
              + " done with both before it calls complete()");
    }
  }

  @Override
  public boolean isCommitted() {
    return !isOpen() || super.isCommitted();
  }

  // Refused

  @Override
  public ServletOutputStream getOutputStream() throws IOException {
    requireOpen("getOutputStream");
    return super.getOutputStream();
  }

  @Override
  public PrintWriter getWriter() throws IOException {
    requireOpen("getWriter");
    return super.getWriter();
  }

  @Override
  public void reset() {
    requireOpen("reset");
    super.reset();
  }

  @Override
  public void resetBuffer() {
    requireOpen("resetBuffer");
    super.resetBuffer();
  }

  @Override
  public void setBufferSize(int size) {
    requireOpen("setBufferSize");
    super.setBufferSize(size);
  }

  @Override
  public void setTrailerFields(@Nullable Supplier<Map<String, String>> supplier) {
    requireOpen("setTrailerFields");
    super.setTrailerFields(supplier);
  }

  // Ignored

  @Override
  public void flushBuffer() throws IOException {
    if (isOpen()) {
      super.flushBuffer();
    }
  }

  @Override
  public void setStatus(int status) {
    if (isOpen()) {
      super.setStatus(status);
    }
  }

  /**
   * What the response had until Servlet 5.0 and has in the javax jar. The message is dropped, as
   * Tomcat does: clients should ignore it (RFC 9112, 4).
   */
  public void setStatus(int status, @Nullable String message) {
    setStatus(status);
  }

  @Override
  public void setContentLength(int length) {
    if (isOpen()) {
      super.setContentLength(length);
    }
  }

  @Override
  public void setContentLengthLong(long length) {
    if (isOpen()) {
      super.setContentLengthLong(length);
    }
  }

  @Override
  public void setContentType(@Nullable String type) {
    if (isOpen()) {
      super.setContentType(type);
    }
  }

  @Override
  public void setCharacterEncoding(@Nullable String encoding) {
    if (isOpen()) {
      super.setCharacterEncoding(encoding);
    }
  }

  @Override
  public void setCharacterEncoding(@Nullable Charset encoding) {
    if (isOpen()) {
      super.setCharacterEncoding(encoding);
    }
  }

  @Override
  public void setLocale(Locale locale) {
    if (isOpen()) {
      super.setLocale(locale);
    }
  }

  @Override
  public void addCookie(Cookie cookie) {
    if (isOpen()) {
      super.addCookie(cookie);
    }
  }

  @Override
  public void setHeader(String name, @Nullable String value) {
    if (isOpen()) {
      super.setHeader(name, value);
    }
  }

  @Override
  public void addHeader(String name, @Nullable String value) {
    if (isOpen()) {
      super.addHeader(name, value);
    }
  }

  @Override
  public void setIntHeader(String name, int value) {
    if (isOpen()) {
      super.setIntHeader(name, value);
    }
  }

  @Override
  public void addIntHeader(String name, int value) {
    if (isOpen()) {
      super.addIntHeader(name, value);
    }
  }

  @Override
  public void setDateHeader(String name, long date) {
    if (isOpen()) {
      super.setDateHeader(name, date);
    }
  }

  @Override
  public void addDateHeader(String name, long date) {
    if (isOpen()) {
      super.addDateHeader(name, date);
    }
  }
}
