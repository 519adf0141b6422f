package dev.holdfast.servlet;

import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Has the session saved before the container sends the first byte of a body.
 *
 * <p>A container sends when its buffer is full, when the declared length is reached, or (Jetty)
 * when one write is large. Only the container knows exactly when, so this counts an upper bound of
 * what was written, and the save comes early rather than late. Between an early save and the first
 * byte, a write saves again if the session has been used meanwhile. All dispatches of a request
 * have one guard, since they fill the same buffer.
 */
final class CommitGuard {
  /** Jetty sends a single write that is larger than a quarter of its buffer at once. */
  private static final int LARGE_WRITE_DIVISOR = 4;

  /** More than any buffer holds or any length says, and safe to add to. */
  private static final long UNKNOWN = Long.MAX_VALUE / 2;

  /** Not a ratio of any encoder: stands for UTF-8, where each character is looked at. */
  private static final float UTF_8 = 0;

  private final Runnable beforeFirstByte;

  /** The container's response of the dispatch under way. */
  private volatile HttpServletResponse response;

  private long written;
  private long contentLength = Long.MAX_VALUE;
  private int bufferSize = -1;
  private boolean committed;

  /** Whether the request has ended, and the container's response may be another's by now. */
  private volatile boolean over;

  /** The encoding that {@link #mostBytesPerChar} belongs to; null is UTF-8. */
  private @Nullable String encoding;

  private float mostBytesPerChar = UTF_8;

  /**
   * @param response the container's
   * @param beforeFirstByte saves
   */
  CommitGuard(HttpServletResponse response, Runnable beforeFirstByte) {
    this.response = response;
    this.beforeFirstByte = beforeFirstByte;
  }

  /** At most {@code bytes} are about to be written. */
  void writing(long bytes) {
    if (committed || over) {
      return;
    }
    written += bytes;
    if (bufferSize < 0) {
      bufferSize = response.getBufferSize();
    }
    boolean mayLeave =
        written >= Math.min(bufferSize, contentLength) || bytes >= bufferSize / LARGE_WRITE_DIVISOR;
    if (mayLeave) {
      committing();
    }
  }

  /** Only the container will know how much is about to be written. */
  void writingUnknown() {
    committing();
    written = UNKNOWN;
  }

  /** The response is about to be committed, or may be. */
  void committing() {
    if (committed || over) {
      return;
    }
    beforeFirstByte.run();
    committed = response.isCommitted();
  }

  /**
   * Another part of the request begins. Tomcat opens a response again that a forward has closed,
   * for an error page and for an asynchronous part.
   *
   * @param current the container's response in that part
   */
  void partBegins(HttpServletResponse current) {
    response = current;
    committed = false;
    over = false;
  }

  /** The request has ended: nothing more may be written. */
  void requestEnded() {
    over = true;
  }

  /** Whether the request has ended. */
  boolean isOver() {
    return over;
  }

  /** The body written so far has been thrown away. */
  void reset() {
    written = 0;
  }

  /** The size of the buffer may have changed. */
  void bufferResized() {
    bufferSize = -1;
  }

  /** The length is about to be declared. A body that has it already is complete. */
  void contentLength(long length) {
    contentLength = length < 0 ? Long.MAX_VALUE : length;
    if (written > 0 && written >= contentLength) {
      committing();
    }
  }

  /**
   * Characters are about to be written. Counts the most bytes that they can become in the
   * response's encoding, and makes no objects unless that has changed: a page may come character by
   * character.
   */
  void writing(CharSequence text, int offset, int length) {
    if (committed || over) {
      return;
    }
    float most = mostBytesPerChar();
    if (most != UTF_8) {
      writing((long) Math.ceil(length * (double) most));
      return;
    }
    long bytes = 0;
    for (int i = offset; i < offset + length; i++) {
      bytes += bytesInUtf8(text.charAt(i));
    }
    writing(bytes);
  }

  /** One character is about to be written. */
  void writing(char c) {
    if (!committed && !over) {
      float most = mostBytesPerChar();
      writing(most == UTF_8 ? bytesInUtf8(c) : (long) Math.ceil(most));
    }
  }

  private static int bytesInUtf8(char c) {
    return c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
  }

  private float mostBytesPerChar() {
    String name = response.getCharacterEncoding();
    if (!Objects.equals(name, encoding)) {
      Charset charset = charset(name);
      mostBytesPerChar =
          charset.equals(StandardCharsets.UTF_8) ? UTF_8 : charset.newEncoder().maxBytesPerChar();
      encoding = name;
    }
    return mostBytesPerChar;
  }

  private static Charset charset(@Nullable String name) {
    try {
      return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
    } catch (IllegalArgumentException e) {
      return StandardCharsets.UTF_8;
    }
  }
}
