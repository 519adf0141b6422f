package dev.holdfast.redis;

import static dev.holdfast.redis.client.Ascii.ascii;

import dev.holdfast.redis.SessionHash.Fields;
import dev.holdfast.redis.SessionHash.Reading;
import dev.holdfast.redis.client.Keyed;
import dev.holdfast.redis.client.Redis;
import dev.holdfast.redis.client.Turn;
import dev.holdfast.redis.client.Turn.RedisCommandException;
import dev.holdfast.store.ExpiryIndex;
import dev.holdfast.store.SessionState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The expiry index: {@value ExpiryShards#COUNT} sorted sets of locators, scored with the moment
 * before which the session does not end, in milliseconds of Redis's clock.
 *
 * <p>{@link ExpiryFilings} writes the entries, most of which are due too early.
 *
 * <p>How a sweep works: One packet asks every shard whether anything is due; usually that is all.
 * Of a shard with due entries a script takes the first {@value #BATCH} and moves them {@link
 * #WITHHELD} ahead, so that no other node sees them: nodes that sweep at the same moment share the
 * work. One packet then asks all their hashes. A session that lives is filed with its true
 * deadline, one that is gone is removed, and one whose time is over goes to the caller, who claims
 * it with {@code destroy}. The result is written back only over the score that the script set, so a
 * slow node overwrites nothing newer. A sweep that is broken off gives back what it took as soon as
 * Redis answers again. A node that dies in the middle leaves its entries to the others, when they
 * are due again, except those it had claimed already.
 */
final class RedisExpiryIndex implements ExpiryIndex {
  static final int BATCH = 100;

  /** Longer than a batch takes with listeners of usual speed; shorter than the grace. */
  static final Duration WITHHELD = Duration.ofSeconds(30);

  private static final byte[] DONE = {};

  private final Redis redis;
  private final ExpiryShards shards;
  private final ExpiryFilings filings;
  private final Function<String, byte[]> keys;
  private final Function<String, @Nullable SessionState> check;

  /**
   * Results that Redis has not been told yet, of sweeps that were broken off: the next sweep begins
   * with them, so that nothing is withheld longer.
   */
  private final ConcurrentLinkedQueue<Verdict> owed = new ConcurrentLinkedQueue<>();

  /** What a sweep has taken from a shard, and the score that withholds it. */
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

    /** Results for members that were not judged: due since they were taken. */
    List<byte[]> unjudged() {
      long taken = Long.parseLong(ascii(withheld)) - WITHHELD.toMillis();
      return results(Collections.nCopies(members.size(), Arguments.number(taken)));
    }
  }

  /** The results of a batch that Redis has still to be told. */
  private record Verdict(byte[] shard, List<byte[]> results) {}

  /**
   * @param keys the key of a locator
   * @param check the state of a session, which is read twice if in doubt; null if there is none
   */
  RedisExpiryIndex(
      Redis redis,
      ExpiryShards shards,
      ExpiryFilings filings,
      Function<String, byte[]> keys,
      Function<String, @Nullable SessionState> check) {
    this.redis = redis;
    this.shards = shards;
    this.filings = filings;
    this.keys = keys;
    this.check = check;
  }

  @Override
  public void file(String locator) {
    filings.file(locator);
  }

  @Override
  public boolean sweep(Duration overdue, Consumer<String> over) {
    filings.fileWaiting();
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
    return filings.isOn();
  }

  @Override
  public int parts() {
    return ExpiryShards.COUNT;
  }

  @Override
  public Set<String> filed(int part) {
    filings.fileWaiting();
    return FiledSessions.of(redis, shards.all().get(part));
  }

  @Override
  public Page page(@Nullable String cursor, int limit) {
    if (cursor == null) {
      filings.fileWaiting();
    }
    return new FiledPages(redis, shards.all()).page(cursor, limit);
  }

  @Override
  public long count() {
    try (Turn turn = redis.turn("counting sessions", redis.timeout(), shards.all().get(0))) {
      List<Keyed<Long>> questions = new ArrayList<>();
      for (byte[] shard : shards.all()) {
        questions.add(new Keyed<>(shard, Commands.zcard(shard, turn.left())));
      }
      turn.send(questions);
      long count = 0;
      for (Keyed<Long> question : questions) {
        count += turn.answer(question.call());
      }
      return count;
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
        questions.add(new Keyed<>(shard, Commands.firstByScore(shard, until, turn.left())));
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
      List<Object> reply = Script.SWEEP.run(turn, shard, argv);
      List<byte[]> members = new ArrayList<>();
      ((List<?>) reply.get(2)).forEach(member -> members.add((byte[]) member));
      return new Batch(members, (byte[]) reply.get(1));
    }
  }

  /** The new scores of a batch; sessions that have ended are given to {@code over}. */
  private List<byte[]> judge(Batch batch, Consumer<String> over) {
    List<String> ended = new ArrayList<>();
    List<byte[]> results = batch.results(dues(batch, ended));
    ended.forEach(over);
    return results;
  }

  /** When each session will end as things are; those that have ended are added to {@code ended}. */
  private List<byte[]> dues(Batch batch, List<String> ended) {
    List<byte[]> dues = new ArrayList<>();
    List<String> doubtful = new ArrayList<>();
    try (Turn turn = turn()) {
      List<Question> questions = new ArrayList<>();
      List<Keyed<?>> packet = new ArrayList<>();
      for (byte[] member : batch.members()) {
        String locator = ascii(member);
        Question question = Question.of(locator, keys.apply(locator), turn.left());
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
            dues.set(dues.size() - 1, Arguments.number(SessionHash.end(reading.state(), ttl)));
          }
        } catch (RedisCommandException | MalformedHashException | ClassCastException e) {
          doubtful.add(question.locator());
        }
      }
    }
    doubtful.forEach(locator -> confirm(locator, ended));
    return dues;
  }

  /** The two commands that read the state of a session. */
  private record Question(String locator, Keyed<List<Object>> hash, Keyed<Long> pttl) {
    static Question of(String locator, byte[] key, Duration limit) {
      return new Question(
          locator,
          new Keyed<>(key, Commands.hmget(key, SessionHash.STATE_FIELDS, limit)),
          new Keyed<>(key, Commands.pttl(key, limit)));
    }

    Reading reading(List<Object> values, long ttl, Instant now) throws MalformedHashException {
      Fields fields = Fields.ofState(hash.key(), values);
      return SessionHash.state(fields, ttl, null, now.toEpochMilli());
    }
  }

  /**
   * Reads a session alone: another client's script may have come between the two commands that read
   * it, or the reply was another session's.
   */
  private void confirm(String locator, List<String> ended) {
    SessionState state = check.apply(locator);
    if (state != null && state.expired()) {
      ended.add(locator);
    } else if (state != null) {
      filings.fileAgain(locator);
    }
  }
}
