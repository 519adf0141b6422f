package dev.holdfast.store;

import java.util.function.Consumer;

/**
 * Hears of sessions that other nodes have ended. Best effort: a message is a hint, and whoever may
 * have missed one must ask the store.
 */
public interface EndedSessions extends AutoCloseable {

  /**
   * Starts to listen, until closed. Does not wait.
   *
   * @param ended is told the locator of each session that another node has ended, on a thread that
   *     must not be held up
   * @param doubt is run whenever messages may have been missed and more may be
   * @param again is run when messages arrive again from then on
   */
  void listen(Consumer<String> ended, Runnable doubt, Runnable again);

  @Override
  void close();
}
