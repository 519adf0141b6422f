package dev.holdfast.redis;

import static dev.holdfast.redis.client.Ascii.ascii;

import dev.holdfast.redis.client.Call;
import dev.holdfast.redis.client.Faults;
import dev.holdfast.redis.client.Keyed;
import dev.holdfast.redis.client.Redis;
import dev.holdfast.redis.client.Turn;
import dev.holdfast.store.KeyRegister;
import dev.holdfast.store.UserIndex;
import dev.holdfast.text.Loggers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The principal index: a sorted set for each user, of locators scored with the time of their login
 * in milliseconds. One key, so one slot, and its script is atomic: a place is taken or not.
 *
 * <p>Removing is tied to the score that was seen, so that a node that judged a member dead does not
 * remove a member that has been filed again since.
 *
 * <p>The registers of keys and of nodes are of the same form. That of keys has a slot of its own,
 * so it cannot be read by the same script; it is asked in the same packet, or on a Cluster at the
 * same time.
 */
final class RedisUserIndex implements UserIndex {
  private static final Logger LOG = Loggers.of(RedisUserIndex.class);
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
    return ask(user, argv, dead, limit > 0);
  }

  @Override
  public Members members(String user, List<Member> dead) {
    return ask(user, listing(), dead, true);
  }

  /** All members of a register. */
  Members filed(String register) {
    return ask(register, listing(), List.of(), false);
  }

  /**
   * Members of a register.
   *
   * @param most those that were filed last, at most so many and at most 4 MB; 1 or more
   */
  Members lastFiled(String register, int most) {
    return ask(register, listing(most), List.of(), false);
  }

  /**
   * Files a member of a register with the present time, whether or not it was there, removes
   * others, and answers what is filed then. One wait.
   *
   * @param most as for {@link #lastFiled}
   * @param dead is removed unless it has been filed again since
   * @param keep how long the register is kept at least
   */
  Members fileAndList(String register, String member, int most, List<Member> dead, Duration keep) {
    List<byte[]> argv = arguments("file", member, 0);
    argv.add(Arguments.number(keep.toMillis()));
    argv.add(NOTHING);
    addDead(argv, dead);
    List<byte[]> listing = listing(most);
    listing.add(NOTHING);
    byte[] key = key(register);
    try (Turn turn = redis.turn("nodes", redis.patience(), key)) {
      Call<List<Object>> filed = Script.USERS.call(key, argv, turn.left());
      Call<List<Object>> listed = Script.USERS.call(key, listing, turn.left());
      turn.send(key, filed, listed);
      Members unused = members(turn, key, filed, Set.of());
      return members(turn, key, listed, Set.of());
    }
  }

  /** Removes members of a register that have not been filed again since. One wait. */
  void remove(String register, List<Member> dead) {
    Members unused = ask(register, listing(1), dead, false);
  }

  /** All members. */
  private static List<byte[]> listing() {
    return listing(0);
  }

  private static List<byte[]> listing(int most) {
    List<byte[]> argv = arguments("list", "", most);
    argv.add(NOTHING);
    return argv;
  }

  private Members ask(String user, List<byte[]> argv, List<Member> dead, boolean alsoKeys) {
    argv.add(NOTHING);
    addDead(argv, dead);
    byte[] key = key(user);
    byte[] register = key(RedisKeyRegister.NAME);
    try (Turn turn = redis.turn("users", redis.patience(), key)) {
      Call<List<Object>> asked = Script.USERS.call(key, argv, turn.left());
      if (!alsoKeys) {
        turn.send(key, asked);
        return members(turn, key, asked, Set.of());
      }
      List<byte[]> listing = listing();
      listing.add(NOTHING);
      Call<List<Object>> keys = Script.USERS.call(register, listing, turn.left());
      turn.send(List.of(new Keyed<>(register, keys), new Keyed<>(key, asked)));
      Set<String> noted = RedisKeyRegister.keys(members(turn, register, keys, Set.of()));
      return members(turn, key, asked, noted);
    }
  }

  private static void addDead(List<byte[]> argv, List<Member> dead) {
    for (Member member : dead) {
      // As it was read: what others have written need not be ASCII.
      argv.add(member.locator().getBytes(StandardCharsets.ISO_8859_1));
      argv.add(Arguments.number(member.since().toEpochMilli()));
    }
  }

  private static Members members(
      Turn turn, byte[] key, Call<List<Object>> asked, Set<String> keys) {
    List<Object> reply = turn.answer(asked);
    try {
      return members(key, reply, keys);
    } catch (ClassCastException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw turn.mixedUp(key, e);
    }
  }

  private static Members members(byte[] key, List<Object> reply, Set<String> keys) {
    if (!Arrays.equals(key, (byte[]) reply.get(3))) {
      throw new IllegalArgumentException("the reply is about another key");
    }
    List<Member> members = new ArrayList<>();
    for (int i = 4; i < reply.size(); i += 2) {
      long since = millis(ascii((byte[]) reply.get(i + 1)));
      members.add(new Member(ascii((byte[]) reply.get(i)), Instant.ofEpochMilli(since)));
    }
    return new Members(
        (Long) reply.get(1) == 1,
        Math.toIntExact((Long) reply.get(2)),
        members,
        Instant.ofEpochMilli((Long) reply.get(0)),
        keys);
  }

  /** Of a score; an infinite one becomes the last moment, or the first. */
  private static long millis(String score) {
    return switch (score) {
      case "inf" -> Long.MAX_VALUE;
      case "-inf" -> Long.MIN_VALUE;
      default -> (long) Double.parseDouble(score);
    };
  }

  @Override
  public void refile(String user, String locator, Duration life) {
    List<byte[]> argv = arguments("refile", locator, 0);
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
                      Level.DEBUG, "Sessions of a user: not updated: {0}", Faults.reason(failure));
                  return List.of();
                });
    redis.send(key, List.of(call));
  }
}
