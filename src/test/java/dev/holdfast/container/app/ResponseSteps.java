package dev.holdfast.container.app;

import com.sun.management.ThreadMXBean;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Steps on the response. What fills the body counts characters or bytes. */
final class ResponseSteps {

  private final HttpServletResponse response;
  private boolean streaming;

  ResponseSteps(HttpServletResponse response) {
    this.response = response;
  }

  String take(Step step) throws IOException {
    switch (step.verb()) {
      case "print" -> response.getWriter().print(step.rest(1) + "\n");
      case "allocated-by-stream", "allocated-by-writer" -> {
        return String.valueOf(allocatedBy(step));
      }
      case "print-chars" -> response.getWriter().print("x".repeat(step.number(1)));
      case "print-umlauts" -> response.getWriter().print("\u00e4".repeat(step.number(1)));
      case "printf-chars" -> response.getWriter().printf("%s", "x".repeat(step.number(1)));
      case "stream-bytes" -> {
        byte[] bytes = new byte[step.number(1)];
        Arrays.fill(bytes, (byte) 'x');
        stream(bytes);
      }
      case "flush-writer" -> response.getWriter().flush();
      case "println" -> response.getWriter().println(step.rest(1));
      case "format" ->
          response
              .getWriter()
              .format(
                  step.word(1).equals("null") ? null : Locale.forLanguageTag(step.word(1)),
                  step.rest(2),
                  1234567.891);
      case "format-default" -> response.getWriter().format(step.rest(1), 1234567.891);
      case "check-error" -> {
        return String.valueOf(response.getWriter().checkError());
      }
      case "until-error" -> {
        return String.valueOf(untilError(step.number(1)));
      }
      case "locale" -> response.setLocale(Locale.forLanguageTag(step.word(1)));
      case "write-null" -> response.getWriter().write((String) null);
      case "print-null" -> response.getWriter().print((String) null);
      case "append-null" -> response.getWriter().append(null).append("abc", 1, 2).append('d');
      case "print-all" -> {
        PrintWriter writer = response.getWriter();
        writer.print(true);
        writer.print('c');
        writer.print(1);
        writer.print(2L);
        writer.print(1.5f);
        writer.print(2.5);
        writer.print(new char[] {'x', 'y'});
        writer.print(List.of(1));
        writer.println(true);
        writer.println('c');
        writer.println(1);
        writer.println(2L);
        writer.println(1.5f);
        writer.println(2.5);
        writer.println(new char[] {'x', 'y'});
        writer.println(List.of(1));
        writer.write(new char[] {'a', 'b'});
        writer.write('z');
      }
      case "add-header" -> response.addHeader(step.word(1), step.rest(2));
      case "date-header" -> response.setDateHeader(step.word(1), Long.parseLong(step.word(2)));
      case "close-writer" -> response.getWriter().close();
      case "close-stream" -> response.getOutputStream().close();
      case "flush" -> response.flushBuffer();
      case "reset" -> response.reset();
      case "reset-buffer" -> response.resetBuffer();
      case "buffer-size" -> response.setBufferSize(step.number(1));
      case "length" -> response.setContentLength(step.number(1));
      case "status" -> response.setStatus(step.number(1));
      case "header" -> response.setHeader(step.word(1), step.rest(2));
      case "cookie" -> response.addCookie(new Cookie(step.word(1), step.rest(2)));
      case "error" -> {
        if (step.has(2)) {
          response.sendError(step.number(1), step.rest(2));
        } else {
          response.sendError(step.number(1));
        }
      }
      case "redirect" -> response.sendRedirect(step.raw(1));
      case "redirect-with" -> Servlet61Steps.redirect(response, step.raw(2), step.number(1));
      case "redirect-keeping-body" -> Servlet61Steps.redirect(response, step.raw(1));
      case "committed" -> {
        return String.valueOf(response.isCommitted());
      }
      default -> throw new IllegalArgumentException("no such verb: " + step.verb());
    }
    return "done";
  }

  /** Writes as server-sent events are written; the number of writes until the client was missed. */
  private int untilError(int most) throws IOException {
    PrintWriter writer = response.getWriter();
    int written = 0;
    while (written < most && !writer.checkError()) {
      writer.print("x".repeat(1_000));
      written++;
    }
    return written;
  }

  private void stream(byte[] bytes) throws IOException {
    streaming = true;
    response.getOutputStream().write(bytes);
  }

  /** Writes text by writer or stream, whichever was used before. */
  void write(String text) throws IOException {
    if (streaming) {
      stream(text.getBytes(StandardCharsets.UTF_8));
    } else {
      response.getWriter().write(text);
    }
  }

  /** How many bytes this thread allocates by writing so many single bytes or characters. */
  private long allocatedBy(Step step) throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    boolean byStream = step.verb().endsWith("stream");
    OutputStream stream = byStream ? response.getOutputStream() : OutputStream.nullOutputStream();
    Writer writer = byStream ? Writer.nullWriter() : response.getWriter();
    long before = 0;
    int calls = step.number(1);
    // The first half makes buffers.
    for (int i = 0; i < 2 * calls; i++) {
      if (i == calls) {
        before = threads.getCurrentThreadAllocatedBytes();
      }
      stream.write(' ');
      writer.write(' ');
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
