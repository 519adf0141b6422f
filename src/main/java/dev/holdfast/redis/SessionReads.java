package dev.holdfast.redis;

import static dev.holdfast.redis.client.Ascii.ascii;

import dev.holdfast.api.SecurityEvent.Kind;
import dev.holdfast.redis.SessionHash.Fields;
import dev.holdfast.redis.SessionHash.Reading;
import dev.holdfast.redis.TrackedSessions.TrackedCheck;
import dev.holdfast.redis.client.Attempt;
import dev.holdfast.redis.client.Call;
import dev.holdfast.redis.client.Faults;
import dev.holdfast.redis.client.Keyed;
import dev.holdfast.redis.client.Lane;
import dev.holdfast.redis.client.Link;
import dev.holdfast.redis.client.Redis;
import dev.holdfast.redis.client.RedisClock;
import dev.holdfast.redis.client.Turn;
import dev.holdfast.redis.client.Turn.RedisCommandException;
import dev.holdfast.store.SessionState;
import dev.holdfast.store.SessionStore.Unreadable;
import dev.holdfast.store.StoredSession;
import dev.holdfast.text.Loggers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads sessions, and checks that a reply is of the session that was asked for. */
final class SessionReads {
  private static final Logger LOG = Loggers.of(SessionReads.class);

  private final Redis redis;
  private final Function<String, byte[]> keys;
  private final Touches touches;
  private final LargeSessions large;
  private final Suspicions suspicions;
  private final Consumer<String> file;
  private final @Nullable TrackedSessions tracked;
  private final MalformedSessions malformed = new MalformedSessions();

  /** Tells one echo from another. */
  private final AtomicLong marks = new AtomicLong();

  /**
   * Reads the sessions with those keys.
   *
   * @param file is told of sessions that are loaded for a request
   * @param tracked what Redis tells changes of; null when it tells of none
   */
  SessionReads(
      Redis redis,
      Function<String, byte[]> keys,
      Touches touches,
      LargeSessions large,
      Suspicions suspicions,
      Consumer<String> file,
      @Nullable TrackedSessions tracked) {
    this.redis = redis;
    this.keys = keys;
    this.touches = touches;
    this.large = large;
    this.suspicions = suspicions;
    this.file = file;
    this.tracked = tracked;
  }

  @Nullable StoredSession load(String locator, byte @Nullable [] touchSecretHash) {
    return read("load", locator, touchSecretHash, this::load);
  }

  private @Nullable StoredSession load(Turn turn, String locator, byte @Nullable [] touchSecretHash)
      throws MalformedHashException, RedisCommandException {
    byte[] key = keys.apply(locator);
    StoredSession session = null;
    for (int reading = 1; reading <= 2; reading++) {
      Call<Map<byte[], byte[]>> hash = Commands.hgetall(key, turn.left());
      Call<Long> pttl = Commands.pttl(key, turn.left());
      int lane = large.lane(locator);
      Call<List<Object>> clock = reading == 1 ? null : Call.time(turn.left());
      Echo touch = reading == 1 ? touch(key, touchSecretHash) : null;
      long sent = send(lane, key, hash, pttl, clock, touch == null ? null : touch.call());
      Fields fields = new Fields(key);
      Map<byte[], byte[]> read = turn.await(hash);
      large.saw(locator, read);
      read.forEach(fields::add);
      long ttl = turn.await(pttl);
      if (fields.isEmpty()) {
        requireInStep(turn, key, hash.link(), touch);
        return null;
      }
      Reading state = reading(hash, fields, ttl, now(turn, clock, sent), sent);
      session = SessionHash.session(state.state(), fields);
      if (isSettled(state, reading)) {
        if (touchSecretHash != null) {
          file.accept(locator);
        }
        return session;
      }
    }
    foreignTtl(locator);
    return session;
  }

  @Nullable SessionState check(String locator, byte @Nullable [] touchSecretHash) {
    return read("check", locator, touchSecretHash, this::check);
  }

  private @Nullable SessionState check(Turn turn, String locator, byte @Nullable [] touchSecretHash)
      throws MalformedHashException, RedisCommandException {
    byte[] key = keys.apply(locator);
    SessionState state = null;
    TrackedCheck promised = null;
    for (int attempt = 1; attempt <= 2; attempt++) {
      Call<List<Object>> hash = Commands.hmget(key, SessionHash.STATE_FIELDS, turn.left());
      Call<Long> pttl = Commands.pttl(key, turn.left());
      Call<List<Object>> clock = attempt == 1 ? null : Call.time(turn.left());
      Echo touch = attempt == 1 ? touch(key, touchSecretHash) : null;
      if (tracked != null && attempt == 1 && touch == null) {
        // A touch would be the next change.
        promised = tracked.check(redis, locator, key, turn.left());
      }
      long sent =
          send(
              Lane.SHARED,
              key,
              attempt == 1 && promised != null ? promised.optIn() : null,
              hash,
              pttl,
              clock,
              touch == null ? null : touch.call());
      List<Object> values = turn.await(hash);
      long ttl = turn.await(pttl);
      if (ttl == -2) {
        requireInStep(turn, key, hash.link(), touch);
        return null;
      }
      Fields fields = fields(key, values, SessionHash.STATE_FIELDS);
      Reading reading = reading(hash, fields, ttl, now(turn, clock, sent), sent);
      state = reading.state();
      if (isSettled(reading, attempt)) {
        if (promised != null && !state.expired()) {
          promised.answered(hash, state, SessionHash.end(state, ttl));
        }
        return state;
      }
    }
    foreignTtl(locator);
    return state;
  }

  /**
   * Whether the reading counts. A session whose TTL does not fit is read once more, together with
   * the clock; the second reading counts unless no script can have set its TTL.
   */
  private static boolean isSettled(Reading reading, int attempt) {
    return !reading.foreignTtl() && (attempt > 1 || !reading.oddTtl());
  }

  private void foreignTtl(String locator) {
    suspicions.foreign(
        Kind.FOREIGN_TTL,
        locator,
        "its time to live was not set by this library; it counts as expired");
  }

  /** A call that was sent, and with what its reply ends when the connection is in step. */
  private record Echo(Call<List<Object>> call, byte[] mark) {}

  /**
   * After the answer that there is no session, which does not say of which: it counts if the
   * connection is in step. No wait when a touch was sent, else one.
   */
  private void requireInStep(Turn turn, byte[] key, Link link, @Nullable Echo touch)
      throws ForeignReplyException, RedisCommandException {
    Echo echo = touch != null && touch.call().link() == link ? touch : echo(turn, key, link);
    if (!isEchoed(turn, echo)) {
      throw new ForeignReplyException("the connection is out of step");
    }
  }

  private Echo echo(Turn turn, byte[] key, Link link) {
    byte[] mark = ascii("step " + marks.incrementAndGet());
    Call<List<Object>> call = Commands.echo(key, mark, turn.left());
    Call.send(link, List.of(call));
    return new Echo(call, mark);
  }

  private static boolean isEchoed(Turn turn, Echo echo) throws RedisCommandException {
    List<Object> reply = turn.await(echo.call());
    return !reply.isEmpty()
        && reply.get(reply.size() - 1) instanceof byte[] last
        && Arrays.equals(last, echo.mark());
  }

  /** One attempt at reading a session. */
  private interface Attempt<T> {
    @Nullable T read(Turn turn, String locator, byte @Nullable [] touchSecretHash)
        throws MalformedHashException, RedisCommandException;
  }

  /**
   * Reads, and reads again over a fresh connection if the reply is not that session's: it may be
   * the reply to another command (lettuce#2012).
   */
  private <T> @Nullable T read(
      String operation, String locator, byte @Nullable [] touchSecretHash, Attempt<T> attempt) {
    byte[] key = keys.apply(locator);
    try (Turn turn = redis.turn(operation, redis.timeout(), key)) {
      MalformedHashException first;
      try {
        return attempt.read(turn, locator, touchSecretHash);
      } catch (ClassCastException e) {
        first = new ForeignReplyException("the reply is of another kind");
      } catch (MalformedHashException e) {
        if (malformed.isKnown(locator)) {
          throw e;
        }
        first = e;
      }
      redis.distrust(key);
      T again = attempt.read(turn, locator, null);
      suspicions.mixedUp(locator, first);
      return again;
    } catch (ClassCastException | MalformedHashException | RedisCommandException e) {
      malformed.add(locator);
      suspicions.foreign(Kind.FOREIGN_SESSION, locator, e.getMessage() + "; it counts as absent");
      return null;
    }
  }

  Map<String, StoredSession> describe(Collection<String> locators, Unreadable unreadable) {
    Map<String, StoredSession> found = new LinkedHashMap<>();
    if (locators.isEmpty()) {
      return found;
    }
    record Question(String locator, Call<List<Object>> hash, Call<Long> pttl, long sent) {}
    List<String> doubtful = new ArrayList<>();
    Map<Link, List<String>> absent = new LinkedHashMap<>();
    try (Turn turn =
        redis.turn("describe", redis.patience(), keys.apply(locators.iterator().next()))) {
      List<Question> questions = new ArrayList<>();
      List<Keyed<?>> packet = new ArrayList<>();
      for (String locator : locators) {
        byte[] key = keys.apply(locator);
        Call<List<Object>> hash = Commands.hmget(key, SessionHash.METADATA_FIELDS, turn.left());
        Call<Long> pttl = Commands.pttl(key, turn.left());
        questions.add(new Question(locator, hash, pttl, System.nanoTime()));
        packet.add(new Keyed<>(key, hash));
        packet.add(new Keyed<>(key, pttl));
      }
      turn.send(packet);
      for (Question question : questions) {
        try {
          List<Object> values = turn.await(question.hash());
          long ttl = turn.await(question.pttl());
          if (ttl == -2) {
            absent
                .computeIfAbsent(question.hash().link(), link -> new ArrayList<>())
                .add(question.locator());
            continue;
          }
          Fields fields =
              fields(keys.apply(question.locator()), values, SessionHash.METADATA_FIELDS);
          Reading reading = reading(question.hash(), fields, ttl, null, question.sent());
          if (!isSettled(reading, 1)) {
            doubtful.add(question.locator());
            continue;
          }
          found.put(question.locator(), SessionHash.session(reading.state(), fields));
        } catch (ClassCastException | MalformedHashException | RedisCommandException e) {
          doubtful.add(question.locator());
        }
      }
      for (Map.Entry<Link, List<String>> none : absent.entrySet()) {
        byte[] key = keys.apply(none.getValue().get(0));
        if (!isEchoed(turn, echo(turn, key, none.getKey()))) {
          doubtful.addAll(none.getValue());
        }
      }
    } catch (RedisCommandException e) {
      throw new IllegalStateException("EVAL has no key that could be of a wrong type", e);
    }
    for (String locator : doubtful) {
      StoredSession session = load(locator, null);
      if (session != null) {
        found.put(locator, session);
      } else if (malformed.isKnown(locator)) {
        unreadable.found(locator, null);
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

  /**
   * The clock of the server that was asked for it, from which this node's view of it is set; null
   * if it was not asked.
   */
  private static @Nullable Long now(Turn turn, @Nullable Call<List<Object>> clock, long sent)
      throws MalformedHashException, RedisCommandException {
    if (clock == null) {
      return null;
    }
    List<Object> reply = turn.await(clock);
    try {
      long now = RedisClock.millis(reply);
      clock.link().clock().observe(now, sent);
      return now;
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw new ForeignReplyException("the reply to TIME is no time");
    }
  }

  /** The touch to send with a read; null when none is due. Nobody has to wait for it. */
  private @Nullable Echo touch(byte[] key, byte @Nullable [] secretHash) {
    if (secretHash == null) {
      return null;
    }
    Call<List<Object>> touch = touches.touching(key, secretHash, redis.timeout());
    var unused =
        touch
            .reply()
            .exceptionally(
                failure -> {
                  LOG.log(Level.DEBUG, "A touch failed: {0}", Faults.reason(failure));
                  return List.of();
                });
    return new Echo(touch, secretHash);
  }

  /** Sends those calls that there are as one packet. Returns when they were sent. */
  private long send(int lane, byte[] key, @Nullable Call<?>... calls) {
    long sent = System.nanoTime();
    List<Call<?>> packet = new ArrayList<>(calls.length);
    for (Call<?> call : calls) {
      if (call != null) {
        packet.add(call);
      }
    }
    redis.send(key, lane, packet);
    return sent;
  }

  /**
   * What was read, judged by the clock of the server that answered {@code call}.
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
}
