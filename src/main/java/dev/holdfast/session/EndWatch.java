package dev.holdfast.session;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.store.EndedSessions;
import dev.holdfast.text.Loggers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Ends the objects of a session here when another node ends it, whoever holds them: requests, or a
 * WebSocket or a thread that keeps an {@code HttpSession}. Its local values are unbound.
 *
 * <p>A message from another node is a hint: this node asks the store, whose answer counts. A
 * message may be late, forged, or about a session that a restore has brought back. Messages get
 * lost, too. So when messages arrive again after a gap, and once a minute as long as there is one,
 * this node asks for every session that has local values here or is used outside of requests; and
 * once a minute for those with local values that nobody has used here for their whole time-out.
 *
 * <p>In the same rounds this node and the others compare their settings ({@link
 * SettingsAgreement}): the first begins when this node hears messages, which is as soon as the
 * store can be reached.
 *
 * <p>One daemon thread, with the application's class loader as its context.
 */
final class EndWatch implements AutoCloseable {
  private static final Logger LOG = Loggers.of(EndWatch.class);

  /** The time between two rounds of asking the store. */
  static final Duration ROUND = Duration.ofMinutes(1);

  /** The least time between two rounds that begin because messages arrive again. */
  private static final long LOOK_BACK_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long CLOSING_SECONDS = 5;
  private static final int MAX_WAITING = 100_000;

  /** Wakes the thread, in place of a locator. */
  private static final String NOTHING = "";

  private final EndedSessions others;
  private final Consumer<String> ask;
  private final Function<Boolean, Collection<String>> local;
  private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>(MAX_WAITING);
  private final Duration round;
  private final @Nullable SettingsAgreement agreement;
  private final Thread thread;
  private volatile boolean doubtful = true;
  private volatile boolean closed;

  /**
   * @param others gives the messages of other nodes
   * @param ask asks the store for a session that is here
   * @param local the sessions to ask for: all that may have to end here, or only those that are
   *     unused for long
   * @param application context class loader of the thread
   * @param round the time between two rounds of asking the store
   * @param agreement looks at the settings of other nodes in each round, or null
   */
  EndWatch(
      EndedSessions others,
      Consumer<String> ask,
      Function<Boolean, Collection<String>> local,
      @Nullable ClassLoader application,
      Duration round,
      @Nullable SettingsAgreement agreement) {
    this.others = others;
    this.round = round;
    this.agreement = agreement;
    this.ask = ask;
    this.local = local;
    thread = new Thread(null, this::run, "holdfast-watch", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(application);
  }

  /**
   * @param isHere whether a session is on this node; messages about others are ignored
   */
  void start(Function<String, Boolean> isHere) {
    BooleanSupplier full = () -> heard.remainingCapacity() == 0;
    others.listen(
        locator -> {
          if (isHere.apply(locator) && !heard.offer(locator)) {
            doubtful |= full.getAsBoolean();
          }
        },
        () -> doubtful = true,
        () -> {
          doubtful = true;
          boolean unused = heard.offer(NOTHING);
        });
    thread.start();
  }

  private void run() {
    watch();
    if (agreement != null) {
      agreement.leave();
    }
  }

  private void watch() {
    long nextRound = System.nanoTime() + round.toNanos();
    long nextLookBack = System.nanoTime();
    while (!closed) {
      try {
        String locator = heard.poll(nextRound - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (locator == null) {
          nextRound = System.nanoTime() + round.toNanos();
          round();
        } else if (!locator.equals(NOTHING)) {
          ask(locator);
        } else if (doubtful && System.nanoTime() - nextLookBack >= 0) {
          nextLookBack = System.nanoTime() + LOOK_BACK_NANOS;
          round();
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void round() {
    if (agreement != null && !closed) {
      agreement.compare();
    }
    boolean all = doubtful;
    doubtful = false;
    for (String locator : local.apply(all)) {
      if (closed || !ask(locator)) {
        doubtful = true;
        return;
      }
    }
  }

  /** Asks the store for a session; answers whether the store has answered. */
  private boolean ask(String locator) {
    try {
      ask.accept(locator);
    } catch (SessionStoreUnavailableException e) {
      LOG.log(Level.DEBUG, "A session could not be looked at: {0}", e.getMessage());
      doubtful = true;
      return false;
    } catch (RuntimeException | LinkageError e) {
      LOG.log(
          Level.WARNING, "What this node had of a session that ended elsewhere is not unbound", e);
    }
    return true;
  }

  @Override
  public void close() {
    closed = true;
    others.close();
    heard.clear();
    boolean unused = heard.offer(NOTHING);
    try {
      thread.join(TimeUnit.SECONDS.toMillis(CLOSING_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
