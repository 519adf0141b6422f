package dev.holdfast.redis;

import dev.holdfast.store.KeyRegister;
import dev.holdfast.store.UserIndex.Member;
import dev.holdfast.store.UserIndex.Members;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * Keeps the register beside the users, in a sorted set of the same form, so that no user of Redis
 * needs another right for it. A member is a key's name and the seconds that a session lives; its
 * score is when such a session was last noted.
 */
final class RedisKeyRegister implements KeyRegister {
  /** Cannot be the name of a user there, which is a hash. */
  static final String NAME = "keys";

  /** By how much a session may outlive its idle time, and how late a node may note it. */
  private static final Duration SLACK = Duration.ofMinutes(90);

  private static final Duration NEVER = Duration.ofDays(365);

  private final RedisUserIndex index;

  RedisKeyRegister(RedisUserIndex index) {
    this.index = index;
  }

  @Override
  public void note(String key, Duration life) {
    boolean ends = !life.isZero() && !life.isNegative();
    long seconds = (ends ? life : NEVER).toSeconds();
    index.fileAnew(NAME, key + "-" + seconds, Duration.ofSeconds(seconds).plus(SLACK));
  }

  @Override
  public Set<String> noted() {
    return keys(index.filed(NAME));
  }

  /** The keys of which a noted session may still live. */
  static Set<String> keys(Members members) {
    Set<String> keys = new HashSet<>();
    for (Member member : members.members()) {
      String[] keyAndLife = member.locator().split("-", 2);
      if (keyAndLife.length == 2 && keyAndLife[1].matches("\\d{1,10}")) {
        Instant end = member.since().plusSeconds(Long.parseLong(keyAndLife[1])).plus(SLACK);
        if (members.now().isBefore(end)) {
          keys.add(keyAndLife[0]);
        }
      }
    }
    return keys;
  }

  @Override
  public void forget(String key) {
    for (Member member : index.filed(NAME).members()) {
      if (member.locator().startsWith(key + "-")) {
        index.forget(NAME, member.locator(), member.since());
      }
    }
  }
}
