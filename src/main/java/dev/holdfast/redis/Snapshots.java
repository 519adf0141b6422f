package dev.holdfast.redis;

import static dev.holdfast.redis.client.Ascii.ascii;

import dev.holdfast.redis.SessionHash.Fields;
import dev.holdfast.redis.client.Call;
import dev.holdfast.redis.client.Redis;
import dev.holdfast.redis.client.Turn;
import dev.holdfast.redis.client.Turn.RedisCommandException;
import dev.holdfast.store.RestorableStore.Restored;
import dev.holdfast.store.RestorableStore.WarmUp;
import dev.holdfast.store.SessionMark;
import dev.holdfast.store.SessionSnapshot;
import dev.holdfast.store.SessionState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Copies sessions out of Redis and puts them back, several in one packet. The packets are small,
 * because requests share the connection.
 */
final class Snapshots {
  private static final int SNAPSHOTS_AT_ONCE = 16;
  private static final int MARKS_AT_ONCE = 100;
  private static final int RESTORED_BYTES_AT_ONCE = 256 << 10;

  private final Redis redis;
  private final Function<String, byte[]> keys;
  private final byte[] warmUpKey;

  /**
   * @param keys the key of a locator
   */
  Snapshots(Redis redis, Function<String, byte[]> keys, byte[] warmUpKey) {
    this.redis = redis;
    this.keys = keys;
    this.warmUpKey = warmUpKey;
  }

  List<SessionSnapshot> snapshots(Collection<String> locators) {
    List<SessionSnapshot> found = new ArrayList<>();
    for (List<String> some : parts(locators, SNAPSHOTS_AT_ONCE)) {
      List<byte[]> sessions = some.stream().map(keys).toList();
      try (Turn turn = turn("snapshot", sessions.get(0))) {
        List<List<byte[]>> nothing = sessions.stream().map(key -> List.<byte[]>of()).toList();
        List<List<Object>> replies = run(turn, Script.SNAPSHOT, sessions, nothing);
        for (int i = 0; i < some.size(); i++) {
          SessionSnapshot snapshot = snapshot(some.get(i), sessions.get(i), replies.get(i));
          if (snapshot != null) {
            found.add(snapshot);
          }
        }
      }
    }
    return found;
  }

  private static @Nullable SessionSnapshot snapshot(
      String locator, byte[] key, List<Object> reply) {
    if (reply.size() < 4) {
      return null;
    }
    long now = (Long) reply.get(0);
    long left = (Long) reply.get(2);
    List<?> flat = (List<?>) reply.get(3);
    Fields fields = new Fields(key);
    for (int i = 0; i < flat.size(); i += 2) {
      fields.add((byte[]) flat.get(i), (byte[]) flat.get(i + 1));
    }
    try {
      SessionState state = SessionHash.state(fields, left, now, now).state();
      return new SessionSnapshot(
          locator,
          state.epoch(),
          (Long) reply.get(1),
          state.stamp(),
          Instant.ofEpochMilli(now + left),
          state.lastAccessedTime(),
          FieldBlob.encode(flat));
    } catch (MalformedHashException e) {
      return null;
    }
  }

  List<SessionMark> marks(Collection<String> locators) {
    List<SessionMark> found = new ArrayList<>();
    for (List<String> some : parts(locators, MARKS_AT_ONCE)) {
      try (Turn turn = turn("marks", keys.apply(some.get(0)))) {
        List<Call<List<Object>>> hashes = new ArrayList<>();
        List<Call<Long>> times = new ArrayList<>();
        for (String locator : some) {
          byte[] key = keys.apply(locator);
          Call<List<Object>> hash = Commands.hmget(key, SessionHash.STATE_FIELDS, turn.left());
          Call<Long> pttl = Commands.pttl(key, turn.left());
          turn.send(key, hash, pttl);
          hashes.add(hash);
          times.add(pttl);
        }
        for (int i = 0; i < some.size(); i++) {
          SessionMark mark = mark(turn, some.get(i), hashes.get(i), times.get(i));
          if (mark != null) {
            found.add(mark);
          }
        }
      }
    }
    return found;
  }

  private @Nullable SessionMark mark(
      Turn turn, String locator, Call<List<Object>> hash, Call<Long> pttl) {
    try {
      List<Object> values = turn.await(hash);
      long left = turn.await(pttl);
      Fields fields = new Fields(keys.apply(locator));
      for (int i = 0; i < values.size(); i++) {
        if (values.get(i) instanceof byte[] value) {
          fields.add(SessionHash.STATE_FIELDS.get(i), value);
        }
      }
      if (left < 0 || fields.isEmpty()) {
        return null;
      }
      SessionState state =
          SessionHash.state(fields, left, null, redis.now().toEpochMilli()).state();
      return new SessionMark(
          locator, state.stamp(), state.now().plusMillis(left), state.lastAccessedTime());
    } catch (RedisCommandException | MalformedHashException e) {
      return null;
    }
  }

  List<Restored> restore(List<SessionSnapshot> snapshots, Instant notAfter) {
    List<Restored> outcomes = new ArrayList<>();
    int from = 0;
    while (from < snapshots.size()) {
      int to = from;
      long bytes = 0;
      while (to < snapshots.size() && (to == from || bytes < RESTORED_BYTES_AT_ONCE)) {
        bytes += snapshots.get(to++).fields().length;
      }
      outcomes.addAll(restoreAtOnce(snapshots.subList(from, to), notAfter));
      from = to;
    }
    return outcomes;
  }

  private List<Restored> restoreAtOnce(List<SessionSnapshot> snapshots, Instant notAfter) {
    List<byte[]> sessions = new ArrayList<>();
    List<List<byte[]>> arguments = new ArrayList<>();
    List<Restored> outcomes = new ArrayList<>();
    for (SessionSnapshot snapshot : snapshots) {
      List<byte[]> fields = FieldBlob.decode(snapshot.fields());
      outcomes.add(Restored.UNREADABLE);
      if (fields != null) {
        List<byte[]> argv = new ArrayList<>();
        argv.add(Arguments.number(notAfter.toEpochMilli()));
        argv.add(Arguments.number(snapshot.deadline().toEpochMilli()));
        argv.add(Arguments.number(snapshot.accessed().toEpochMilli()));
        argv.addAll(fields);
        sessions.add(keys.apply(snapshot.locator()));
        arguments.add(argv);
        outcomes.set(outcomes.size() - 1, Restored.BACK);
      }
    }
    if (sessions.isEmpty()) {
      return outcomes;
    }
    try (Turn turn = turn("restore", sessions.get(0))) {
      int next = 0;
      List<List<Object>> replies = run(turn, Script.RESTORE, sessions, arguments);
      for (int i = 0; i < outcomes.size(); i++) {
        if (outcomes.get(i) == Restored.BACK) {
          outcomes.set(i, restored(replies.get(next++)));
        }
      }
    }
    return outcomes;
  }

  private static Restored restored(List<Object> reply) {
    return switch (((Long) reply.get(1)).intValue()) {
      case 0 -> Restored.BACK;
      case 1 -> Restored.PRESENT;
      case 2 -> Restored.ENDED;
      case 3 -> Restored.LATE;
      default -> Restored.UNREADABLE;
    };
  }

  WarmUp warmUp(String node, Duration lease, boolean done) {
    try (Turn turn = turn("warm-up", warmUpKey)) {
      List<byte[]> argv =
          List.of(ascii(node), Arguments.number(lease.toMillis()), Arguments.number(done ? 1 : 0));
      List<Object> reply = Script.WARM_UP.run(turn, warmUpKey, argv);
      int code = ((Long) reply.get(1)).intValue();
      return code == 0 ? WarmUp.DONE : code == 1 ? WarmUp.YOURS : WarmUp.OTHERS;
    }
  }

  /** A turn that may take its time: only logins wait for one. */
  private Turn turn(String operation, byte[] key) {
    return redis.turn(operation, redis.patience(), key);
  }

  /** Runs a script on several keys at once. */
  private static List<List<Object>> run(
      Turn turn, Script script, List<byte[]> keys, List<List<byte[]>> argvs) {
    List<Call<List<Object>>> calls = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      Call<List<Object>> call = script.call(keys.get(i), argvs.get(i), turn.left());
      turn.send(keys.get(i), call);
      calls.add(call);
    }
    List<List<Object>> replies = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      try {
        replies.add(turn.await(calls.get(i)));
      } catch (RedisCommandException e) {
        // Not a hash, or it was not one: sent again, the script answers or fails with a proper
        // exception.
        replies.add(script.run(turn, keys.get(i), argvs.get(i)));
      }
    }
    return replies;
  }

  private static List<List<String>> parts(Collection<String> all, int size) {
    List<String> list = List.copyOf(all);
    List<List<String>> parts = new ArrayList<>();
    for (int from = 0; from < list.size(); from += size) {
      parts.add(list.subList(from, Math.min(from + size, list.size())));
    }
    return parts;
  }
}
