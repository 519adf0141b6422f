package dev.holdfast.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;

/** The response's stream, behind the {@link CommitGuard}. */
final class GuardedOutputStream extends ServletOutputStream {
  private static final int MOST_BYTES_PER_CHAR = 3;
  private static final int LINE_END_BYTES = 2;
  private static final String ENDED = "the request has ended, and its response with it";

  private final ServletOutputStream container;
  private final CommitGuard guard;

  GuardedOutputStream(ServletOutputStream container, CommitGuard guard) {
    this.container = container;
    this.guard = guard;
  }

  boolean isAround(ServletOutputStream stream) {
    return container == stream;
  }

  private ServletOutputStream container() throws IOException {
    if (guard.isOver()) {
      throw new IOException(ENDED);
    }
    return container;
  }

  @Override
  public void write(int b) throws IOException {
    guard.writing(1);
    container().write(b);
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    guard.writing(bytes.length);
    container().write(bytes);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    guard.writing(length);
    container().write(bytes, offset, length);
  }

  @Override
  public void print(String text) throws IOException {
    guard.writing(String.valueOf(text).length() * (long) MOST_BYTES_PER_CHAR);
    container().print(text);
  }

  @Override
  public void println() throws IOException {
    guard.writing(LINE_END_BYTES);
    container().println();
  }

  @Override
  public void println(String text) throws IOException {
    guard.writing(String.valueOf(text).length() * (long) MOST_BYTES_PER_CHAR + LINE_END_BYTES);
    container().println(text);
  }

  @Override
  public void flush() throws IOException {
    guard.committing();
    container().flush();
  }

  @Override
  public void close() throws IOException {
    guard.committing();
    if (!guard.isOver()) {
      container.close();
    }
  }

  @Override
  public boolean isReady() {
    return !guard.isOver() && container.isReady();
  }

  @Override
  public void setWriteListener(WriteListener listener) {
    if (guard.isOver()) {
      throw new IllegalStateException("setWriteListener: " + ENDED);
    }
    container.setWriteListener(listener);
  }
}
