package dev.holdfast.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Looks at the headers of every response just before they are sent, and tells the supervisor of
 * each session cookie: its attributes as the browser gets them, and its first and last characters.
 */
final class CookieWatch extends Handler.Wrapper {
  private final String node;
  private final Control control;

  CookieWatch(String node, Control control, Handler handler) {
    super(handler);
    this.node = node;
    this.control = control;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String what = request.getMethod() + " " + request.getHttpURI().getPath();
    request.addHttpStreamWrapper(stream -> new Watched(stream, what.replace('\t', ' ')));
    return super.handle(request, response, callback);
  }

  private final class Watched extends HttpStream.Wrapper {
    private final String what;

    Watched(HttpStream stream, String what) {
      super(stream);
      this.what = what;
    }

    @Override
    public void send(
        MetaData.Request request,
        MetaData.Response response,
        boolean last,
        ByteBuffer content,
        Callback callback) {
      if (response != null) {
        for (String header : response.getHttpFields().getValuesList(HttpHeader.SET_COOKIE)) {
          report(header);
        }
      }
      super.send(request, response, last, content, callback);
    }

    private void report(String header) {
      int equals = header.indexOf('=');
      int end = header.indexOf(';');
      if (equals < 0 || end < equals) {
        return;
      }
      Token token = Token.parse(header.substring(equals + 1, end));
      if (token == null) {
        return;
      }
      String attributes = header.substring(end + 1).strip().replace('\t', ' ');
      try {
        control.sent(
            token.locator(),
            new SentCookie(node, what, header.substring(0, equals), token.shortened(), attributes));
      } catch (IOException e) {
        // The inspector will know less; the visitor's response matters more.
      }
    }
  }
}
