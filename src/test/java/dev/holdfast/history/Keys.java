package dev.holdfast.history;

import dev.holdfast.redis.testing.RedisServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks at Redis itself. I3: a session is there as a whole or not at all. I11: each has a time to
 * live, and not a longer one than it may. I16: there is no session that no response issued.
 */
final class Keys {
  private static final Pattern SESSION = Pattern.compile("holdfast:[\\w-]+:\\{([\\w-]{22})}");
  private static final Pattern TIMES = Pattern.compile("(\\d+) (\\d+) (\\d+) (\\d+)( \\d+)?");
  private static final long GRACE_MILLIS = 300_000;
  private static final long CLOCKS_MILLIS = 2_000;

  private final RedisServer redis;

  Keys(RedisServer redis) {
    this.redis = redis;
  }

  List<Violation> judge() {
    List<Violation> violations = new ArrayList<>();
    for (String key : redis.keys()) {
      if (SESSION.matcher(key).matches()) {
        judge(key, violations);
      }
    }
    return violations;
  }

  private void judge(String key, List<Violation> violations) {
    Map<String, byte[]> hash = redis.hash(key);
    if (hash.isEmpty()) {
      return;
    }
    for (String field : List.of("m:h", "m:v", "m:x", "m:c")) {
      if (!hash.containsKey(field)) {
        violations.add(violation("I3", key + " has no " + field + " but " + hash.keySet()));
        return;
      }
    }
    String text = new String(hash.get("m:x"), StandardCharsets.US_ASCII);
    Matcher times = TIMES.matcher(text);
    if (!times.matches()) {
      violations.add(violation("I11", key + " has the times " + text));
      return;
    }
    long idle = Long.parseLong(times.group(3)) * 1000;
    long most = idle + Math.min(3_600_000, idle / 10) + GRACE_MILLIS + CLOCKS_MILLIS;
    long left = (Long) Objects.requireNonNull(redis.command("PTTL", key));
    if (left == -1 || left > most) {
      violations.add(violation("I11", key + " lives for " + left + " ms, at most " + most));
    }
  }

  /**
   * Sessions that no response issued; a creation without an answer may have left one.
   *
   * @param issued locators that clients were sent
   */
  List<Violation> unknown(Set<String> issued, History history) {
    List<String> unknown = new ArrayList<>();
    for (String key : redis.keys()) {
      Matcher session = SESSION.matcher(key);
      if (session.matches() && !issued.contains(session.group(1))) {
        unknown.add(key);
      }
    }
    long lost = history.requests().stream().filter(r -> r.has("open") && !r.isOk()).count();
    return unknown.size() <= lost
        ? List.of()
        : List.of(
            violation(
                "I16", unknown + " were issued to nobody; " + lost + " creations had no answer"));
  }

  private static Violation violation(String invariant, String what) {
    return new Violation(invariant, what, List.of());
  }
}
