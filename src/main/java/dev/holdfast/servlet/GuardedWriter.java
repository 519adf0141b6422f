package dev.holdfast.servlet;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.CharBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The response's writer, behind the {@link CommitGuard}. All other methods of {@link PrintWriter}
 * end up here; line separator, default locale and error state are the container's.
 */
final class GuardedWriter extends PrintWriter {

  private static final String LINE_END = "\r\n";

  private final PrintWriter container;
  private final CommitGuard guard;

  GuardedWriter(PrintWriter container, CommitGuard guard) {
    super(container);
    this.container = container;
    this.guard = guard;
  }

  boolean isAround(PrintWriter writer) {
    return container == writer;
  }

  /** The container's writer; once the request has ended, one that leads nowhere. */
  private PrintWriter container() {
    if (!guard.isOver()) {
      return container;
    }
    setError();
    return new PrintWriter(Writer.nullWriter());
  }

  @Override
  public void write(int c) {
    guard.writing((char) c);
    container().write(c);
  }

  @Override
  public void write(char[] chars, int offset, int length) {
    if (offset >= 0 && length >= 0 && offset <= chars.length - length) {
      guard.writing(CharBuffer.wrap(chars), offset, length);
    }
    container().write(chars, offset, length);
  }

  @Override
  public void write(String text, int offset, int length) {
    if (offset >= 0 && length >= 0 && offset <= text.length() - length) {
      guard.writing(text, offset, length);
    }
    container().write(text, offset, length);
  }

  @Override
  public void println() {
    guard.writing(LINE_END, 0, LINE_END.length());
    container().println();
  }

  @Override
  public PrintWriter format(String format, @Nullable Object... arguments) {
    guard.writingUnknown();
    container().format(format, arguments);
    return this;
  }

  @Override
  public PrintWriter format(@Nullable Locale locale, String format, @Nullable Object... arguments) {
    guard.writingUnknown();
    container().format(locale, format, arguments);
    return this;
  }

  @Override
  public boolean checkError() {
    guard.committing();
    return guard.isOver() || container.checkError();
  }

  @Override
  public void flush() {
    guard.committing();
    container().flush();
  }

  @Override
  public void close() {
    guard.committing();
    container().close();
  }
}
