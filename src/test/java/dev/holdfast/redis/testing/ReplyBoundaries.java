package dev.holdfast.redis.testing;

/**
 * Finds where one reply ends and the next begins in what Redis sends, in whatever pieces it comes:
 * RESP2 and RESP3, without understanding more of it than lengths and counts.
 */
final class ReplyBoundaries {
  private final StringBuilder header = new StringBuilder();

  /** Elements to come before the reply is complete; 0 between two replies. */
  private long elements;

  /** Bytes of a string's body and its line end still to come. */
  private long body;

  private boolean push;

  /** Whether the next byte is the first of a reply. */
  boolean atStart() {
    return elements == 0;
  }

  /** Whether the reply begun last is a push message, which answers no command. */
  boolean isPush() {
    return push;
  }

  /**
   * Reads on to the end of the current reply.
   *
   * @return the index behind it, or {@code to} when it goes on after that; {@link #atStart} tells
   */
  int advance(byte[] bytes, int from, int to) {
    int at = from;
    if (atStart() && at < to) {
      elements = 1;
      push = bytes[at] == '>';
    }
    while (at < to && elements > 0) {
      if (body > 0) {
        long step = Math.min(body, to - at);
        body -= step;
        at += (int) step;
        elements -= body == 0 ? 1 : 0;
      } else {
        header.append((char) bytes[at]);
        at++;
        if (bytes[at - 1] == '\n') {
          line(header.charAt(0), header.substring(1).strip());
          header.setLength(0);
        }
      }
    }
    return at;
  }

  private void line(char type, String rest) {
    switch (type) {
      case '$', '=', '!' -> {
        long length = Long.parseLong(rest);
        body = length < 0 ? 0 : length + 2;
        elements -= length < 0 ? 1 : 0;
      }
      case '*', '~', '>' -> elements += Math.max(0, Long.parseLong(rest)) - 1;
      case '%' -> elements += 2 * Long.parseLong(rest) - 1;
      // An attribute stands in front of what it describes, which is still to come.
      case '|' -> elements += 2 * Long.parseLong(rest);
      default -> elements--;
    }
  }
}
