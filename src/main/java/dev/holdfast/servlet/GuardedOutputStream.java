package dev.holdfast.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;

/** The response's stream, behind the {@link CommitGuard}. */
final class GuardedOutputStream extends ServletOutputStream {
  private static final int MOST_BYTES_PER_CHAR = 3;
  private static final int LINE_END_BYTES = 2;

  private final ServletOutputStream container;
  private final CommitGuard guard;

  GuardedOutputStream(ServletOutputStream container, CommitGuard guard) {
    this.container = container;
    this.guard = guard;
  }

  boolean isAround(ServletOutputStream stream) {
    return container == stream;
  }

  @Override
  public void write(int b) throws IOException {
    guard.writing(1);
    container.write(b);
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    guard.writing(bytes.length);
    container.write(bytes);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    guard.writing(length);
    container.write(bytes, offset, length);
  }

  @Override
  public void print(String text) throws IOException {
    guard.writing(String.valueOf(text).length() * (long) MOST_BYTES_PER_CHAR);
    container.print(text);
  }

  @Override
  public void println() throws IOException {
    guard.writing(LINE_END_BYTES);
    container.println();
  }

  @Override
  public void println(String text) throws IOException {
    guard.writing(String.valueOf(text).length() * (long) MOST_BYTES_PER_CHAR + LINE_END_BYTES);
    container.println(text);
  }

  @Override
  public void flush() throws IOException {
    guard.committing();
    container.flush();
  }

  @Override
  public void close() throws IOException {
    guard.committing();
    container.close();
  }

  @Override
  public boolean isReady() {
    return container.isReady();
  }

  @Override
  public void setWriteListener(WriteListener listener) {
    container.setWriteListener(listener);
  }
}
