package dev.holdfast.redis;

import static dev.holdfast.redis.client.Ascii.ascii;

import dev.holdfast.api.SecurityEvent.Kind;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.redis.SessionHash.Fields;
import dev.holdfast.redis.client.Call;
import dev.holdfast.redis.client.Keyed;
import dev.holdfast.redis.client.Lane;
import dev.holdfast.redis.client.Redis;
import dev.holdfast.redis.client.Turn;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.Rewrite;
import dev.holdfast.store.SaveOutcome;
import dev.holdfast.store.SaveOutcome.Result;
import dev.holdfast.store.SessionChanges;
import dev.holdfast.store.SessionState;
import dev.holdfast.store.Stamp;
import dev.holdfast.store.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Creates, saves and ends sessions: one script each, and what its reply means. */
final class SessionWrites {
  /** What a script answers: the ordinal of one of these. The scripts have the same numbers. */
  enum Code {
    SAVED,
    GONE,
    FENCED,
    /** It came after its deadline. */
    LATE,
    MOVED,
    /** Saved, but another renewal was first. */
    NOT_RENEWED,
    /** Somebody else has the lock that it needs. */
    LOCK_LOST
  }

  private static final List<Code> CODES = List.of(Code.values());
  private static final Long LATE = (long) CODES.indexOf(Code.LATE);

  private final Redis redis;
  private final Function<String, byte[]> keys;
  private final byte[] slack;
  private final LargeSessions large;
  private final Suspicions suspicions;
  private final ExpiryFilings filings;

  /**
   * The channel on which other nodes hear of the end of a session. There {@link #self} is the name
   * of this node.
   */
  private final byte[] channel;

  private final String self;

  SessionWrites(
      Redis redis,
      Function<String, byte[]> keys,
      byte[] slack,
      LargeSessions large,
      Suspicions suspicions,
      ExpiryFilings filings,
      String channel,
      String self) {
    this.redis = redis;
    this.keys = keys;
    this.slack = slack;
    this.large = large;
    this.suspicions = suspicions;
    this.filings = filings;
    this.channel = ascii(channel);
    this.self = self;
  }

  SaveOutcome create(NewSession session) {
    byte[] key = keys.apply(session.locator());
    BoundStamp stamps = new BoundStamp(key);
    try (Turn turn = redis.turn("create", redis.timeout(), key)) {
      boolean login = session.principal() != null;
      Keyed<Long> filing = filings.filing(session, turn);
      List<byte[]> argv = Arguments.create(session, slack, stamps);
      List<Object> reply = write(turn, Script.CREATE, key, argv, login, filing);
      filings.await(filing, session.locator(), turn);
      return answered(
          turn,
          session.locator(),
          () -> {
            Stamp unused = stamps.decode(reply.get(2), "the reply");
            return new SaveOutcome(result(reply), null, Set.of(), now(reply));
          });
    }
  }

  SaveOutcome save(SessionChanges changes) {
    boolean login = changes.rotation() != null || changes.principal() != null;
    byte[] key = keys.apply(changes.locator());
    BoundStamp stamps = new BoundStamp(key);
    try (Turn turn = redis.turn("save", login ? redis.patience() : redis.timeout(), key)) {
      List<String> inPlace = new ArrayList<>(changes.changedInPlace().keySet());
      boolean endsOtherwise = changes.maxInactiveInterval() != null;
      Keyed<Long> filing = endsOtherwise ? filings.lookingAgain(changes.locator(), turn) : null;
      List<byte[]> argv = Arguments.save(changes, slack, stamps);
      List<Object> reply = write(turn, Script.SAVE, key, argv, login, filing);
      filings.await(filing, changes.locator(), turn);
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
                code(reply) != Code.NOT_RENEWED,
                Set.copyOf(lost),
                now(reply),
                null);
          });
    }
  }

  @Nullable StoredSession destroy(String locator, byte[] refuse) {
    byte[] key = keys.apply(locator);
    List<byte[]> argv = List.of(refuse, channel, ascii(self + " " + locator));
    try (Turn turn = redis.turn("destroy", redis.patience(), key)) {
      Call<List<Object>> destroy = Script.DESTROY.call(key, argv, turn.left());
      List<Object> reply =
          redis.isDurable(true)
              ? turn.askDurably(key, destroy)
              : turn.ask(key, large.lane(locator), destroy);
      return answered(
              turn,
              locator,
              () -> {
                if (!Arrays.equals(argv.get(2), (byte[]) reply.get(3))) {
                  throw new ForeignReplyException("the reply is of another session's end");
                }
                return Optional.ofNullable(last(locator, reply));
              })
          .orElse(null);
    }
  }

  /**
   * @param refuse for how long the session cannot be put back; null where nobody could
   */
  boolean lapse(String locator, @Nullable Duration refuse) {
    byte[] key = keys.apply(locator);
    byte[] mark = ascii(locator);
    byte[] refused = refuse == null ? new byte[0] : Arguments.number(refuse.toMillis());
    try (Turn turn = redis.turn("ending", redis.patience(), key)) {
      // First, in case this process ends: the entry becomes due once the script has run or never
      // will.
      Keyed<Long> filing = filings.lookingAgain(locator, turn);
      List<Object> reply = write(turn, Script.LAPSE, key, List.of(refused, mark), true, filing);
      filings.await(filing, locator, turn);
      Result result =
          answered(
              turn,
              locator,
              () -> {
                if (!Arrays.equals(mark, (byte[]) reply.get(2))) {
                  throw new ForeignReplyException("the reply is of another session");
                }
                return result(reply);
              });
      if (result == Result.LATE) {
        throw new SessionStoreUnavailableException(
            "A session was not ended: Redis was reached too late; try again", null);
      }
      Keyed<Long> due = result == Result.SAVED ? filings.due(locator, turn) : null;
      if (due != null) {
        turn.send(List.of(due));
        filings.await(due, locator, turn);
      }
      return result == Result.SAVED;
    }
  }

  private @Nullable StoredSession last(String locator, List<Object> reply) {
    List<?> flat = (List<?>) reply.get(2);
    if (flat.isEmpty()) {
      return null;
    }
    try {
      Fields fields = new Fields(keys.apply(locator));
      for (int i = 0; i < flat.size(); i += 2) {
        fields.add((byte[]) flat.get(i), (byte[]) flat.get(i + 1));
      }
      long left = (Long) reply.get(1);
      long now = (Long) reply.get(0);
      SessionState state = SessionHash.state(fields, left, now, now).state();
      return SessionHash.session(state, fields);
    } catch (MalformedHashException e) {
      suspicions.foreign(Kind.FOREIGN_SESSION, locator, e.getMessage() + "; it was removed");
      return null;
    }
  }

  /** How a reply to a write is understood. */
  private interface Meaning<T> {
    T read() throws MalformedHashException;
  }

  /** Interprets a reply. If it belongs to another command, the outcome of this one is unknown. */
  private <T> T answered(Turn turn, String locator, Meaning<T> meaning) {
    try {
      return meaning.read();
    } catch (MalformedHashException
        | ClassCastException
        | IndexOutOfBoundsException
        | IllegalArgumentException
        | IllegalStateException e) {
      suspicions.mixedUp(locator, e);
      throw turn.mixedUp(keys.apply(locator), e);
    }
  }

  int rewrite(String locator, Rewrite rewrite) {
    byte[] key = keys.apply(locator);
    BoundStamp stamps = new BoundStamp(key);
    try (Turn turn = redis.turn("rewrite", redis.timeout(), key)) {
      List<Object> reply = Script.REWRITE.run(turn, key, Arguments.rewrite(rewrite, stamps));
      return answered(
          turn,
          locator,
          () -> {
            Stamp unused = stamps.decode(reply.get(2), "the reply");
            return ((Long) reply.get(1)).intValue();
          });
    }
  }

  /**
   * Runs a script whose first argument is its not-after deadline. If it is refused as late while
   * its caller still waits, its deadline was computed from a clock that had not been read for long
   * (the machine was suspended). The refusal has set the clock, so the script is sent once more.
   *
   * @param filing the command to send in front of it, in the same packet if one server has both
   *     keys; or null
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

  private static Result result(List<Object> reply) {
    return switch (code(reply)) {
      case SAVED, NOT_RENEWED -> Result.SAVED;
      case GONE -> Result.GONE;
      case FENCED -> Result.FENCED;
      case LATE -> Result.LATE;
      case MOVED -> Result.MOVED;
      case LOCK_LOST -> Result.LOCK_LOST;
    };
  }

  static Code code(List<Object> reply) {
    long number = (Long) reply.get(1);
    if (number < 0 || number >= CODES.size()) {
      throw new IllegalStateException("A script answered the unknown code " + number);
    }
    return CODES.get((int) number);
  }

  private static Instant now(List<Object> reply) {
    return Instant.ofEpochMilli((Long) reply.get(0));
  }
}
