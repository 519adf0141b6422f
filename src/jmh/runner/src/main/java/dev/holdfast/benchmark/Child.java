package dev.holdfast.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of the benchmark, told what to do by lines and ended with its standard input. */
final class Child implements AutoCloseable {
  private final Process process;
  private final BufferedReader said;
  private final Path log;

  Child(List<String> command, Path log) throws IOException {
    this.log = log;
    process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    said = new BufferedReader(new InputStreamReader(process.getInputStream(), US_ASCII));
  }

  /** Asks and waits for the answer, one line each. */
  String ask(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(US_ASCII));
    process.getOutputStream().flush();
    return answer();
  }

  /** The next line that it says. */
  String answer() throws IOException {
    String line = said.readLine();
    if (line == null) {
      throw new IOException("a process has ended early; what it said is in " + log);
    }
    return line;
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
