package dev.holdfast.redis.client;

import io.lettuce.core.RedisCommandExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Another server of a Cluster has the key: {@code MOVED 3999 10.0.0.7:6381} or {@code ASK 3999
 * 10.0.0.7:6381}.
 *
 * @param ask whether it holds only this once, and after an ASKING
 * @param slot the key's hash slot
 * @param host the server's host; empty for that of the server that answered
 */
record Redirect(boolean ask, int slot, String host, int port) {

  /** The redirect that {@code failure} is, or null. The command was not executed. */
  static @Nullable Redirect of(Throwable failure) {
    String message = failure.getMessage();
    if (!(failure instanceof RedisCommandExecutionException) || message == null) {
      return null;
    }
    boolean ask = message.startsWith("ASK ");
    if (!ask && !message.startsWith("MOVED ")) {
      return null;
    }
    String[] words = message.split(" ", 4);
    int colon = words.length < 3 ? -1 : words[2].lastIndexOf(':');
    if (colon < 0) {
      return null;
    }
    try {
      return new Redirect(
          ask,
          Integer.parseInt(words[1]),
          words[2].substring(0, colon),
          Integer.parseInt(words[2].substring(colon + 1)));
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
