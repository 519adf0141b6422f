package dev.holdfast.redis;

import static dev.holdfast.redis.client.Ascii.ascii;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.redis.client.Keyed;
import dev.holdfast.redis.client.Redis;
import dev.holdfast.redis.client.Turn;
import dev.holdfast.redis.client.Turn.RedisCommandException;
import dev.holdfast.store.NewSession;
import dev.holdfast.text.Loggers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Writes the entries of the expiry index. A new session is filed in the packet that creates it.
 * Touches do not change entries, so most of them are due too early. A save that changes
 * maxInactiveInterval makes the entry due at the moment at which the save has happened or never
 * will, and the sweep finds out the rest: this node cannot be sure which interval has won, nor of
 * the absolute deadline. A session that could not be filed when it was created, or that was loaded
 * here for the first time in a while, is filed with the next sweep.
 */
final class ExpiryFilings {
  private static final Logger LOG = Loggers.of(ExpiryFilings.class);
  private static final int MAX_WAITING = 10_000;

  private final Redis redis;
  private final ExpiryShards shards;
  private final boolean on;
  private final Duration slack;
  private final LinkedBlockingQueue<Filing> waiting = new LinkedBlockingQueue<>(MAX_WAITING);

  /**
   * @param again whether an existing entry becomes due at once, too
   */
  private record Filing(String locator, boolean again) {}

  /**
   * @param on whether anything is filed at all, {@code expiry.events}
   * @param slack {@code touch.interval}
   */
  ExpiryFilings(Redis redis, ExpiryShards shards, boolean on, Duration slack) {
    this.redis = redis;
    this.shards = shards;
    this.on = on;
    this.slack = slack;
  }

  boolean isOn() {
    return on;
  }

  /** The command that files a session that is to be created; null when no sessions are filed. */
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

  /** The command that makes a session due once a save sent now has happened or never will. */
  @Nullable Keyed<Long> lookingAgain(String locator, Turn turn) {
    return filing(locator, redis.now().plus(turn.left()).toEpochMilli() + 1, turn);
  }

  /** The command that makes a session due at once. */
  @Nullable Keyed<Long> due(String locator, Turn turn) {
    return filing(locator, redis.now().toEpochMilli(), turn);
  }

  private @Nullable Keyed<Long> filing(String locator, long due, Turn turn) {
    if (!on) {
      return null;
    }
    byte[] shard = shards.of(locator);
    List<byte[]> members = List.of(ascii(locator));
    return new Keyed<>(shard, Commands.zadd(shard, false, due, members, turn.left()));
  }

  /** Waits for such a command. If it fails, the session is filed with the next sweep. */
  void await(@Nullable Keyed<Long> command, String locator, Turn turn) {
    if (command == null) {
      return;
    }
    try {
      long unused = turn.await(command.call());
    } catch (RedisCommandException | SessionStoreUnavailableException e) {
      fileAgain(locator);
    }
  }

  /** Has a session filed with the next sweep; an existing entry stays as it is. */
  void file(String locator) {
    if (on) {
      later(new Filing(locator, false));
    }
  }

  /** Has a session filed with the next sweep as due at once, even if it has an entry. */
  void fileAgain(String locator) {
    later(new Filing(locator, true));
  }

  private void later(Filing entry) {
    if (!waiting.offer(entry)) {
      LOG.log(Level.DEBUG, "More than {0} sessions wait to be filed", MAX_WAITING);
    }
  }

  /** Files sessions that were put back. One wait, but none for a single session. */
  void restored(Collection<String> locators) {
    locators.forEach(this::file);
    if (locators.size() > 1) {
      fileWaiting();
    }
  }

  /** Files the sessions that are to be filed with the sweep. One wait, or none. */
  void fileWaiting() {
    List<Filing> entries = new ArrayList<>();
    waiting.drainTo(entries);
    if (entries.isEmpty()) {
      return;
    }
    try (Turn turn = redis.turn("sweep", redis.timeout(), shards.all().get(0))) {
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
              calls.add(
                  new Keyed<>(shard, Commands.zadd(shard, !again, now, locators, turn.left())));
            });
      }
      turn.send(calls);
      calls.forEach(call -> turn.answer(call.call()));
    } catch (SessionStoreUnavailableException e) {
      entries.forEach(this::later);
      throw e;
    }
  }
}
