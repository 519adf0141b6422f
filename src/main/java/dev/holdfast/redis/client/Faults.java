package dev.holdfast.redis.client;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * Tells what a failure means, and describes it. Redis's answer is quoted up to where it repeats the
 * command's arguments.
 */
public final class Faults {
  private static final int MAX_QUOTE = 160;

  private Faults() {}

  /** Whether the server behind the connection cannot serve us and another one may. */
  static boolean isWrongServer(Throwable failure) {
    return failure instanceof RedisCommandExecutionException
        && (says(failure, "READONLY ")
            || says(failure, "LOADING ")
            || says(failure, "NOREPLICAS ")
            || says(failure, "MASTERDOWN "));
  }

  /** Whether a Cluster says that it is down, or has redirected a call too often. */
  static boolean isMisplaced(Throwable failure) {
    return says(failure, "CLUSTERDOWN ") || Redirect.of(failure) != null;
  }

  /** Whether a server does not know a command: its administrator has renamed it away. */
  static boolean isUnknownCommand(Throwable failure) {
    return failure instanceof RedisCommandExecutionException
        && says(failure, "ERR unknown command");
  }

  /** Whether a user may not use a command. */
  static boolean isForbidden(Throwable failure) {
    return failure instanceof RedisCommandExecutionException && says(failure, "NOPERM ");
  }

  static boolean isWrongType(Throwable failure) {
    return failure instanceof RedisCommandExecutionException && says(failure, "WRONGTYPE ");
  }

  static boolean isOutOfMemory(Throwable failure) {
    return says(failure, "OOM command not allowed");
  }

  private static boolean says(Throwable failure, String words) {
    String message = failure.getMessage();
    return message != null && message.contains(words);
  }

  /** Describes {@code failure}, but not what it was about. */
  public static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null
        && root.getCause() != root
        && !(root instanceof RedisCommandExecutionException)) {
      root = root.getCause();
    }
    if (root instanceof UnusableCredentialsException) {
      return String.valueOf(root.getMessage());
    }
    if (root instanceof LinkageError) {
      return root.getClass().getSimpleName()
          + ": "
          + root.getMessage()
          + "; two versions of Lettuce or Netty seem to meet in WEB-INF/lib, where the -all jar"
          + " brings its own";
    }
    String message = root.getMessage();
    if (message == null) {
      return root.getClass().getSimpleName();
    }
    int arguments = message.indexOf(", with args");
    String quote = arguments < 0 ? message : message.substring(0, arguments);
    return quote.length() <= MAX_QUOTE ? quote : quote.substring(0, MAX_QUOTE) + "...";
  }

  static Throwable unwrap(Throwable failure) {
    Throwable cause = failure.getCause();
    boolean wrapper =
        failure instanceof CompletionException || failure instanceof ExecutionException;
    return wrapper && cause != null ? unwrap(cause) : failure;
  }
}
