package dev.holdfast.container;

import dev.holdfast.text.Loggers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks a container about itself and its configuration. Not every container answers every question:
 * some throw {@code UnsupportedOperationException}, some return null, and those of an older Servlet
 * API have no such method, which only a lambda can catch: a method reference fails before.
 */
public final class Answers {
  private static final Logger LOG = Loggers.of(Answers.class);

  private Answers() {}

  /**
   * The container's answer.
   *
   * @param otherwise the answer when it returns null or throws
   */
  public static <T> T or(Supplier<? extends @Nullable T> question, T otherwise) {
    T answer = orNull(question);
    return answer == null ? otherwise : answer;
  }

  /** The container's answer; null when it returns null or throws. */
  public static <T> @Nullable T orNull(Supplier<? extends @Nullable T> question) {
    try {
      return question.get();
    } catch (RuntimeException | NoSuchMethodError | AbstractMethodError e) {
      LOG.log(Level.DEBUG, "The container does not answer", e);
      return null;
    }
  }
}
