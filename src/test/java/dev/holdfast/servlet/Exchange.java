package dev.holdfast.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.reflect.Proxy;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request and its response as a container keeps them, without a container. The request answers
 * what the tests of this package need and throws in everything else. The response follows the
 * Servlet specification, 5.1 to 5.6, and remembers what the client gets.
 */
final class Exchange {
  /** Containers differ in when a response leaves. */
  enum Kind {
    /** A body leaves when the buffer is full, an error at once. */
    TOMCAT,
    /**
     * One write of more than a quarter of the buffer leaves at once. An error leaves when its page
     * has been made: until then the response calls itself committed and still takes headers.
     */
    JETTY
  }

  final Response response;

  private final List<Cookie> cookies = new ArrayList<>();
  private final Map<String, Object> attributes = new HashMap<>();
  private String uri = "/shop/page";
  private boolean asyncStarted;

  Exchange() {
    this(Kind.TOMCAT);
  }

  Exchange(Kind kind) {
    this.response = new Response(kind);
  }

  /** The client sends this cookie too. */
  Exchange cookie(String name, String value) {
    cookies.add(new Cookie(name, value));
    return this;
  }

  /** What the client asks for; {@code /shop/page} unless told otherwise. */
  Exchange uri(String asked) {
    uri = asked;
    return this;
  }

  /** Whether an asynchronous cycle is open. */
  void asyncStarted(boolean started) {
    asyncStarted = started;
  }

  /** The request in its first dispatch. */
  HttpServletRequest request() {
    return dispatched(DispatcherType.REQUEST);
  }

  /** The same request in another dispatch. */
  HttpServletRequest dispatched(DispatcherType type) {
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            Exchange.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) -> answer(type, method.getName(), arguments));
  }

  private @Nullable Object answer(
      DispatcherType type, String method, Object @Nullable [] arguments) {
    String name = arguments != null && arguments[0] instanceof String text ? text : "";
    Object value = arguments != null && arguments.length > 1 ? arguments[1] : null;
    return switch (method) {
      case "getDispatcherType" -> type;
      case "getMethod" -> "GET";
      case "getScheme" -> "https";
      case "isSecure" -> true;
      case "getServerName" -> "shop.example";
      case "getServerPort" -> 443;
      case "getRequestURI" -> uri;
      case "getCookies" -> cookies.isEmpty() ? null : cookies.toArray(Cookie[]::new);
      case "isAsyncStarted" -> asyncStarted;
      case "getAttribute" -> attributes.get(name);
      case "setAttribute" -> attributes.put(name, value);
      case "removeAttribute" -> attributes.remove(name);
      case "getHeader", "getRemoteUser", "getAuthType", "getSession" -> null;
      case "toString" -> type + " " + uri;
      default -> throw new UnsupportedOperationException(method);
    };
  }

  /** The response, of which the client has what is {@code sent}. */
  static final class Response implements HttpServletResponse {
    private static final int BUFFER = 8192;
    private static final int LARGE_WRITE_DIVISOR = 4;
    private static final String CONTENT_LENGTH = "Content-Length";
    private static final String CONTENT_TYPE = "Content-Type";
    private static final String SET_COOKIE = "Set-Cookie";

    private final Kind kind;
    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();

    private final Map<String, List<String>> sentHeaders =
        new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final ByteArrayOutputStream sentBody = new ByteArrayOutputStream();
    private int sentStatus;

    private Runnable beforeFirstByte = () -> {};
    private int status = SC_OK;
    private int bufferSize = BUFFER;
    private String encoding = StandardCharsets.ISO_8859_1.name();
    private @Nullable ServletOutputStream stream;
    private @Nullable PrintWriter writer;

    /** Bytes of the body since the start or the last reset, sent or not. */
    private long written;

    /** Whether the head has left. */
    private boolean committed;

    /** Whether an error waits for its page. */
    private boolean errorPending;

    /** Whether all has left. */
    private boolean closed;

    Response(Kind kind) {
      this.kind = kind;
    }

    /** Has {@code look} run when the first byte is about to leave, and nothing has yet. */
    void beforeFirstByte(Runnable look) {
      beforeFirstByte = look;
    }

    /** The container sends what is left, as it does when the request has ended. */
    void finish() {
      if (!closed) {
        send();
        closed = true;
      }
    }

    /** The container calls the error page, which gets an open response. */
    void errorPageBegins() {
      errorPending = false;
      buffer.reset();
    }

    /** The container uses this object again for the connection's next request. */
    void nextRequestBegins() {
      sentBody.reset();
      sentHeaders.clear();
      sentStatus = 0;
      written = 0;
      committed = false;
      closed = false;
      reset();
    }

    /** The status that has left; 0 when nothing has. */
    int sentStatus() {
      return sentStatus;
    }

    /** The fields of a header that have left, in order. */
    List<String> sent(String header) {
      return sentHeaders.getOrDefault(header, List.of());
    }

    /** The body that has left. */
    byte[] sentBody() {
      return sentBody.toByteArray();
    }

    private void body(byte[] bytes, int offset, int length) {
      if (closed || errorPending) {
        return;
      }
      buffer.write(bytes, offset, length);
      written += length;
      boolean atOnce = kind == Kind.JETTY && length > bufferSize / LARGE_WRITE_DIVISOR;
      if (atOnce || buffer.size() >= bufferSize) {
        send();
      }
      finishIfComplete();
    }

    private void finishIfComplete() {
      String declared = getHeader(CONTENT_LENGTH);
      if (declared != null && written > 0 && written >= Long.parseLong(declared)) {
        finish();
      }
    }

    private void send() {
      if (!committed) {
        beforeFirstByte.run();
        committed = true;
        sentStatus = status;
        headers.forEach((name, values) -> sentHeaders.put(name, List.copyOf(values)));
      }
      sentBody.writeBytes(buffer.toByteArray());
      buffer.reset();
    }

    private void requireOpen(String call) {
      if (isCommitted()) {
        throw new IllegalStateException(call + ": the response is committed");
      }
    }

    // Body

    @Override
    public ServletOutputStream getOutputStream() {
      if (writer != null) {
        throw new IllegalStateException("getOutputStream: getWriter has been called");
      }
      ServletOutputStream present = stream;
      if (present == null) {
        present = new Bytes();
        stream = present;
      }
      return present;
    }

    @Override
    public PrintWriter getWriter() {
      if (stream != null) {
        throw new IllegalStateException("getWriter: getOutputStream has been called");
      }
      PrintWriter present = writer;
      if (present == null) {
        present = new PrintWriter(new Text(Charset.forName(encoding)));
        writer = present;
      }
      return present;
    }

    private final class Bytes extends ServletOutputStream {
      @Override
      public void write(int b) {
        body(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) {
        body(bytes, offset, length);
      }

      @Override
      public void flush() {
        flushBuffer();
      }

      @Override
      public void close() {
        finish();
      }

      @Override
      public boolean isReady() {
        return true;
      }

      @Override
      public void setWriteListener(WriteListener listener) {
        throw new UnsupportedOperationException("setWriteListener");
      }
    }

    /** Has no buffer of its own. */
    private final class Text extends Writer {
      private final Charset charset;

      Text(Charset charset) {
        this.charset = charset;
      }

      @Override
      public void write(char[] chars, int offset, int length) {
        byte[] bytes = new String(chars, offset, length).getBytes(charset);
        body(bytes, 0, bytes.length);
      }

      @Override
      public void flush() {
        flushBuffer();
      }

      @Override
      public void close() {
        finish();
      }
    }

    @Override
    public int getBufferSize() {
      return bufferSize;
    }

    @Override
    public void setBufferSize(int size) {
      requireOpen("setBufferSize");
      if (written > 0) {
        throw new IllegalStateException("setBufferSize: there is a body already");
      }
      bufferSize = size;
    }

    @Override
    public void flushBuffer() {
      if (!closed && !errorPending) {
        send();
      }
    }

    @Override
    public void resetBuffer() {
      requireOpen("resetBuffer");
      buffer.reset();
      written = 0;
    }

    @Override
    public void reset() {
      resetBuffer();
      headers.clear();
      status = SC_OK;
      encoding = StandardCharsets.ISO_8859_1.name();
      stream = null;
      writer = null;
    }

    @Override
    public boolean isCommitted() {
      return committed || errorPending;
    }

    // Status

    @Override
    public void sendError(int code) {
      sendError(code, "Error " + code);
    }

    @Override
    public void sendError(int code, String message) {
      resetBuffer();
      status = code;
      buffer.writeBytes(message.getBytes(StandardCharsets.UTF_8));
      if (kind == Kind.JETTY) {
        errorPending = true;
      } else {
        finish();
      }
    }

    @Override
    public void sendRedirect(String location, int code, boolean clearBuffer) {
      requireOpen("sendRedirect");
      if (clearBuffer) {
        resetBuffer();
      }
      status = code;
      setHeader("Location", location);
      finish();
    }

    @Override
    public void setStatus(int code) {
      if (!isCommitted()) {
        status = code;
      }
    }

    @Override
    public int getStatus() {
      return status;
    }

    // Headers

    @Override
    public void setHeader(String name, @Nullable String value) {
      if (committed) {
        return;
      }
      headers.remove(name);
      addHeader(name, value);
    }

    @Override
    public void addHeader(String name, @Nullable String value) {
      if (committed || value == null) {
        return;
      }
      headers.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
      if (name.equalsIgnoreCase(CONTENT_LENGTH)) {
        finishIfComplete();
      }
    }

    @Override
    public void setIntHeader(String name, int value) {
      setHeader(name, String.valueOf(value));
    }

    @Override
    public void addIntHeader(String name, int value) {
      addHeader(name, String.valueOf(value));
    }

    @Override
    public void setDateHeader(String name, long date) {
      setHeader(name, Instant.ofEpochMilli(date).toString());
    }

    @Override
    public void addDateHeader(String name, long date) {
      addHeader(name, Instant.ofEpochMilli(date).toString());
    }

    @Override
    public void addCookie(Cookie cookie) {
      addHeader(SET_COOKIE, cookie.getName() + "=" + cookie.getValue());
    }

    @Override
    public boolean containsHeader(String name) {
      return headers.containsKey(name);
    }

    @Override
    public @Nullable String getHeader(String name) {
      List<String> values = headers.get(name);
      return values == null ? null : values.get(0);
    }

    @Override
    public Collection<String> getHeaders(String name) {
      return new ArrayList<>(headers.getOrDefault(name, List.of()));
    }

    @Override
    public Collection<String> getHeaderNames() {
      return new ArrayList<>(headers.keySet());
    }

    @Override
    public void setContentLength(int length) {
      setContentLengthLong(length);
    }

    @Override
    public void setContentLengthLong(long length) {
      setHeader(CONTENT_LENGTH, String.valueOf(length));
    }

    @Override
    public void setContentType(String type) {
      setHeader(CONTENT_TYPE, type);
    }

    @Override
    public @Nullable String getContentType() {
      return getHeader(CONTENT_TYPE);
    }

    @Override
    public void setCharacterEncoding(String name) {
      if (!isCommitted() && writer == null) {
        encoding = name;
      }
    }

    @Override
    public String getCharacterEncoding() {
      return encoding;
    }

    @Override
    public void setLocale(Locale locale) {}

    @Override
    public Locale getLocale() {
      return Locale.ROOT;
    }

    @Override
    public String encodeURL(String url) {
      return url;
    }

    @Override
    public String encodeRedirectURL(String url) {
      return url;
    }
  }
}
