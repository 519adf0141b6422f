package dev.holdfast.redis;

import static dev.holdfast.redis.SessionHash.ascii;

import dev.holdfast.store.KeyRegister;
import dev.holdfast.store.UserIndex;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The principal index: a sorted set for each user, of locators scored with the time of their login
 * in milliseconds. One key, so one slot, and its script is atomic: a place is taken or not.
 *
 * <p>Removing is tied to the score that was seen, so that who judged a member dead does not remove
 * one that has been filed anew since.
 */
final class RedisUserIndex implements UserIndex {
  private static final Logger LOG = System.getLogger(RedisUserIndex.class.getName());
  private static final byte[] NOTHING = {};
  private static final Duration KEEP = Duration.ofDays(30);

  private final Redis redis;
  private final String keyPrefix;

  /**
   * @param keyPrefix of the keys of all users
   */
  RedisUserIndex(Redis redis, String keyPrefix) {
    this.redis = redis;
    this.keyPrefix = keyPrefix;
  }

  private static Duration keep(Duration life) {
    Duration twice = life.multipliedBy(2);
    return twice.compareTo(KEEP) > 0 ? twice : KEEP;
  }

  private byte[] key(String user) {
    return ascii(keyPrefix + user + "}");
  }

  private static List<byte[]> arguments(String operation, String locator, int limit) {
    List<byte[]> argv = new ArrayList<>();
    argv.add(ascii(operation));
    argv.add(ascii(locator));
    argv.add(Arguments.number(limit));
    return argv;
  }

  @Override
  public Members file(String user, String locator, int limit, List<Member> dead, Duration life) {
    List<byte[]> argv = arguments("file", locator, limit);
    argv.add(Arguments.number(keep(life).toMillis()));
    return ask(user, argv, dead);
  }

  @Override
  public Members members(String user, List<Member> dead) {
    List<byte[]> argv = arguments("list", "", 0);
    argv.add(NOTHING);
    return ask(user, argv, dead);
  }

  private Members ask(String user, List<byte[]> argv, List<Member> dead) {
    argv.add(NOTHING);
    for (Member member : dead) {
      argv.add(ascii(member.locator()));
      argv.add(Arguments.number(member.since().toEpochMilli()));
    }
    byte[] key = key(user);
    try (Turn turn = redis.turn("users", redis.patience(), key)) {
      List<Object> reply = turn.run(Script.USERS, key, argv);
      try {
        return members(key, reply);
      } catch (ClassCastException | IndexOutOfBoundsException | IllegalArgumentException e) {
        throw turn.mixedUp(key, e);
      }
    }
  }

  private static Members members(byte[] key, List<Object> reply) {
    if (!Arrays.equals(key, (byte[]) reply.get(3))) {
      throw new IllegalArgumentException("the reply is about another key");
    }
    List<Member> members = new ArrayList<>();
    for (int i = 4; i < reply.size(); i += 2) {
      long since = (long) Double.parseDouble(ascii((byte[]) reply.get(i + 1)));
      members.add(new Member(ascii((byte[]) reply.get(i)), Instant.ofEpochMilli(since)));
    }
    return new Members(
        (Long) reply.get(1) == 1,
        Math.toIntExact((Long) reply.get(2)),
        members,
        Instant.ofEpochMilli((Long) reply.get(0)));
  }

  @Override
  public void renew(String user, String locator, Duration life) {
    List<byte[]> argv = arguments("renew", locator, 0);
    argv.add(Arguments.number(keep(life).toMillis()));
    argv.add(NOTHING);
    send(user, argv);
  }

  /** Files a member with the present time, whether or not it was there. Does not wait. */
  void fileAnew(String user, String member, Duration keep) {
    List<byte[]> argv = arguments("file", member, 0);
    argv.add(Arguments.number(keep.toMillis()));
    argv.add(NOTHING);
    send(user, argv);
  }

  @Override
  public KeyRegister keys() {
    return new RedisKeyRegister(this);
  }

  @Override
  public void forget(String user, String locator, Instant ended) {
    List<byte[]> argv = arguments("forget", locator, 0);
    argv.add(NOTHING);
    argv.add(Arguments.number(ended.toEpochMilli()));
    send(user, argv);
  }

  private void send(String user, List<byte[]> argv) {
    byte[] key = key(user);
    Call<List<Object>> call = Script.USERS.call(key, argv, redis.timeout());
    var unused =
        call.reply()
            .exceptionally(
                failure -> {
                  LOG.log(
                      Level.DEBUG, "A user's sessions: not updated: {0}", Faults.reason(failure));
                  return List.of();
                });
    redis.send(key, List.of(call));
  }
}
