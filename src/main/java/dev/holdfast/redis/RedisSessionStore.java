package dev.holdfast.redis;

import static dev.holdfast.redis.SessionHash.ascii;

import dev.holdfast.config.Settings;
import dev.holdfast.redis.SessionHash.Fields;
import dev.holdfast.redis.SessionHash.ForeignReplyException;
import dev.holdfast.redis.SessionHash.MalformedHashException;
import dev.holdfast.redis.SessionHash.Reading;
import dev.holdfast.redis.Turn.RedisCommandException;
import dev.holdfast.security.SecurityEvent.Kind;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.store.EndedSessions;
import dev.holdfast.store.ExpiryIndex;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.RestorableStore;
import dev.holdfast.store.Rewrite;
import dev.holdfast.store.SaveOutcome;
import dev.holdfast.store.SaveOutcome.Result;
import dev.holdfast.store.SessionChanges;
import dev.holdfast.store.SessionMark;
import dev.holdfast.store.SessionSnapshot;
import dev.holdfast.store.SessionState;
import dev.holdfast.store.Stamp;
import dev.holdfast.store.StoredSession;
import dev.holdfast.store.UserIndex;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Keeps every session in one Redis hash. Layout, scripts and the choices behind them are in the
 * package's documentation.
 *
 * <p>Connects at the first call, not at construction. The stages that {@link #touch} returns
 * complete on an I/O thread: whoever attaches to them must not block.
 */
public final class RedisSessionStore implements RestorableStore {
  private static final Logger LOG = System.getLogger(RedisSessionStore.class.getName());

  /** What a script answers that came after its deadline. */
  private static final Long LATE = 3L;

  /** For destroy.lua: nothing keeps the session from being put back. */
  private static final byte[] NO_REFUSAL = {};

  /** In place of the secret's hash, for touch.lua. */
  private static final byte[] NO_ACCESS = {};

  /** Saved, but another renewal was first; the scripts have it too. */
  private static final int NOT_RENEWED = 5;

  private final SecurityEvents security;
  private final String keyPrefix;
  private final byte[] slack;
  private final Redis redis;
  private final Snapshots snapshots;
  private final Misfits misfits = new Misfits();
  private final UserIndex users;
  private final LargeSessions large = new LargeSessions();
  private final RedisExpiryIndex index;
  private final String app;

  /** Where nodes hear of sessions that others have ended, and who of them this one is. */
  private final String channel;

  private final String self = UUID.randomUUID().toString();

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
    this.redis = new Redis(application);
    this.keyPrefix = application.prefix() + ":" + application.app() + ":{";
    this.users =
        new RedisUserIndex(redis, application.prefix() + ":" + application.app() + ":user:{");
    this.slack = Arguments.number(application.touchInterval().toMillis());
    this.snapshots =
        new Snapshots(
            redis, this::key, ascii(application.prefix() + ":" + application.app() + ":backup"));
    this.app = application.app();
    this.channel = application.prefix() + ":" + app + ":ended";
    this.index =
        new RedisExpiryIndex(
            redis,
            this,
            new ExpiryShards(application.prefix(), application.app()),
            application.expiry().isOn(),
            application.touchInterval());
  }

  @Override
  public void ensureAvailable() {
    redis.ensureAvailable();
  }

  @Override
  public @Nullable StoredSession load(String locator, byte @Nullable [] touchSecretHash) {
    return read("load", locator, touchSecretHash, this::load);
  }

  private @Nullable StoredSession load(Turn turn, String locator, byte @Nullable [] touchSecretHash)
      throws MalformedHashException, RedisCommandException {
    byte[] key = key(locator);
    StoredSession session = null;
    for (int reading = 1; reading <= 2; reading++) {
      Call<Map<byte[], byte[]>> hash = Call.hgetall(key, turn.left());
      Call<Long> pttl = Call.pttl(key, turn.left());
      int lane = large.lane(locator);
      long sent = send(lane, hash, pttl, key, reading == 1 ? touchSecretHash : null);
      Fields fields = new Fields(key);
      Map<byte[], byte[]> read = turn.await(hash);
      large.saw(locator, read);
      read.forEach(fields::add);
      long ttl = turn.await(pttl);
      if (fields.isEmpty()) {
        return null;
      }
      Reading state = reading(hash, fields, ttl, null, sent);
      session = SessionHash.session(state.state(), fields);
      if (isSettled(state, reading)) {
        if (touchSecretHash != null) {
          index.file(locator);
        }
        return session;
      }
    }
    foreignTtl(locator);
    return session;
  }

  @Override
  public @Nullable SessionState check(String locator, byte @Nullable [] touchSecretHash) {
    return read("check", locator, touchSecretHash, this::check);
  }

  private @Nullable SessionState check(Turn turn, String locator, byte @Nullable [] touchSecretHash)
      throws MalformedHashException, RedisCommandException {
    byte[] key = key(locator);
    SessionState state = null;
    for (int attempt = 1; attempt <= 2; attempt++) {
      Call<List<Object>> hash = Call.hmget(key, SessionHash.STATE_FIELDS, turn.left());
      Call<Long> pttl = Call.pttl(key, turn.left());
      long sent = send(Lane.SHARED, hash, pttl, key, attempt == 1 ? touchSecretHash : null);
      List<Object> values = turn.await(hash);
      long ttl = turn.await(pttl);
      if (ttl == -2) {
        return null;
      }
      Fields fields = fields(key, values, SessionHash.STATE_FIELDS);
      Reading reading = reading(hash, fields, ttl, null, sent);
      state = reading.state();
      if (isSettled(reading, attempt)) {
        return state;
      }
    }
    foreignTtl(locator);
    return state;
  }

  /** A TTL that does not fit is read once more, and then taken as it is unless nobody set it. */
  private static boolean isSettled(Reading reading, int attempt) {
    return !reading.foreignTtl() && (attempt > 1 || !reading.oddTtl());
  }

  private void foreignTtl(String locator) {
    foreign(
        Kind.FOREIGN_TTL,
        locator,
        "its time to live was not set by this library; it counts as expired");
  }

  /** One attempt at reading a session. */
  private interface Attempt<T> {
    @Nullable T read(Turn turn, String locator, byte @Nullable [] touchSecretHash)
        throws MalformedHashException, RedisCommandException;
  }

  /**
   * Reads, and once more over a fresh connection when what comes is not that session: it may be the
   * reply to another command (lettuce#2012).
   */
  private <T> @Nullable T read(
      String operation, String locator, byte @Nullable [] touchSecretHash, Attempt<T> attempt) {
    byte[] key = key(locator);
    try (Turn turn = redis.turn(operation, redis.timeout(), key)) {
      MalformedHashException first;
      try {
        return attempt.read(turn, locator, touchSecretHash);
      } catch (ClassCastException e) {
        first = new ForeignReplyException("the reply is of another kind");
      } catch (MalformedHashException e) {
        if (misfits.isKnown(locator)) {
          throw e;
        }
        first = e;
      }
      redis.distrust(key);
      T again = attempt.read(turn, locator, null);
      mixedUp(locator, first);
      return again;
    } catch (ClassCastException | MalformedHashException | RedisCommandException e) {
      misfits.add(locator);
      foreign(Kind.FOREIGN_SESSION, locator, e.getMessage() + "; it counts as absent");
      return null;
    }
  }

  private void mixedUp(@Nullable String locator, Exception e) {
    security.report(
        Kind.MIXED_UP_REPLY,
        locator,
        "Redis at "
            + redis.topology().address()
            + " - a reply belongs to another command, and the connection was dropped: "
            + e.getMessage());
  }

  @Override
  public CompletionStage<Optional<Duration>> touch(String locator, byte[] secretHash) {
    return touch("touch", locator, secretHash);
  }

  @Override
  public CompletionStage<Optional<Duration>> prolong(String locator) {
    return touch("prolong", locator, NO_ACCESS);
  }

  private CompletionStage<Optional<Duration>> touch(
      String operation, String locator, byte[] secretHash) {
    byte[] key = key(locator);
    long start = System.nanoTime();
    Call<List<Object>> touch = touching(key, secretHash, redis.timeout());
    redis.send(key, List.of(touch));
    CompletableFuture<Optional<Duration>> touched = new CompletableFuture<>();
    var unused =
        touch
            .reply()
            .whenComplete(
                (reply, failure) -> {
                  if (failure == null) {
                    touched.complete(idle(reply));
                  } else {
                    touched.completeExceptionally(redis.faults().failed(operation, start, failure));
                  }
                });
    return touched;
  }

  @Override
  public SaveOutcome create(NewSession session) {
    byte[] key = key(session.locator());
    BoundStamp stamps = new BoundStamp(key);
    try (Turn turn = redis.turn("create", redis.timeout(), key)) {
      boolean login = session.principal() != null;
      Keyed<Long> filing = index.filing(session, turn);
      List<byte[]> argv = Arguments.create(session, slack, stamps);
      List<Object> reply = write(turn, Script.CREATE, key, argv, login, filing);
      index.await(filing, session.locator(), turn);
      return answered(
          turn,
          session.locator(),
          () -> {
            Stamp unused = stamps.decode(reply.get(2), "the reply");
            return new SaveOutcome(result(reply), null, Set.of(), now(reply));
          });
    }
  }

  @Override
  public SaveOutcome save(SessionChanges changes) {
    boolean login = changes.rotation() != null || changes.principal() != null;
    byte[] key = key(changes.locator());
    BoundStamp stamps = new BoundStamp(key);
    try (Turn turn = redis.turn("save", login ? redis.patience() : redis.timeout(), key)) {
      List<String> inPlace = new ArrayList<>(changes.changedInPlace().keySet());
      boolean endsOtherwise = changes.maxInactiveInterval() != null;
      Keyed<Long> filing = endsOtherwise ? index.lookingAgain(changes.locator(), turn) : null;
      List<byte[]> argv = Arguments.save(changes, slack, stamps);
      List<Object> reply = write(turn, Script.SAVE, key, argv, login, filing);
      index.await(filing, changes.locator(), turn);
      return answered(
          turn,
          changes.locator(),
          () -> {
            // The stamp found there, or, when nothing was saved, that of the call.
            Stamp found = stamps.decode(reply.get(2), "the reply");
            Set<String> lost = new HashSet<>();
            for (Object index : reply.subList(3, reply.size())) {
              lost.add(inPlace.get(((Long) index).intValue() - 1));
            }
            Result result = result(reply);
            return new SaveOutcome(
                result,
                result == Result.SAVED ? found : null,
                code(reply) != NOT_RENEWED,
                Set.copyOf(lost),
                now(reply),
                null);
          });
    }
  }

  @Override
  public @Nullable StoredSession destroy(String locator) {
    return destroy(locator, NO_REFUSAL);
  }

  @Override
  public @Nullable StoredSession destroy(String locator, @Nullable Duration refuse) {
    return destroy(locator, Arguments.number(refuse == null ? -1 : refuse.toMillis()));
  }

  private @Nullable StoredSession destroy(String locator, byte[] refuse) {
    byte[] key = key(locator);
    List<byte[]> argv = List.of(refuse, ascii(channel), ascii(self + " " + locator));
    try (Turn turn = redis.turn("destroy", redis.patience(), key)) {
      Call<List<Object>> destroy = Script.DESTROY.call(key, argv, turn.left());
      List<Object> reply =
          redis.isDurable(true)
              ? turn.askDurably(key, destroy)
              : turn.ask(key, large.lane(locator), destroy);
      return answered(turn, locator, () -> Optional.ofNullable(last(locator, destroy, reply)))
          .orElse(null);
    }
  }

  private @Nullable StoredSession last(
      String locator, Call<List<Object>> destroy, List<Object> reply) throws ForeignReplyException {
    List<?> flat = (List<?>) reply.get(2);
    if (flat.isEmpty()) {
      return null;
    }
    try {
      Fields fields = new Fields(key(locator));
      for (int i = 0; i < flat.size(); i += 2) {
        fields.add((byte[]) flat.get(i), (byte[]) flat.get(i + 1));
      }
      Reading reading = reading(destroy, fields, (Long) reply.get(1), (Long) reply.get(0), 0);
      return SessionHash.session(reading.state(), fields);
    } catch (ForeignReplyException e) {
      throw e;
    } catch (MalformedHashException e) {
      foreign(Kind.FOREIGN_SESSION, locator, e.getMessage() + "; it was removed");
      return null;
    }
  }

  /** How a reply to a write is understood. */
  private interface Meaning<T> {
    T read() throws MalformedHashException;
  }

  /** A reply that belongs to another command says nothing of this one. */
  private <T> T answered(Turn turn, String locator, Meaning<T> meaning) {
    try {
      return meaning.read();
    } catch (MalformedHashException
        | ClassCastException
        | IndexOutOfBoundsException
        | IllegalArgumentException
        | IllegalStateException e) {
      mixedUp(locator, e);
      throw turn.mixedUp(key(locator), e);
    }
  }

  @Override
  public int rewrite(String locator, Rewrite rewrite) {
    byte[] key = key(locator);
    BoundStamp stamps = new BoundStamp(key);
    try (Turn turn = redis.turn("rewrite", redis.timeout(), key)) {
      List<Object> reply = turn.run(Script.REWRITE, key, Arguments.rewrite(rewrite, stamps));
      return answered(
          turn,
          locator,
          () -> {
            Stamp unused = stamps.decode(reply.get(2), "the reply");
            return ((Long) reply.get(1)).intValue();
          });
    }
  }

  @Override
  public void distrustConnection(String locator) {
    redis.distrust(key(locator));
  }

  /** Hears what other nodes end; connects when it is listened to. */
  public EndedSessions endedSessions() {
    return new EndedChannel(redis, app, channel, self);
  }

  /** Finds the sessions of this store whose time is over. */
  public ExpiryIndex expiryIndex() {
    return index;
  }

  @Override
  public List<SessionSnapshot> snapshots(Collection<String> locators) {
    return snapshots.snapshots(locators);
  }

  @Override
  public List<SessionMark> marks(Collection<String> locators) {
    return snapshots.marks(locators);
  }

  @Override
  public List<Restored> restore(List<SessionSnapshot> sessions, Instant notAfter) {
    List<Restored> outcomes = snapshots.restore(sessions, notAfter);
    List<String> back = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i) == Restored.BACK) {
        back.add(sessions.get(i).locator());
      }
    }
    index.restored(back);
    return outcomes;
  }

  @Override
  public WarmUp claimWarmUp(String node, Duration lease) {
    return snapshots.warmUp(node, lease, false);
  }

  @Override
  public void finishWarmUp() {
    snapshots.warmUp("", Duration.ZERO, true);
  }

  @Override
  public Map<String, StoredSession> describe(Collection<String> locators) {
    Map<String, StoredSession> found = new LinkedHashMap<>();
    if (locators.isEmpty()) {
      return found;
    }
    record Question(String locator, Call<List<Object>> hash, Call<Long> pttl, long sent) {}
    List<String> doubtful = new ArrayList<>();
    try (Turn turn = redis.turn("describe", redis.patience(), key(locators.iterator().next()))) {
      List<Question> questions = new ArrayList<>();
      for (String locator : locators) {
        byte[] key = key(locator);
        Call<List<Object>> hash = Call.hmget(key, SessionHash.METADATA_FIELDS, turn.left());
        Call<Long> pttl = Call.pttl(key, turn.left());
        questions.add(new Question(locator, hash, pttl, System.nanoTime()));
        turn.send(key, hash, pttl);
      }
      for (Question question : questions) {
        try {
          List<Object> values = turn.await(question.hash());
          long ttl = turn.await(question.pttl());
          if (ttl != -2) {
            Fields fields = fields(key(question.locator()), values, SessionHash.METADATA_FIELDS);
            Reading reading = reading(question.hash(), fields, ttl, null, question.sent());
            found.put(question.locator(), SessionHash.session(reading.state(), fields));
          }
        } catch (ClassCastException | MalformedHashException | RedisCommandException e) {
          doubtful.add(question.locator());
        }
      }
    }
    for (String locator : doubtful) {
      StoredSession session = load(locator, null);
      if (session != null) {
        found.put(locator, session);
      }
    }
    return found;
  }

  private static Fields fields(byte[] key, List<Object> values, List<byte[]> names) {
    Fields fields = new Fields(key);
    for (int i = 0; i < Math.min(values.size(), names.size()); i++) {
      if (values.get(i) instanceof byte[] value) {
        fields.add(names.get(i), value);
      }
    }
    return fields;
  }

  @Override
  public UserIndex users() {
    return users;
  }

  @Override
  public Instant now() {
    return redis.now();
  }

  @Override
  public void close() {
    redis.close();
  }

  /** For tests of a clock gone wrong. */
  @Nullable RedisClock clock() {
    return redis.topology().clock();
  }

  /**
   * Runs a script whose first argument is its not-after deadline. Refused as late while its caller
   * still waits, it met a clock that had not been read for long (a machine that was suspended); the
   * refusal has set it, so once more.
   *
   * @param filing sent in front of it, in the same packet if one server has both keys; or null
   */
  private List<Object> write(
      Turn turn,
      Script script,
      byte[] key,
      List<byte[]> argv,
      boolean login,
      @Nullable Keyed<Long> filing) {
    List<Object> reply = writeOnce(turn, script, key, argv, login, filing);
    if (LATE.equals(reply.get(reply.size() > 1 ? 1 : 0)) && turn.hasTime()) {
      reply = writeOnce(turn, script, key, argv, login, null);
    }
    return reply;
  }

  private List<Object> writeOnce(
      Turn turn,
      Script script,
      byte[] key,
      List<byte[]> argv,
      boolean login,
      @Nullable Keyed<Long> filing) {
    Call<List<Object>> write = script.callNotAfter(key, argv, turn.left());
    int lane = LargeSessions.lane(argv);
    boolean durable = redis.isDurable(login);
    if (filing != null && lane == Lane.SHARED && !durable) {
      turn.send(List.of(filing, new Keyed<>(key, write)));
      return turn.answer(write);
    }
    if (filing != null) {
      turn.send(List.of(filing));
    }
    return durable ? turn.askDurably(key, write) : turn.ask(key, lane, write);
  }

  /** Sends a read, with the touch behind it if one is due. Answers when that was. */
  private long send(
      int lane, Call<?> hash, Call<Long> pttl, byte[] key, byte @Nullable [] touchSecretHash) {
    long sent = System.nanoTime();
    if (touchSecretHash == null) {
      redis.send(key, lane, List.of(hash, pttl));
    } else {
      Call<List<Object>> touch = touching(key, touchSecretHash, redis.timeout());
      var unused =
          touch
              .reply()
              .exceptionally(
                  failure -> {
                    LOG.log(Level.DEBUG, "A touch failed: {0}", Faults.reason(failure));
                    return List.of();
                  });
      redis.send(key, lane, List.of(hash, pttl, touch));
    }
    return sent;
  }

  private Call<List<Object>> touching(byte[] key, byte[] secretHash, Duration limit) {
    return Script.TOUCH.call(key, List.of(secretHash, slack), limit);
  }

  /**
   * What {@code call} was answered, judged by the clock of the server that did.
   *
   * @param now that clock when the reply carries it, else null
   */
  private static Reading reading(
      Call<?> call, Fields fields, long pttl, @Nullable Long now, long sent)
      throws MalformedHashException {
    RedisClock clock = call.link().clock();
    Reading reading = SessionHash.state(fields, pttl, now, clock.now());
    if (now == null && !reading.foreignTtl()) {
      clock.observeDerived(reading.state().now().toEpochMilli(), sent);
    }
    return reading;
  }

  byte[] key(String locator) {
    return ascii(keyPrefix + locator + "}");
  }

  private static Optional<Duration> idle(List<Object> reply) {
    return reply.size() < 2
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds((Long) reply.get(1)));
  }

  private static Result result(List<Object> reply) {
    int code = code(reply);
    return switch (code) {
      case 0, NOT_RENEWED -> Result.SAVED;
      case 1 -> Result.GONE;
      case 2 -> Result.FENCED;
      case 3 -> Result.LATE;
      case 4 -> Result.MOVED;
      default -> throw new IllegalStateException("A script answered the unknown code " + code);
    };
  }

  private static int code(List<Object> reply) {
    return ((Long) reply.get(1)).intValue();
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
            + redis.topology().address()
            + " - the session is not as this library writes it: "
            + fault);
  }
}
