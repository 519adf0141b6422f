package dev.holdfast.redis;

import static dev.holdfast.redis.SessionHash.ascii;

import dev.holdfast.redis.SessionHash.Fields;
import dev.holdfast.redis.SessionHash.MalformedHashException;
import dev.holdfast.redis.SessionHash.Reading;
import dev.holdfast.redis.Turn.RedisCommandException;
import dev.holdfast.store.ExpiryIndex;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.SessionState;
import dev.holdfast.store.SessionStoreUnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The expiry index: {@value ExpiryShards#COUNT} sorted sets of locators, scored with the moment
 * before which the session does not end, in milliseconds of Redis's clock.
 *
 * <p>Writing. A new session is filed in the packet that creates it. Touches do not come here, so
 * most entries are due too early. A save that changes maxInactiveInterval makes the entry due at
 * the moment at which the save has happened or never will, and the sweep finds out the rest: which
 * interval won, and the absolute deadline, are nothing this node can be sure of. What could not be
 * filed with its session, or was loaded here for the first time in a while, is filed with the next
 * sweep.
 *
 * <p>Sweeping. One packet asks every shard whether anything is due; usually that is all. Of a shard
 * with due entries a script takes the first {@value #BATCH} and moves them {@link #WITHHELD} ahead,
 * so that no other node sees them: nodes that sweep at the same moment share the work. One packet
 * then asks all their hashes. Who lives is filed with its true deadline, who is gone is removed,
 * whose time is over is given to the caller, who claims it with {@code destroy}. The result is
 * written back only over the score that the taking set, so a node that was slow overwrites nothing
 * newer. A sweep that is broken off gives back what it took as soon as Redis answers again. A node
 * that dies in the middle leaves its entries to the others, when they are due again, except those
 * it had claimed already.
 */
final class RedisExpiryIndex implements ExpiryIndex {
  static final int BATCH = 100;

  /** Longer than a batch takes with listeners of usual speed; shorter than the grace. */
  static final Duration WITHHELD = Duration.ofSeconds(30);

  private static final Logger LOG = System.getLogger(RedisExpiryIndex.class.getName());
  private static final int MAX_WAITING = 10_000;
  private static final byte[] DONE = {};

  private final Redis redis;
  private final RedisSessionStore store;
  private final ExpiryShards shards;
  private final boolean filing;
  private final Duration slack;
  private final LinkedBlockingQueue<Filing> waiting = new LinkedBlockingQueue<>(MAX_WAITING);

  /**
   * Of sweeps that were broken off: the next one begins with them, and withholds nothing longer.
   */
  private final ConcurrentLinkedQueue<Verdict> owed = new ConcurrentLinkedQueue<>();

  /**
   * @param again whether an entry that is there becomes due at once, too
   */
  private record Filing(String locator, boolean again) {}

  /** What a sweep has taken of a shard, and the score that withholds it. */
  private record Batch(List<byte[]> members, byte[] withheld) {
    /** Member, score and new score of each, as the script takes them. */
    List<byte[]> results(List<byte[]> scores) {
      List<byte[]> results = new ArrayList<>();
      for (int i = 0; i < scores.size(); i++) {
        results.add(members.get(i));
        results.add(withheld);
        results.add(scores.get(i));
      }
      return results;
    }

    /** As nothing is known of them: due since they were taken. */
    List<byte[]> unjudged() {
      long taken = Long.parseLong(ascii(withheld)) - WITHHELD.toMillis();
      return results(Collections.nCopies(members.size(), Arguments.number(taken)));
    }
  }

  /** What Redis has still to be told of a batch. */
  private record Verdict(byte[] shard, List<byte[]> results) {}

  /**
   * @param filing whether anything is filed at all, {@code expiry.events}
   * @param slack {@code touch.interval}
   */
  RedisExpiryIndex(
      Redis redis, RedisSessionStore store, ExpiryShards shards, boolean filing, Duration slack) {
    this.redis = redis;
    this.store = store;
    this.shards = shards;
    this.filing = filing;
    this.slack = slack;
  }

  /** The command that files a session to be created, or null when none is. */
  @Nullable Keyed<Long> filing(NewSession session, Turn turn) {
    Duration life = SessionHash.lifetime(session.maxInactiveInterval(), slack);
    Duration first = session.firstLife();
    if (first != null && first.compareTo(life) < 0) {
      life = first;
    }
    long due = redis.now().plus(life).toEpochMilli();
    Instant absolute = session.absoluteDeadline();
    if (absolute != null) {
      due = Math.min(due, absolute.toEpochMilli());
    }
    return filing(session.locator(), due, turn);
  }

  /** The command that has a session looked at, once a save sent now has happened or never will. */
  @Nullable Keyed<Long> lookingAgain(String locator, Turn turn) {
    return filing(locator, redis.now().plus(turn.left()).toEpochMilli() + 1, turn);
  }

  private @Nullable Keyed<Long> filing(String locator, long due, Turn turn) {
    if (!filing) {
      return null;
    }
    byte[] shard = shards.of(locator);
    List<byte[]> members = List.of(ascii(locator));
    return new Keyed<>(shard, Call.zadd(shard, false, due, members, turn.left()));
  }

  /** Waits for such a command. Its session is safe all the same: it is filed a little later. */
  void await(@Nullable Keyed<Long> command, String locator, Turn turn) {
    if (command == null) {
      return;
    }
    try {
      long unused = turn.await(command.call());
    } catch (RedisCommandException | SessionStoreUnavailableException e) {
      later(new Filing(locator, true));
    }
  }

  @Override
  public void file(String locator) {
    if (filing) {
      later(new Filing(locator, false));
    }
  }

  private void later(Filing entry) {
    if (!waiting.offer(entry)) {
      LOG.log(Level.DEBUG, "More than {0} sessions wait to be filed", MAX_WAITING);
    }
  }

  @Override
  public boolean sweep(Duration overdue, Consumer<String> over) {
    fileWaiting();
    payOwed();
    List<byte[]> due = shardsDue(overdue);
    Collections.shuffle(due);
    boolean more = false;
    for (byte[] shard : due) {
      Batch batch = exchange(shard, BATCH, overdue, List.of());
      if (!batch.members().isEmpty()) {
        List<byte[]> results = batch.unjudged();
        try {
          results = judge(batch, over);
        } finally {
          owed.add(new Verdict(shard, results));
        }
        payOwed();
        more |= batch.members().size() == BATCH;
      }
    }
    return more;
  }

  private void payOwed() {
    for (Verdict verdict : owed) {
      Batch unused = exchange(verdict.shard(), 0, Duration.ZERO, verdict.results());
      owed.remove(verdict);
    }
  }

  @Override
  public boolean isOn() {
    return filing;
  }

  @Override
  public int parts() {
    return ExpiryShards.COUNT;
  }

  @Override
  public Set<String> filed(int part) {
    fileWaiting();
    return FiledSessions.of(redis, shards.all().get(part));
  }

  /** Files sessions that were put back. One wait, but none for a single session. */
  void restored(Collection<String> locators) {
    locators.forEach(this::file);
    if (locators.size() > 1) {
      fileWaiting();
    }
  }

  private void fileWaiting() {
    List<Filing> entries = new ArrayList<>();
    waiting.drainTo(entries);
    if (entries.isEmpty()) {
      return;
    }
    try (Turn turn = turn()) {
      List<Keyed<Long>> calls = new ArrayList<>();
      for (boolean again : new boolean[] {false, true}) {
        Map<Integer, List<byte[]>> members = new TreeMap<>();
        entries.stream()
            .filter(entry -> entry.again() == again)
            .map(Filing::locator)
            .forEach(
                locator ->
                    members
                        .computeIfAbsent(ExpiryShards.number(locator), n -> new ArrayList<>())
                        .add(ascii(locator)));
        long now = redis.now().toEpochMilli();
        members.forEach(
            (number, locators) -> {
              byte[] shard = shards.all().get(number);
              calls.add(new Keyed<>(shard, Call.zadd(shard, !again, now, locators, turn.left())));
            });
      }
      turn.send(calls);
      calls.forEach(call -> turn.answer(call.call()));
    } catch (SessionStoreUnavailableException e) {
      entries.forEach(this::later);
      throw e;
    }
  }

  private Turn turn() {
    return redis.turn("sweep", redis.timeout(), shards.all().get(0));
  }

  private List<byte[]> shardsDue(Duration overdue) {
    try (Turn turn = turn()) {
      long until = redis.now().minus(overdue).toEpochMilli();
      List<Keyed<List<Object>>> questions = new ArrayList<>();
      for (byte[] shard : shards.all()) {
        questions.add(new Keyed<>(shard, Call.firstByScore(shard, until, turn.left())));
      }
      turn.send(questions);
      List<byte[]> due = new ArrayList<>();
      for (Keyed<List<Object>> question : questions) {
        if (!turn.answer(question.call()).isEmpty()) {
          due.add(question.key());
        }
      }
      return due;
    }
  }

  /** Hands back {@code results} and takes the next entries. */
  private Batch exchange(byte[] shard, int limit, Duration overdue, List<byte[]> results) {
    List<byte[]> argv = new ArrayList<>();
    argv.add(Arguments.number(limit));
    argv.add(Arguments.number(overdue.toMillis()));
    argv.add(Arguments.number(WITHHELD.toMillis()));
    argv.addAll(results);
    try (Turn turn = redis.turn("sweep", redis.timeout(), shard)) {
      List<Object> reply = turn.run(Script.SWEEP, shard, argv);
      List<byte[]> members = new ArrayList<>();
      ((List<?>) reply.get(2)).forEach(member -> members.add((byte[]) member));
      return new Batch(members, (byte[]) reply.get(1));
    }
  }

  /** The new scores of a batch; who has ended is given to {@code over}. */
  private List<byte[]> judge(Batch batch, Consumer<String> over) {
    List<String> ended = new ArrayList<>();
    List<byte[]> results = batch.results(dues(batch, ended));
    ended.forEach(over);
    return results;
  }

  /** When each will end as things are; those that have are added to {@code ended}. */
  private List<byte[]> dues(Batch batch, List<String> ended) {
    List<byte[]> dues = new ArrayList<>();
    List<String> doubtful = new ArrayList<>();
    try (Turn turn = turn()) {
      List<Question> questions = new ArrayList<>();
      List<Keyed<?>> packet = new ArrayList<>();
      for (byte[] member : batch.members()) {
        Question question = Question.of(ascii(member), store.key(ascii(member)), turn.left());
        questions.add(question);
        packet.add(question.hash());
        packet.add(question.pttl());
      }
      turn.send(packet);
      for (Question question : questions) {
        dues.add(DONE);
        try {
          long ttl = turn.await(question.pttl().call());
          List<Object> values = turn.await(question.hash().call());
          if (ttl == -2) {
            continue;
          }
          Reading reading = question.reading(values, ttl, redis.now());
          if (reading.foreignTtl() || reading.oddTtl()) {
            doubtful.add(question.locator());
          } else if (reading.state().expired()) {
            ended.add(question.locator());
          } else {
            dues.set(dues.size() - 1, Arguments.number(end(reading.state(), ttl)));
          }
        } catch (RedisCommandException | MalformedHashException | ClassCastException e) {
          doubtful.add(question.locator());
        }
      }
    }
    doubtful.forEach(locator -> confirm(locator, ended));
    return dues;
  }

  /** What a session is asked. */
  private record Question(String locator, Keyed<List<Object>> hash, Keyed<Long> pttl) {
    static Question of(String locator, byte[] key, Duration limit) {
      return new Question(
          locator,
          new Keyed<>(key, Call.hmget(key, SessionHash.STATE_FIELDS, limit)),
          new Keyed<>(key, Call.pttl(key, limit)));
    }

    Reading reading(List<Object> values, long ttl, Instant now) throws MalformedHashException {
      Fields fields = Fields.ofState(hash.key(), values);
      return SessionHash.state(fields, ttl, null, now.toEpochMilli());
    }
  }

  private static long end(SessionState state, long ttl) {
    long idle = state.now().toEpochMilli() + ttl - SessionHash.GRACE.toMillis();
    Instant absolute = state.absoluteDeadline();
    return absolute == null ? idle : Math.min(idle, absolute.toEpochMilli());
  }

  /**
   * Another client's script may have come between the two commands that read the session, or the
   * reply is another session's. The store looks twice.
   */
  private void confirm(String locator, List<String> ended) {
    SessionState state = store.check(locator, null);
    if (state != null && state.expired()) {
      ended.add(locator);
    } else if (state != null) {
      later(new Filing(locator, true));
    }
  }
}
