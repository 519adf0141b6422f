package dev.holdfast.backup;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.api.BackupUnavailableException;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.metrics.OccasionalWarning;
import dev.holdfast.metrics.RateLimit;
import dev.holdfast.store.RestorableStore;
import dev.holdfast.store.RestorableStore.Restored;
import dev.holdfast.store.SessionBackup;
import dev.holdfast.store.SessionSnapshot;
import dev.holdfast.text.Loggers;
import java.lang.System.Logger;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Finds in the backup a session that the store does not know, and puts it back. Callers that ask
 * for the same session at once share one lookup.
 */
final class Lookup {
  private static final Logger LOG = Loggers.of(Lookup.class);
  private static final Duration NOT_FOUND_FOR = Duration.ofSeconds(30);
  private static final int MAX_NOT_FOUND = 100_000;

  /**
   * Longer than a lookup and its two waits for the store can take, and shorter than the time for
   * which an ended session cannot be put back.
   */
  private static final Duration FRESH = Duration.ofSeconds(15);

  private final RestorableStore store;
  private final SessionBackup backup;
  private final BackupCalls calls;
  private final RateLimit rate;
  private final LossSigns loss;
  private final Metrics metrics;

  /** Is told which sessions are back. */
  private final Consumer<Collection<String>> filing;

  private final OccasionalWarning warning = new OccasionalWarning(LOG, Duration.ofMinutes(1));
  private final ConcurrentHashMap<String, CompletableFuture<Boolean>> underWay =
      new ConcurrentHashMap<>();
  private final Cache<String, Boolean> notFound =
      Caffeine.newBuilder()
          .maximumSize(MAX_NOT_FOUND)
          .expireAfterWrite(NOT_FOUND_FOR)
          .executor(Runnable::run)
          .build();

  Lookup(
      RestorableStore store,
      SessionBackup backup,
      BackupCalls calls,
      int perSecond,
      LossSigns loss,
      Metrics metrics,
      Consumer<Collection<String>> filing) {
    this.store = store;
    this.backup = backup;
    this.calls = calls;
    this.rate = new RateLimit(perSecond, Duration.ofSeconds(1));
    this.loss = loss;
    this.metrics = metrics;
    this.filing = filing;
  }

  /**
   * Puts a session back that the store does not know.
   *
   * @return whether the store knows it now
   * @throws SessionStoreUnavailableException when the backup could not be asked, and there are
   *     signs that the store has lost sessions
   */
  boolean restore(String locator) {
    if (notFound.getIfPresent(locator) != null) {
      return false;
    }
    CompletableFuture<Boolean> mine = new CompletableFuture<>();
    CompletableFuture<Boolean> others = underWay.putIfAbsent(locator, mine);
    if (others != null) {
      return join(others);
    }
    try {
      boolean found = lookUp(locator);
      mine.complete(found);
      return found;
    } catch (RuntimeException e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      underWay.remove(locator, mine);
    }
  }

  private static boolean join(CompletableFuture<Boolean> others) {
    try {
      return others.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof SessionStoreUnavailableException known) {
        throw known;
      }
      throw e;
    }
  }

  private boolean lookUp(String locator) {
    if (!rate.admit()) {
      metrics.count(Counter.LOOKUP_REFUSED);
      return cannotSay("more sessions are asked for than backup.lookups allows in a second");
    }
    Instant notAfter = store.now().plus(FRESH);
    SessionSnapshot copy;
    try {
      copy = calls.call("looking up a session", () -> backup.find(locator));
    } catch (BackupUnavailableException e) {
      metrics.count(Counter.BACKUP_FAILED);
      return cannotSay(String.valueOf(e.getMessage()));
    }
    if (copy == null) {
      notFound.put(locator, true);
      return false;
    }
    Restored restored = store.restore(List.of(copy), notAfter).get(0);
    switch (restored) {
      case BACK -> {
        loss.cameBack();
        metrics.count(Counter.RESTORED);
        filing.accept(List.of(locator));
        return true;
      }
      case PRESENT -> {
        return true;
      }
      case LATE ->
          throw new SessionStoreUnavailableException(
              "A session was found in the backup too late to be put back; try again", null);
      case UNREADABLE ->
          warning.log(() -> "A session in the backup is not as this library writes it");
      case ENDED -> {}
    }
    notFound.put(locator, true);
    return false;
  }

  private boolean cannotSay(String reason) {
    if (loss.evident()) {
      throw new SessionStoreUnavailableException(
          "Redis has lost sessions, and this one could not be looked up in the backup: " + reason,
          null);
    }
    warning.log(
        () -> "A session unknown to Redis was not looked up and counts as absent: " + reason);
    return false;
  }

  /** Forgets what was not found: it may be there now. */
  void forgetNotFound() {
    notFound.invalidateAll();
  }
}
