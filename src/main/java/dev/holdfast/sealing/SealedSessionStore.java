package dev.holdfast.sealing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.api.SecurityEvent.Kind;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.store.Metadata;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.Rewrite;
import dev.holdfast.store.SaveOutcome;
import dev.holdfast.store.SaveOutcome.Result;
import dev.holdfast.store.SessionChanges;
import dev.holdfast.store.SessionLocks;
import dev.holdfast.store.SessionState;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoredSession;
import dev.holdfast.store.StoredSession.StoredAttribute;
import dev.holdfast.store.UserIndex;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A store that keeps sealed bytes in another one: every attribute under its name, and one seal over
 * the metadata, which stands in the principal's field and holds the principal ({@link
 * SessionSeal}).
 *
 * <p>What does not open is not believed. A wrong tag may mean that the reply belongs to another
 * session, so the connection is dropped and the session read once more over a fresh one. If that
 * does not open either, somebody has changed it: it counts as absent, its bytes stay, and one
 * security event tells of it; for a minute the same session costs no further connection. Bytes
 * sealed with a key that this node does not have may be good: they are passed on as they are, so
 * that the session can be ended; whoever reads them is told that the store is unavailable.
 *
 * <p>A check is passed on as it comes and proves nothing. Whoever relies on a check compares it
 * with a session that was loaded ({@code StoredCopy.vouchesFor}), so a check costs not a byte and
 * no computation more than without a key.
 *
 * <p>The writer seals metadata, not the scripts, which have no key. A save that changes them is
 * written only over the seal its writer knew; otherwise the outcome is {@link Result#MOVED}, and
 * the writer reads again.
 */
public final class SealedSessionStore implements SessionStore {
  private static final int MAX_BROKEN = 1000;
  private static final Duration REMEMBER_BROKEN = Duration.ofMinutes(1);

  private final SessionStore store;
  private final Sealing sealing;
  private final SecurityEvents security;
  private final Predicate<byte[]> isLogin;
  private final UserIndex users;
  private final Cache<String, Boolean> broken =
      Caffeine.newBuilder()
          .maximumSize(MAX_BROKEN)
          .expireAfterWrite(REMEMBER_BROKEN)
          .executor(Runnable::run)
          .build();

  /**
   * Seals what {@code store} keeps.
   *
   * @param isLogin whether bytes are a login that this version can read
   */
  public SealedSessionStore(
      SessionStore store, Sealing sealing, SecurityEvents security, Predicate<byte[]> isLogin) {
    this.store = store;
    this.sealing = sealing;
    this.security = security;
    this.isLogin = isLogin;
    this.users = new SealedUserIndex(store.users(), sealing);
  }

  @Override
  public void ensureAvailable() {
    store.ensureAvailable();
  }

  @Override
  public @Nullable StoredSession load(String locator, byte @Nullable [] touchSecretHash) {
    StoredSession found = store.load(locator, touchSecretHash);
    if (found == null || isPlain(found)) {
      return found;
    }
    try {
      return openKnown(locator, found);
    } catch (BrokenSealException e) {
      return broken.getIfPresent(locator) == null ? loadAgain(locator) : null;
    }
  }

  /** Whether nothing of it is sealed and this node seals nothing: then there is nothing to open. */
  private boolean isPlain(StoredSession stored) {
    byte[] principal = stored.principal();
    if (sealing.isWriting()
        || (principal != null && (Sealing.isSealed(principal) || !isLogin.test(principal)))) {
      return false;
    }
    for (StoredAttribute attribute : stored.attributes().values()) {
      if (Sealing.isSealed(attribute.value())) {
        return false;
      }
    }
    return true;
  }

  private StoredSession openKnown(String locator, StoredSession found) throws BrokenSealException {
    Map<String, String> unopened = new LinkedHashMap<>();
    StoredSession opened =
        seal(locator).openKnown(found, (field, e) -> unopened.put(field, e.getMessage()));
    if (!unopened.isEmpty()) {
      String first = unopened.keySet().iterator().next();
      security.report(
          Kind.UNKNOWN_KEY,
          locator,
          first
              + ": "
              + unopened.get(first)
              + (unopened.size() == 1 ? "" : "; so are " + (unopened.size() - 1) + " fields more")
              + "; what cannot be opened cannot be read here, nothing was deleted, the session can"
              + " be ended");
    }
    return opened;
  }

  private @Nullable StoredSession loadAgain(String locator) {
    store.distrustConnection(locator);
    StoredSession found = store.load(locator, null);
    if (found == null) {
      return null;
    }
    try {
      return openKnown(locator, found);
    } catch (BrokenSealException e) {
      broken.put(locator, true);
      security.report(
          Kind.BROKEN_SEAL,
          locator,
          e.getMessage() + "; the session counts as absent, its bytes stay");
      return null;
    }
  }

  private SessionStoreUnavailableException unknownKey(String locator, UnknownKeyException e) {
    security.report(
        Kind.UNKNOWN_KEY, locator, e.getMessage() + "; not read here, nothing was deleted");
    return new SessionStoreUnavailableException(
        "load: session "
            + SecurityEvents.shortHash(locator)
            + " cannot be opened: "
            + e.getMessage()
            + ". Give this node the key, after those it has; see encryption.keys.",
        e);
  }

  @Override
  public @Nullable SessionState check(String locator, byte @Nullable [] touchSecretHash) {
    return store.check(locator, touchSecretHash);
  }

  @Override
  public @Nullable SessionState known(String locator) {
    return store.known(locator);
  }

  @Override
  public CompletionStage<Optional<Duration>> touch(String locator, byte[] secretHash) {
    return store.touch(locator, secretHash);
  }

  @Override
  public CompletionStage<Optional<Duration>> prolong(String locator) {
    return store.prolong(locator);
  }

  @Override
  public SaveOutcome create(NewSession session) {
    if (!sealing.isWriting()) {
      return store.create(session);
    }
    NewSession sealed = seal(session.locator()).seal(session);
    return withSeal(store.create(sealed), sealed.principal());
  }

  @Override
  public SaveOutcome save(SessionChanges changes) {
    Metadata after = changes.metadata();
    if (!sealing.isWriting() && (after == null || !Sealing.isSealed(after.seal()))) {
      return store.save(changes.withoutMetadata());
    }
    SessionChanges sealed = seal(changes.locator()).seal(changes);
    byte[] written = sealed.principal();
    if (after == null || sealed.metadata() == null) {
      written = null;
    }
    return withSeal(store.save(sealed), written);
  }

  private static SaveOutcome withSeal(SaveOutcome outcome, byte @Nullable [] seal) {
    if (seal == null || outcome.result() != Result.SAVED) {
      return outcome;
    }
    return new SaveOutcome(
        outcome.result(),
        outcome.previous(),
        outcome.renewed(),
        outcome.lost(),
        outcome.now(),
        seal);
  }

  /** What does not open is left out: the session has ended, and listeners get what can be read. */
  @Override
  public @Nullable StoredSession destroy(String locator) {
    return opened(locator, store.destroy(locator));
  }

  @Override
  public @Nullable StoredSession expire(String locator) {
    return opened(locator, store.expire(locator));
  }

  /** The seal does not hold the idle deadline, so it stays good. */
  @Override
  public boolean lapse(String locator) {
    return store.lapse(locator);
  }

  private @Nullable StoredSession opened(String locator, @Nullable StoredSession last) {
    if (last == null || isPlain(last)) {
      return last;
    }
    try {
      return seal(locator).open(last);
    } catch (BrokenSealException | UnknownKeyException e) {
      security.report(
          e instanceof BrokenSealException ? Kind.BROKEN_SEAL : Kind.UNKNOWN_KEY,
          locator,
          e.getMessage() + "; the session has ended, its listeners see only what can be opened");
      return seal(locator).openWhatOpens(last);
    }
  }

  private SessionSeal seal(String locator) {
    return new SessionSeal(sealing, locator, isLogin);
  }

  /**
   * Forgets the other keys: every session is now sealed as this node seals, so nobody needs them.
   */
  public void resealed() {
    String writing = sealing.writingKey();
    for (String key : store.users().keys().noted()) {
      if (!key.equals(writing)) {
        store.users().keys().forget(key);
      }
    }
  }

  /**
   * Brings a session into the form in which this node writes. It is left alone if it is in that
   * form, or cannot be opened.
   *
   * @param opened is given what the session holds
   * @return whether anything was written
   */
  public boolean reseal(String locator, Consumer<StoredSession> opened) {
    StoredSession found = store.load(locator, null);
    if (found == null || found.state().expired()) {
      return false;
    }
    try {
      Rewrite rewrite = seal(locator).reseal(found);
      opened.accept(seal(locator).open(found));
      return !rewrite.isEmpty() && store.rewrite(locator, rewrite) > 0;
    } catch (BrokenSealException | UnknownKeyException e) {
      security.report(
          e instanceof BrokenSealException ? Kind.BROKEN_SEAL : Kind.UNKNOWN_KEY,
          locator,
          e.getMessage() + "; the session is not encrypted anew");
      return false;
    }
  }

  @Override
  public int rewrite(String locator, Rewrite rewrite) {
    return store.rewrite(locator, rewrite);
  }

  @Override
  public void distrustConnection(String locator) {
    store.distrustConnection(locator);
  }

  @Override
  public long restoreAll() {
    return store.restoreAll();
  }

  @Override
  public void whenRestored(Consumer<Collection<String>> restored) {
    store.whenRestored(restored);
  }

  @Override
  public Map<String, StoredSession> describe(Collection<String> locators, Unreadable unreadable) {
    Map<String, StoredSession> opened = new LinkedHashMap<>();
    store
        .describe(locators, unreadable)
        .forEach(
            (locator, found) -> {
              try {
                opened.put(locator, seal(locator).open(found));
              } catch (UnknownKeyException e) {
                unreadable.found(locator, unknownKey(locator, e));
              } catch (BrokenSealException e) {
                StoredSession again = load(locator, null);
                if (again == null) {
                  unreadable.found(locator, null);
                } else {
                  opened.put(locator, again);
                }
              }
            });
    return opened;
  }

  @Override
  public UserIndex users() {
    return users;
  }

  @Override
  public SessionLocks locks() {
    return store.locks();
  }

  @Override
  public Instant now() {
    return store.now();
  }

  @Override
  public void close() {
    store.close();
  }
}
