package dev.holdfast.redis;

import static dev.holdfast.redis.SessionHash.ascii;

import dev.holdfast.config.RedisSettings;
import dev.holdfast.config.Settings;
import dev.holdfast.redis.SessionHash.Fields;
import dev.holdfast.redis.SessionHash.MalformedHashException;
import dev.holdfast.redis.SessionHash.Reading;
import dev.holdfast.redis.Turn.RedisCommandException;
import dev.holdfast.security.SecurityEvent.Kind;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.SaveOutcome;
import dev.holdfast.store.SaveOutcome.Result;
import dev.holdfast.store.SessionChanges;
import dev.holdfast.store.SessionState;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.Stamp;
import dev.holdfast.store.StoredSession;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Keeps every session in one Redis hash. Layout, scripts and the choices behind them are in the
 * package's documentation.
 *
 * <p>Connects at the first call, not at construction. The stages that {@link #touch} returns
 * complete on an I/O thread: whoever attaches to them must not block.
 */
public final class RedisSessionStore implements SessionStore {
  private static final Logger LOG = System.getLogger(RedisSessionStore.class.getName());

  private final RedisSettings settings;
  private final SecurityEvents security;
  private final String keyPrefix;
  private final byte[] slack;
  private final RedisConnector connector;
  private final Bulkhead bulkhead;
  private final Faults faults;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** A store for one application, which also names its threads. */
  public RedisSessionStore(Settings application) {
    this(application, SecurityEvents.logging());
  }

  /**
   * A store for one application, which also names its threads.
   *
   * @param security is told of hashes that this library did not write
   */
  public RedisSessionStore(Settings application, SecurityEvents security) {
    this.security = security;
    this.settings = application.redis();
    this.keyPrefix = application.prefix() + ":" + application.app() + ":{";
    this.slack = Arguments.number(application.touchInterval().toMillis());
    this.connector = new RedisConnector(settings, application.app());
    this.bulkhead = new Bulkhead(settings.concurrency());
    this.faults = new Faults(connector, bulkhead);
  }

  @Override
  public void ensureAvailable() {
    Turn.link("connecting", System.nanoTime(), settings, connector, faults);
  }

  @Override
  public @Nullable StoredSession load(String locator, byte @Nullable [] touchSecretHash) {
    byte[] key = key(locator);
    try (Turn turn = turn("load", settings.timeout())) {
      StoredSession session = null;
      for (int reading = 1; reading <= 2; reading++) {
        Call<Map<byte[], byte[]>> hash = Call.hgetall(key, turn.left());
        Call<Long> pttl = Call.pttl(key, turn.left());
        long sent = send(turn, hash, pttl, key, reading == 1 ? touchSecretHash : null);
        Fields fields = new Fields();
        turn.await(hash).forEach(fields::add);
        long ttl = turn.await(pttl);
        if (fields.isEmpty()) {
          return null;
        }
        Reading state = reading(turn, fields, ttl, null, sent);
        session = SessionHash.session(state.state(), fields);
        if (!state.foreignTtl()) {
          return session;
        }
      }
      foreign(
          Kind.FOREIGN_TTL,
          locator,
          "its time to live was not set by this library; it counts as expired");
      return session;
    } catch (MalformedHashException | RedisCommandException e) {
      foreign(Kind.FOREIGN_SESSION, locator, e.getMessage() + "; it counts as absent");
      return null;
    }
  }

  @Override
  public @Nullable SessionState check(String locator, byte @Nullable [] touchSecretHash) {
    byte[] key = key(locator);
    try (Turn turn = turn("check", settings.timeout())) {
      SessionState state = null;
      for (int attempt = 1; attempt <= 2; attempt++) {
        Call<List<Object>> hash = Call.hmget(key, SessionHash.STATE_FIELDS, turn.left());
        Call<Long> pttl = Call.pttl(key, turn.left());
        long sent = send(turn, hash, pttl, key, attempt == 1 ? touchSecretHash : null);
        List<Object> values = turn.await(hash);
        long ttl = turn.await(pttl);
        if (ttl == -2) {
          return null;
        }
        Fields fields = new Fields();
        for (int i = 0; i < values.size(); i++) {
          if (values.get(i) instanceof byte[] value) {
            fields.add(SessionHash.STATE_FIELDS.get(i), value);
          }
        }
        Reading reading = reading(turn, fields, ttl, null, sent);
        state = reading.state();
        if (!reading.foreignTtl()) {
          return state;
        }
      }
      foreign(
          Kind.FOREIGN_TTL,
          locator,
          "its time to live was not set by this library; it counts as expired");
      return state;
    } catch (MalformedHashException | RedisCommandException e) {
      foreign(Kind.FOREIGN_SESSION, locator, e.getMessage() + "; it counts as absent");
      return null;
    }
  }

  @Override
  public CompletionStage<Optional<Duration>> touch(String locator, byte[] secretHash) {
    CompletableFuture<Optional<Duration>> touched = new CompletableFuture<>();
    long start = System.nanoTime();
    var unused =
        connector
            .link()
            .whenComplete(
                (link, failure) -> {
                  if (failure != null) {
                    touched.completeExceptionally(
                        faults.notConnected("touch", start, Faults.unwrap(failure)));
                    return;
                  }
                  link.sendUnawaited(
                      List.of(),
                      Script.TOUCH,
                      key(locator),
                      List.of(secretHash, slack),
                      reply -> touched.complete(idle(reply)),
                      fault -> touched.completeExceptionally(faults.failed("touch", start, fault)));
                });
    return touched;
  }

  @Override
  public SaveOutcome create(NewSession session) {
    try (Turn turn = turn("create", settings.timeout())) {
      List<byte[]> argv = Arguments.create(session, slack);
      List<Object> reply = write(turn, Script.CREATE, key(session.locator()), argv);
      return new SaveOutcome(result(reply), null, Set.of(), now(reply));
    }
  }

  @Override
  public SaveOutcome save(SessionChanges changes) {
    boolean login = changes.rotation() != null || changes.principal() != null;
    try (Turn turn = turn("save", login ? patience() : settings.timeout())) {
      List<String> inPlace = new ArrayList<>(changes.changedInPlace().keySet());
      List<byte[]> argv = Arguments.save(changes, slack);
      List<Object> reply = write(turn, Script.SAVE, key(changes.locator()), argv);
      Set<String> lost = new HashSet<>();
      for (Object index : reply.subList(Math.min(3, reply.size()), reply.size())) {
        lost.add(inPlace.get(((Long) index).intValue() - 1));
      }
      Stamp previous = reply.size() > 2 ? Stamp.fromBytes((byte[]) reply.get(2)) : null;
      return new SaveOutcome(result(reply), previous, Set.copyOf(lost), now(reply));
    }
  }

  @Override
  public @Nullable StoredSession destroy(String locator) {
    try (Turn turn = turn("destroy", patience())) {
      List<Object> reply = turn.run(Script.DESTROY, key(locator), List.of());
      List<?> flat = (List<?>) reply.get(2);
      if (flat.isEmpty()) {
        return null;
      }
      Fields fields = new Fields();
      for (int i = 0; i < flat.size(); i += 2) {
        fields.add((byte[]) flat.get(i), (byte[]) flat.get(i + 1));
      }
      Reading reading = reading(turn, fields, (Long) reply.get(1), (Long) reply.get(0), 0);
      return SessionHash.session(reading.state(), fields);
    } catch (MalformedHashException e) {
      foreign(Kind.FOREIGN_SESSION, locator, e.getMessage() + "; it was removed");
      return null;
    }
  }

  @Override
  public Instant now() {
    RedisClock clock = connector.clock();
    return clock == null ? Instant.now() : Instant.ofEpochMilli(clock.now());
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      if (!bulkhead.drain(settings.timeout().toMillis())) {
        LOG.log(
            Level.WARNING, "{0} callers still wait for Redis while it is closed", bulkhead.taken());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connector.close();
  }

  /** For tests of a clock gone wrong. */
  @Nullable RedisClock clock() {
    return connector.clock();
  }

  private Turn turn(String operation, Duration limit) {
    if (closed.get()) {
      Exception reason = new IllegalStateException("the store is closed");
      throw faults.notConnected(operation, System.nanoTime(), reason);
    }
    return Turn.take(operation, limit, settings, connector, bulkhead, faults);
  }

  /**
   * Runs a script whose first argument is its not-after deadline. Refused as late while its caller
   * still waits, it met a clock that had not been read for long (a machine that was suspended); the
   * refusal has set it, so once more.
   */
  private static List<Object> write(Turn turn, Script script, byte[] key, List<byte[]> argv) {
    argv.set(0, Arguments.number(turn.notAfter()));
    List<Object> reply = turn.run(script, key, argv);
    if (result(reply) == Result.LATE && turn.hasTime()) {
      argv.set(0, Arguments.number(turn.notAfter()));
      reply = turn.run(script, key, argv);
    }
    return reply;
  }

  /** Logins and logouts are worth waiting for. */
  private Duration patience() {
    return settings.timeout().multipliedBy(2);
  }

  /** Sends a read, with the touch behind it if one is due. Answers when that was. */
  private long send(
      Turn turn, Call<?> hash, Call<Long> pttl, byte[] key, byte @Nullable [] touchSecretHash) {
    long sent = System.nanoTime();
    if (touchSecretHash == null) {
      turn.link().send(List.of(hash, pttl));
    } else {
      turn.link()
          .sendUnawaited(
              List.of(hash, pttl),
              Script.TOUCH,
              key,
              List.of(touchSecretHash, slack),
              reply -> {},
              failure -> LOG.log(Level.DEBUG, "A touch failed: {0}", Faults.reason(failure)));
    }
    return sent;
  }

  private static Reading reading(Turn turn, Fields fields, long pttl, @Nullable Long now, long sent)
      throws MalformedHashException {
    Reading reading = SessionHash.state(fields, pttl, now, turn.link().clock().now());
    if (now == null && !reading.foreignTtl()) {
      turn.link().clock().observeDerived(reading.state().now().toEpochMilli(), sent);
    }
    return reading;
  }

  private byte[] key(String locator) {
    return ascii(keyPrefix + locator + "}");
  }

  private static Optional<Duration> idle(List<Object> reply) {
    return reply.size() < 2
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds((Long) reply.get(1)));
  }

  private static Result result(List<Object> reply) {
    int code = ((Long) reply.get(1)).intValue();
    return switch (code) {
      case 0 -> Result.SAVED;
      case 1 -> Result.GONE;
      case 2 -> Result.FENCED;
      case 3 -> Result.LATE;
      default -> throw new IllegalStateException("A script answered the unknown code " + code);
    };
  }

  private static Instant now(List<Object> reply) {
    return Instant.ofEpochMilli((Long) reply.get(0));
  }

  /** Somebody else writes to our keys, or somebody copied them. */
  private void foreign(Kind kind, String locator, String fault) {
    security.report(
        kind,
        locator,
        "Redis at "
            + connector.address()
            + " - the session is not as this library writes it: "
            + fault);
  }
}
