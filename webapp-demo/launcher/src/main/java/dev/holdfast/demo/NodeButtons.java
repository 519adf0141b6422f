package dev.holdfast.demo;

import java.io.IOException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * {@code POST /admin/nodes/{n}/stop} and {@code /start}. A node that is to stop answers first, with
 * a redirect to one that goes on, and is killed when the answer has left it.
 */
final class NodeButtons extends Handler.Abstract {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");
  private static final Pattern PATH = Pattern.compile("/nodes/(\\d{1,3})/(stop|start)");

  private final int self;
  private final Control control;

  NodeButtons(int self, Control control) {
    this.self = self;
    this.control = control;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    Matcher path = PATH.matcher(String.valueOf(Request.getPathInContext(request)));
    if (!path.matches()) {
      say(response, callback, HttpStatus.NOT_FOUND_404, "POST /admin/nodes/1/stop or .../start");
    } else if (!HttpMethod.POST.is(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, "POST");
      say(response, callback, HttpStatus.METHOD_NOT_ALLOWED_405, "This takes a POST.");
    } else if (!isFromOurPages(request)) {
      say(response, callback, HttpStatus.FORBIDDEN_403, "Only the demo's own pages may do that.");
    } else {
      act(request, response, callback, Integer.parseInt(path.group(1)), path.group(2));
    }
    return true;
  }

  private void act(Request request, Response response, Callback callback, int node, String verb) {
    try {
      boolean stop = verb.equals("stop");
      Control.Answer answer = stop ? control.stop(node) : control.start(node);
      if (answer.status() >= 400) {
        say(response, callback, answer.status(), answer.text());
      } else if (stop && node == self) {
        String next = origin(request, Integer.parseInt(answer.text()));
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        redirect(response, next + "/dashboard", dyingAfter(callback));
      } else {
        redirect(response, "/dashboard", callback);
      }
    } catch (IOException e) {
      say(
          response,
          callback,
          HttpStatus.SERVICE_UNAVAILABLE_503,
          "The supervisor does not answer.");
    }
  }

  private Callback dyingAfter(Callback callback) {
    return Callback.from(
        () -> {
          callback.succeeded();
          reportAnswered();
        },
        failure -> {
          callback.failed(failure);
          reportAnswered();
        });
  }

  private void reportAnswered() {
    Thread report =
        new Thread(
            () -> {
              try {
                control.answered();
              } catch (IOException e) {
                // The answer to this is our death, so it never comes.
              }
            });
    report.setDaemon(true);
    report.start();
  }

  private static void redirect(Response response, String location, Callback callback) {
    response.setStatus(HttpStatus.SEE_OTHER_303);
    response.getHeaders().put(HttpHeader.LOCATION, location);
    response.write(true, null, callback);
  }

  private static void say(Response response, Callback callback, int status, String text) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
    Content.Sink.write(response, true, text + "\n", callback);
  }

  /** The same host under another port, so that the browser takes its cookie along. */
  private static String origin(Request request, int port) {
    String host = Request.getServerName(request);
    return "http://"
        + (host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host)
        + ":"
        + port;
  }

  /**
   * A foreign page can post here, but its browser says where the form came from, and by which name
   * it has reached us: a name of its own that leads here is not one of ours.
   */
  private static boolean isFromOurPages(Request request) {
    String host = Request.getServerName(request);
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    return LOOPBACK.contains(host)
        && Request.getServerPort(request) == Request.getLocalPort(request)
        && origin(request, Request.getLocalPort(request)).equals(origin);
  }
}
