package dev.holdfast.servlet;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.CharBuffer;

/** The response's writer, behind the {@link CommitGuard}. */
final class GuardedWriter extends Writer {
  private final PrintWriter container;
  private final CommitGuard guard;

  GuardedWriter(PrintWriter container, CommitGuard guard) {
    super(container);
    this.container = container;
    this.guard = guard;
  }

  @Override
  public void write(int c) {
    guard.writing((char) c);
    container.write(c);
  }

  @Override
  public void write(char[] chars, int offset, int length) {
    guard.writing(CharBuffer.wrap(chars), offset, length);
    container.write(chars, offset, length);
  }

  @Override
  public void write(String text, int offset, int length) {
    guard.writing(text, offset, length);
    container.write(text, offset, length);
  }

  @Override
  public void flush() {
    guard.committing();
    container.flush();
  }

  @Override
  public void close() {
    guard.committing();
    container.close();
  }
}
