package dev.holdfast.redis;

import static dev.holdfast.redis.client.Ascii.ascii;

import dev.holdfast.redis.client.Redis;
import dev.holdfast.redis.client.Turn;
import dev.holdfast.store.ExpiryIndex.Page;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the expiry index page by page, for somebody who comes back for the next page much later.
 *
 * <p>A page goes on behind the entry with which the last one ended: by score and name, as Redis
 * orders them, not by rank, which shifts when entries before it are filed anew. An entry that is
 * filed anew meanwhile moves to a later score in nearly all cases, so it is met again and not
 * missed.
 */
final class FiledPages {
  private final Redis redis;
  private final List<byte[]> shards;

  /** What is on the page so far. */
  private final List<String> locators = new ArrayList<>();

  /** For one page. */
  FiledPages(Redis redis, List<byte[]> shards) {
    this.redis = redis;
    this.shards = shards;
  }

  /**
   * Where a page begins: behind an entry of a shard.
   *
   * @param member empty for the start of the shard
   */
  private record Position(int shard, double score, String member) {
    private static final String SEPARATOR = "~";

    static Position startOf(int shard) {
      return new Position(shard, Double.NEGATIVE_INFINITY, "");
    }

    static Position parse(String cursor, int shards) {
      String[] parts = cursor.split(SEPARATOR, -1);
      try {
        Position position =
            new Position(Integer.parseInt(parts[0]), Double.parseDouble(parts[1]), parts[2]);
        if (parts.length == 3 && position.shard >= 0 && position.shard < shards) {
          return position;
        }
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
        // It is not one of ours, as the exception below says.
      }
      throw new IllegalArgumentException(
          "That is not where a page of sessions begins; take the cursor of the page before, or none"
              + " for the first page");
    }

    boolean isBefore(double otherScore, String otherMember) {
      return score < otherScore || (score == otherScore && member.compareTo(otherMember) < 0);
    }

    @Override
    public String toString() {
      return shard + SEPARATOR + score + SEPARATOR + member;
    }
  }

  Page page(@Nullable String cursor, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit is " + limit + "; it must be 1 or more");
    }
    Position position =
        cursor == null ? Position.startOf(0) : Position.parse(cursor, shards.size());
    while (position != null && locators.size() < limit) {
      position = read(position, limit);
    }
    return new Page(locators, position == null ? null : position.toString());
  }

  /** Fills the page from one shard, and says where to go on; null at the end of the last shard. */
  private @Nullable Position read(Position from, int limit) {
    byte[] shard = shards.get(from.shard());
    // One more: the entry behind which the page begins is read again.
    int size = limit - locators.size() + 1;
    for (long skip = 0; ; skip += size) {
      List<Object> entries = entries(shard, from.score(), skip, size);
      for (Object entry : entries) {
        List<?> pair = (List<?>) entry;
        String member = ascii((byte[]) pair.get(0));
        double score = (Double) pair.get(1);
        if (from.isBefore(score, member)) {
          locators.add(member);
          if (locators.size() == limit) {
            return new Position(from.shard(), score, member);
          }
        }
      }
      if (entries.size() < size) {
        int next = from.shard() + 1;
        return next < shards.size() ? Position.startOf(next) : null;
      }
    }
  }

  private List<Object> entries(byte[] shard, double from, long skip, int size) {
    try (Turn turn = redis.turn("listing sessions", redis.timeout(), shard)) {
      return turn.ask(shard, Commands.fromScore(shard, from, skip, size, turn.left()));
    }
  }
}
