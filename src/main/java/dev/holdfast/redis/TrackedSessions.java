package dev.holdfast.redis;

import static dev.holdfast.redis.client.Ascii.ascii;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.redis.client.Call;
import dev.holdfast.redis.client.Invalidations;
import dev.holdfast.redis.client.Link;
import dev.holdfast.redis.client.Redis;
import dev.holdfast.store.SessionState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Redis has said of sessions and has not taken back: it has promised to tell of the next
 * change of each, and nothing of the kind has come since. So what is here is as old as such news
 * may be under way, and never older than {@code cache.lag}: a connection on which Redis has given
 * no sign of life for so long counts for nothing.
 *
 * <p>Every change takes a session out, also one by this node and one of its TTL alone; then Redis
 * has forgotten its promise too. The next check is asked of Redis, and asks for a new one.
 */
final class TrackedSessions implements Invalidations {
  /** More than a node has busy, of half a kilobyte each; one that does not fit costs a wait. */
  private static final int MOST = 100_000;

  private static final Duration UNUSED = Duration.ofMinutes(1);

  private final String prefix;
  private final long longestLag;
  private final Cache<String, TrackedCheck> tracked =
      Caffeine.newBuilder()
          .maximumSize(MOST)
          .expireAfterAccess(UNUSED)
          // The common pool would outlive the web application.
          .executor(Runnable::run)
          .build();

  /**
   * @param prefix of the keys, to which the locator and a brace are added
   * @param longestLag that is tolerated
   */
  TrackedSessions(String prefix, Duration longestLag) {
    this.prefix = prefix;
    this.longestLag = longestLag.toNanos();
  }

  /** A check for which Redis has been asked to tell of the next change, and its answer. */
  static final class TrackedCheck {
    private final byte[] key;
    private final Call<String> optIn;

    private volatile @Nullable Link link;
    private volatile @Nullable SessionState state;

    /** When it expires if nothing comes in between, in milliseconds by Redis's clock. */
    private volatile long until;

    private TrackedCheck(byte[] key, Duration left) {
      this.key = key;
      this.optIn = Call.optIn(left);
    }

    /** To be sent right before the check. */
    Call<String> optIn() {
      return optIn;
    }

    /**
     * Notes the answer, unless Redis has promised nothing: it has refused, or the check went
     * elsewhere.
     *
     * @param hash the check
     */
    void answered(Call<List<Object>> hash, SessionState answer, long until) {
      Link from = hash.link();
      boolean granted =
          optIn.reply().isDone()
              && !optIn.reply().isCompletedExceptionally()
              && optIn.link() == from
              && optIn.travels() == 1
              && hash.travels() == 1;
      if (granted) {
        this.until = until;
        this.link = from;
        this.state = answer;
      }
    }
  }

  /**
   * Prepares a check; null when the server does not tell of changes. Whatever Redis tells from now
   * on takes it out, so what is noted of it later counts only if nothing was told in between.
   */
  @Nullable TrackedCheck check(Redis redis, String locator, byte[] key, Duration left) {
    Link open = redis.open(key);
    if (open == null || !open.isTracking()) {
      return null;
    }
    TrackedCheck check = new TrackedCheck(key, left);
    tracked.put(locator, check);
    return check;
  }

  /** What Redis would answer to a check, without asking it; null when that is not known. */
  @Nullable SessionState state(Redis redis, String locator) {
    TrackedCheck found = tracked.getIfPresent(locator);
    if (found == null) {
      return null;
    }
    SessionState state = found.state;
    Link link = found.link;
    if (state == null || link == null || redis.open(found.key) != link) {
      return null;
    }
    long unproven = link.unprovenNanos();
    if (unproven > longestLag) {
      return null;
    }
    if (unproven > longestLag / 2) {
      link.probe(Commands.pttl(found.key, redis.timeout()));
    }
    long now = link.clock().now();
    return now >= found.until ? null : state.at(Instant.ofEpochMilli(now));
  }

  /** Forgets a session that this node has changed, before Redis tells of it. */
  void forget(String locator) {
    tracked.invalidate(locator);
  }

  @Override
  public void changed(byte[] key) {
    String name = ascii(key);
    if (name.startsWith(prefix) && name.endsWith("}")) {
      tracked.invalidate(name.substring(prefix.length(), name.length() - 1));
    }
  }

  @Override
  public void allChanged() {
    tracked.invalidateAll();
  }
}
