package dev.holdfast.store;

import java.util.function.Consumer;

/**
 * Hears of sessions that other nodes have ended. Best effort: what is heard is a hint, and what is
 * missed must be asked for.
 */
public interface EndedSessions extends AutoCloseable {

  /**
   * Begins to listen, and goes on until closed; nothing is waited for.
   *
   * @param ended is told the locator of each session that another node has ended, on a thread that
   *     must not be held up
   * @param doubt is run whenever something may have been missed, and more may be
   * @param again is run when nothing more is missed from then on
   */
  void listen(Consumer<String> ended, Runnable doubt, Runnable again);

  @Override
  void close();
}
