package dev.holdfast.redis;

import static dev.holdfast.redis.client.Ascii.ascii;

import dev.holdfast.redis.client.Redis;
import dev.holdfast.redis.client.Turn;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads, page by page, which sessions a shard of the expiry index names.
 *
 * <p>Entries move while the shard is read: mostly to a later score, where they are met again, but
 * also to an earlier one, when an interval has been shortened. So a page begins with the score at
 * which the last one ended and not at a rank, which would shift; the shard is read as fast as Redis
 * answers, whatever is done with the sessions afterwards; and it is read again until a reading
 * finds nothing new. An entry that was there all the time is missed only if it moved back over the
 * reader's place in each reading.
 */
final class FiledSessions {
  static final int PAGE = 500;

  /**
   * A limit: in an application that creates sessions all the time, every reading finds new ones.
   */
  private static final int MAX_READINGS = 3;

  private final Redis redis;
  private final byte[] shard;
  private final Set<String> found = new LinkedHashSet<>();

  private FiledSessions(Redis redis, byte[] shard) {
    this.redis = redis;
    this.shard = shard;
  }

  /** All locators of {@code shard}; those filed meanwhile may be missing. */
  static Set<String> of(Redis redis, byte[] shard) {
    FiledSessions sessions = new FiledSessions(redis, shard);
    int known;
    int readings = 0;
    do {
      known = sessions.found.size();
      sessions.read();
      readings++;
    } while (sessions.found.size() > known && readings < MAX_READINGS);
    return sessions.found;
  }

  private void read() {
    double from = Double.NEGATIVE_INFINITY;
    long skip = 0;
    while (true) {
      List<Object> page = page(from, skip);
      double last = from;
      for (Object entry : page) {
        List<?> pair = (List<?>) entry;
        found.add(ascii((byte[]) pair.get(0)));
        last = (Double) pair.get(1);
      }
      if (page.size() < PAGE) {
        return;
      }
      // More entries than a page may have one score.
      skip = last == from ? skip + PAGE : 0;
      from = last;
    }
  }

  private List<Object> page(double from, long skip) {
    try (Turn turn = redis.turn("listing sessions", redis.timeout(), shard)) {
      return turn.ask(shard, Commands.fromScore(shard, from, skip, PAGE, turn.left()));
    }
  }
}
