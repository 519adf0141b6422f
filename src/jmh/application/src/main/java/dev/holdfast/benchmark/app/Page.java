package dev.holdfast.benchmark.app;

import static java.nio.charset.StandardCharsets.US_ASCII;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** What every contender answers with. */
public final class Page {
  private static final String REST = "x".repeat(1000);

  private Page() {}

  /** Sends about 1 KB of text that begins with {@code number}. */
  public static void send(HttpServletResponse response, long number) throws IOException {
    byte[] page = (number + " " + REST).getBytes(US_ASCII);
    response.setContentType("text/plain");
    response.setContentLength(page.length);
    response.getOutputStream().write(page);
  }
}
