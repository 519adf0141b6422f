package dev.holdfast.container.app;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.PushBuilder;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Does what its query string says: each parameter {@code step} is one step, taken in order. A step
 * is a verb and its arguments, separated by blanks: {@code create}, {@code set color red}, {@code
 * forward /probe?step=get+color}. The verbs are in {@link SessionSteps}, {@link EdgeSteps}, {@link
 * ResponseSteps} and here:
 *
 * <ul>
 *   <li>{@code strict}: exceptions of later steps reach the container; otherwise they are results
 *   <li>{@code quiet}: no results in the response
 *   <li>{@code as x}: results can be asked for by {@code recall x}, in another request
 *   <li>{@code forward path}, {@code include path}; {@code forward-to context path}, {@code
 *       include-of context path} to another application
 *   <li>{@code async [wrapped|container|foreign] [later]}: the later steps run in a thread of their
 *       own (or of the container, or without a context class loader), then the request is
 *       completed; {@code dispatch path}, as the last one, dispatches instead. {@code later} waits
 *       until the container's thread has left the request: who sends an error before has Tomcat now
 *       and then close the connection
 *   <li>{@code listen complete|timeout step}: in the asynchronous part; the event's context is
 *       completed after the step of a time-out. {@code time-out millis} comes before {@code async}
 *   <li>{@code by-thread step}, {@code by-start step}: on a thread of the application, or by {@code
 *       AsyncContext.start}, which is waited for
 *   <li>{@code afterwards x step}: on a thread of the application that has asked for the session by
 *       now, but waits for {@code open x}; {@code recall x} has the result
 *   <li>{@code unwrap}: later dispatches have the container's own request and response, until
 *       {@code rewrap}
 *   <li>{@code watch name url}: see {@link Watch}; {@code violations} and {@code end-of name} tell
 *   <li>{@code push path}: relative to the context; gives the session id that the builder tells
 *   <li>{@code gate x}: waits for {@code open x}; {@code reached x} waits until somebody waits
 *       there
 *   <li>{@code sleep millis}, {@code pid}, {@code throw runtime|servlet|io message}
 * </ul>
 *
 * <p>Every step with its result becomes one line of the response: {@code get color -> red}. A step
 * that throws gives {@code !java.lang.IllegalStateException: message}.
 */
public final class ProbeServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    boolean included = request.getDispatcherType() == DispatcherType.INCLUDE;
    Object query =
        included
            ? request.getAttribute(RequestDispatcher.INCLUDE_QUERY_STRING)
            : request.getQueryString();
    if (!included) {
      response.setContentType("text/plain;charset=UTF-8");
    }
    new Visit(request, response).take(steps(query == null ? "" : query.toString()));
  }

  private static List<Step> steps(String query) {
    List<Step> steps = new ArrayList<>();
    for (String parameter : query.split("&")) {
      if (parameter.startsWith("step=")) {
        steps.add(
            new Step(
                URLDecoder.decode(parameter.substring("step=".length()), StandardCharsets.UTF_8)));
      }
    }
    return steps;
  }

  /** One request, or the asynchronous part of one. */
  private static final class Visit {

    private final HttpServletRequest wrappedRequest;
    private final HttpServletResponse wrappedResponse;
    private HttpServletRequest request;
    private HttpServletResponse response;
    private final SessionSteps session;
    private final EdgeSteps edges;
    private final ResponseSteps output;
    private AsyncContext async;
    private long timeout = 30_000;
    private final StringBuilder results = new StringBuilder();
    private final StringBuilder published = new StringBuilder();
    private boolean strict;
    private boolean quiet;
    private boolean dispatched;
    private String name = "";

    /** Kept: a request that the container has ended under its asynchronous thread forgets it. */
    private Watch watch;

    private final boolean outermost;

    Visit(HttpServletRequest request, HttpServletResponse response) {
      this.watch = Watch.of(request);
      this.outermost = request.getDispatcherType() == DispatcherType.REQUEST;
      this.wrappedRequest = request;
      this.wrappedResponse = response;
      rewrap();
      this.session = new SessionSteps(request, response);
      this.edges = new EdgeSteps(request, session);
      this.output = new ResponseSteps(response);
    }

    void take(List<Step> steps) throws ServletException, IOException {
      boolean goesOn = false;
      try {
        for (int i = 0; i < steps.size(); i++) {
          if (steps.get(i).verb().equals("async")) {
            goAsync(steps.get(i), steps.subList(i + 1, steps.size()));
            goesOn = true;
            return;
          }
          take(steps.get(i));
        }
        publish();
      } finally {
        if (!goesOn) {
          endWatch();
        }
      }
    }

    private void endWatch() {
      if (watch != null && outermost) {
        watch.end();
      }
    }

    private void take(Step step) throws ServletException, IOException {
      String result;
      try {
        result = dispatchingStep(step);
      } catch (Exception e) {
        if (strict) {
          throwAsIs(e);
        }
        result = "!" + e.getClass().getName() + ": " + e.getMessage();
      }
      if (Watch.of(wrappedRequest) != null) {
        watch.after(step, result, wrappedRequest, wrappedResponse);
      }
      results.append(step.text()).append(" -> ").append(result.replace("\n", "\\n")).append('\n');
    }

    private static void throwAsIs(Exception e) throws ServletException, IOException {
      if (e instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      if (e instanceof IOException io) {
        throw io;
      }
      throw e instanceof ServletException servlet ? servlet : new ServletException(e);
    }

    private String dispatchingStep(Step step) throws Exception {
      switch (step.verb()) {
        case "strict" -> strict = true;
        case "quiet" -> quiet = true;
        case "as" -> name = step.word(1);
        case "recall" -> {
          return String.valueOf(request.getServletContext().getAttribute(step.word(1)));
        }
        case "forward" -> {
          publish();
          quiet = true;
          request.getRequestDispatcher(step.raw(1)).forward(request, response);
        }
        case "forward-to" -> {
          publish();
          quiet = true;
          otherContext(step).forward(request, response);
        }
        case "include-of" -> otherContext(step).include(request, response);
        case "include" -> request.getRequestDispatcher(step.raw(1)).include(request, response);
        case "dispatch" -> {
          dispatched = true;
          request.getAsyncContext().dispatch(step.raw(1));
        }
        case "push" -> {
          return push(step);
        }
        case "watch" -> watch = Watch.begin(request, step.word(1), step.raw(2));
        case "violations" -> {
          return Watch.violations();
        }
        case "end-of" -> {
          return Watch.end(step.word(1));
        }
        case "unwrap" -> unwrap();
        case "rewrap" -> rewrap();
        case "by-thread" -> {
          return elsewhere(work -> new Thread(work, "probe-thread").start(), step);
        }
        case "by-start" -> {
          return elsewhere(async::start, step);
        }
        case "afterwards" -> afterwards(step.word(1), new Step(step.raw(2)));
        case "time-out" -> timeout = step.number(1);
        case "listen" -> async.addListener(listener(step.word(1), new Step(step.raw(2))));
        case "same-context" -> {
          return String.valueOf(request.getAsyncContext() == async);
        }
        case "gate" -> Gates.pass(step.word(1));
        case "reached" -> Gates.awaitReached(step.word(1));
        case "open" -> Gates.open(step.word(1));
        case "sleep" -> Thread.sleep(step.number(1));
        case "pid" -> {
          return String.valueOf(ProcessHandle.current().pid());
        }
        case "events" -> {
          return Events.take().toString();
        }
        case "throw" -> {
          switch (step.word(1)) {
            case "servlet" -> throw new ServletException(step.rest(2));
            case "io" -> throw new IOException(step.rest(2));
            default -> throw new IllegalArgumentException(step.rest(2));
          }
        }
        default -> {
          String result = session.take(step);
          if (result == null) {
            result = edges.take(step);
          }
          return result != null ? result : output.take(step);
        }
      }
      return "done";
    }

    private void rewrap() {
      request = wrappedRequest;
      response = wrappedResponse;
    }

    private void unwrap() {
      ServletRequest bare = request;
      while (bare instanceof ServletRequestWrapper wrapper) {
        bare = wrapper.getRequest();
      }
      ServletResponse bareResponse = response;
      while (bareResponse instanceof ServletResponseWrapper wrapper) {
        bareResponse = wrapper.getResponse();
      }
      request = (HttpServletRequest) bare;
      response = (HttpServletResponse) bareResponse;
    }

    private String elsewhere(Executor executor, Step step) throws Exception {
      Step rest = new Step(step.raw(1));
      CompletableFuture<String> result = new CompletableFuture<>();
      executor.execute(
          () -> {
            try {
              result.complete(dispatchingStep(rest));
            } catch (Exception e) {
              result.completeExceptionally(e);
            }
          });
      try {
        return result.get(30, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        throw e.getCause() instanceof Exception cause ? cause : e;
      }
    }

    private void afterwards(String gate, Step step) throws Exception {
      ServletContext context = request.getServletContext();
      CompletableFuture<String> asked = new CompletableFuture<>();
      Runnable work =
          () -> {
            String result;
            try {
              asked.complete(session.take(new Step("keep")));
              Gates.pass(gate);
              result = session.take(step);
              if (result == null) {
                result = output.take(step);
              }
            } catch (Exception e) {
              asked.completeExceptionally(e);
              result = "!" + e.getClass().getName() + ": " + e.getMessage();
            }
            context.setAttribute(gate, result);
          };
      new Thread(work, "probe-thread").start();
      asked.get(30, TimeUnit.SECONDS);
    }

    private AsyncListener listener(String kind, Step step) {
      return new AsyncListener() {
        @Override
        public void onComplete(AsyncEvent event) {
          hear("complete", event);
        }

        @Override
        public void onTimeout(AsyncEvent event) {
          hear("timeout", event);
        }

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}

        private void hear(String heard, AsyncEvent event) {
          if (!kind.equals(heard)) {
            return;
          }
          try {
            results.append("same-event -> ").append(event.getAsyncContext() == async).append('\n');
            take(step);
            publish();
          } catch (ServletException | IOException e) {
            request.getServletContext().log("in a listener", e);
          } finally {
            if (kind.equals("timeout")) {
              event.getAsyncContext().complete();
            }
          }
        }
      };
    }

    @SuppressWarnings("deprecation") // as of Servlet 6.1
    private String push(Step step) {
      PushBuilder builder = request.newPushBuilder();
      if (builder == null) {
        return "no push";
      }
      String[] target = step.raw(1).split("\\?", 2);
      builder.path(target[0]).queryString(target[1]).push();
      return String.valueOf(builder.getSessionId());
    }

    private RequestDispatcher otherContext(Step step) {
      return request.getServletContext().getContext(step.word(1)).getRequestDispatcher(step.raw(2));
    }

    private void goAsync(Step step, List<Step> rest) {
      String kind = step.has(1) ? step.word(1) : "";
      AsyncContext async =
          kind.equals("wrapped") ? request.startAsync(request, response) : request.startAsync();
      async.setTimeout(timeout);
      Visit visit =
          new Visit(
              (HttpServletRequest) async.getRequest(), (HttpServletResponse) async.getResponse());
      visit.results.append(results).append(step.text()).append(" -> done\n");
      visit.strict = strict;
      visit.quiet = quiet;
      visit.name = name;
      visit.async = async;
      Thread caller = Thread.currentThread();
      Runnable work =
          () -> {
            if (step.text().endsWith(" later")) {
              awaitDeparture(caller);
            }
            visit.finish(async, rest);
          };
      if (kind.equals("container")) {
        async.start(work);
      } else {
        Thread thread = new Thread(work, "probe-async");
        if (kind.equals("foreign")) {
          thread.setContextClassLoader(null);
        }
        thread.start();
      }
    }

    private static void awaitDeparture(Thread caller) {
      while (Arrays.stream(caller.getStackTrace())
          .map(StackTraceElement::getClassName)
          .anyMatch(
              name ->
                  name.startsWith("org.apache.coyote.")
                      || name.startsWith("org.eclipse.jetty.server."))) {
        Thread.onSpinWait();
      }
    }

    private void finish(AsyncContext async, List<Step> rest) {
      try {
        take(rest);
      } catch (ServletException | IOException | RuntimeException e) {
        request.getServletContext().log("in an asynchronous step", e);
      } finally {
        if (!dispatched && !waitsForTimeOut(rest)) {
          async.complete();
        }
      }
    }

    private static boolean waitsForTimeOut(List<Step> steps) {
      return steps.stream().anyMatch(step -> step.text().startsWith("listen timeout"));
    }

    private void publish() throws IOException {
      if (!name.isEmpty()) {
        published.append(results);
        request.getServletContext().setAttribute(name, published.toString());
      }
      if (!quiet && !dispatched) {
        output.write(results.toString());
      }
      results.setLength(0);
    }
  }
}
