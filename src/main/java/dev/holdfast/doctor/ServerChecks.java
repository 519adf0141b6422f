package dev.holdfast.doctor;

import dev.holdfast.redis.RedisInspection;
import dev.holdfast.redis.RedisInspection.Right;
import dev.holdfast.redis.client.InspectedServer;
import dev.holdfast.redis.client.InspectionAnswer;
import dev.holdfast.text.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What one server of Redis tells. */
final class ServerChecks {
  private static final ServerVersion LEAST = ServerVersion.parse(ServerVersion.REDIS, "6.2.0");
  private static final int TRIALS = 100;
  private static final Duration SLOW = Duration.ofMillis(5);
  private static final Duration CLOCKS_APART = Duration.ofSeconds(2);
  private static final String ASK_AS_ADMIN =
      "run doctor with the redis.uri of an administrator, or ask there";

  private final RedisInspection redis;
  private final InspectedServer server;
  private final boolean durable;
  private final boolean cluster;
  private final Consumer<CheckResult> found;
  private final String subject;

  ServerChecks(
      RedisInspection redis,
      InspectedServer server,
      boolean durable,
      boolean cluster,
      Consumer<CheckResult> found) {
    this.redis = redis;
    this.server = server;
    this.durable = durable;
    this.cluster = cluster;
    this.found = found;
    this.subject = server.address();
  }

  void run() {
    version();
    rights();
    scripts();
    persistence();
    memory();
    replication();
    timing();
  }

  private void version() {
    Map<String, String> hello = server.ask("HELLO").pairs();
    Map<String, String> info = server.ask("INFO", "server").lines();
    String valkey = info.get("valkey_version");
    boolean isValkey = valkey != null || "valkey".equalsIgnoreCase(hello.get("server"));
    ServerVersion version =
        isValkey
            ? ServerVersion.of(ServerVersion.VALKEY, valkey != null ? valkey : hello.get("version"))
            : ServerVersion.of(
                ServerVersion.REDIS, hello.getOrDefault("version", info.get("redis_version")));
    if (version == null) {
      found.accept(
          CheckResult.unknown(
              "version", subject, "cannot tell: the server does not say", ASK_AS_ADMIN));
      return;
    }
    if (version.compareTo(LEAST) < 0) {
      found.accept(
          CheckResult.fail(
              "version", subject, version.toString(), "Holdfast needs Redis 6.2 or newer"));
      return;
    }
    found.accept(CheckResult.ok("version", subject, version.toString()));
    List<String> faults = KnownFaults.of(version);
    if (faults.isEmpty()) {
      found.accept(
          CheckResult.ok(
              "faults", subject, "none published for " + version + " as of " + KnownFaults.AS_OF));
    } else {
      found.accept(
          CheckResult.warn(
              "faults",
              subject,
              version
                  + " has "
                  + faults.size()
                  + " published as of "
                  + KnownFaults.AS_OF
                  + ": "
                  + String.join(", ", faults),
              "update to "
                  + KnownFaults.leastGood(version)
                  + ", unless your distribution has mended them without a new number"));
    }
  }

  private void rights() {
    List<Right> rights = redis.rights(server, durable, cluster);
    String missing = commands(rights.stream().filter(Right::isMissing).toList());
    if (missing.isEmpty()) {
      found.accept(
          CheckResult.ok(
              "rights", subject, "the user may do all " + rights.size() + " things needed"));
    } else {
      found.accept(
          CheckResult.fail(
              "rights",
              subject,
              "the user may not " + missing,
              "give the user what docker/users.acl has, for the keys and the channel of the"
                  + " prefix"));
    }
    String excess = commands(redis.excess(server));
    if (excess.isEmpty()) {
      found.accept(
          CheckResult.ok("excess", subject, "the user may do nothing dangerous beyond that"));
    } else {
      found.accept(
          CheckResult.warn(
              "excess",
              subject,
              "the user may also: " + excess,
              "whoever steals the password may, too: take the user of docker/users.acl"));
    }
  }

  private static String commands(List<Right> rights) {
    return rights.stream().map(Right::command).collect(Collectors.joining(", "));
  }

  private void scripts() {
    List<InspectionAnswer> answers = redis.runScripts(server);
    List<String> failures =
        answers.stream()
            .map(InspectionAnswer::failure)
            .filter(failure -> failure != null)
            .distinct()
            .map(Printable::of)
            .toList();
    if (failures.isEmpty()) {
      found.accept(
          CheckResult.ok(
              "scripts", subject, (answers.size() - 1) + " scripts load, and one was run"));
    } else {
      found.accept(
          CheckResult.fail(
              "scripts",
              subject,
              "scripts do not run: " + String.join("; ", failures),
              "allow EVAL, EVALSHA and SCRIPT LOAD"));
    }
  }

  private void persistence() {
    String check = "persistence";
    InspectionAnswer info = server.ask("INFO", "persistence");
    if (!told(check, "INFO", info)) {
      return;
    }
    Map<String, String> lines = info.lines();
    boolean aof = "1".equals(lines.get("aof_enabled"));
    List<String> broken = new ArrayList<>();
    for (String status :
        List.of("rdb_last_bgsave_status", "aof_last_bgrewrite_status", "aof_last_write_status")) {
      if ("err".equals(lines.get(status))) {
        broken.add(status);
      }
    }
    String fsync = config("appendfsync");
    String save = config("save");
    String state =
        aof
            ? "append-only file" + (fsync == null ? "" : ", appendfsync " + fsync)
            : "no append-only file"
                + (save == null ? "" : save.isEmpty() ? ", no RDB" : ", RDB at " + save);
    if (!broken.isEmpty()) {
      found.accept(
          CheckResult.fail(
              check,
              subject,
              state + "; the last write failed: " + String.join(", ", broken),
              "look at the disk of the server; Redis refuses writes while this lasts"));
    } else if (!aof) {
      found.accept(
          CheckResult.warn(
              check,
              subject,
              state,
              "after a restart sessions are gone, or minutes old, so that a logout is undone: set"
                  + " appendonly yes"));
    } else if ("no".equals(fsync)) {
      found.accept(CheckResult.warn(check, subject, state, "set appendfsync everysec"));
    } else {
      found.accept(CheckResult.ok(check, subject, state));
    }
  }

  private @Nullable String config(String name) {
    InspectionAnswer answer = server.ask("CONFIG", "GET", name);
    return answer.isAnswered() ? answer.pairs().get(name) : null;
  }

  private void memory() {
    String check = "memory";
    InspectionAnswer info = server.ask("INFO", "memory");
    if (!told(check, "INFO", info)) {
      return;
    }
    Map<String, String> lines = info.lines();
    long max = number(lines.get("maxmemory"));
    long used = number(lines.get("used_memory"));
    String policy = lines.getOrDefault("maxmemory_policy", "unknown");
    String state =
        (max == 0 ? "no maxmemory" : percent(used, max) + " % of maxmemory used")
            + ", maxmemory-policy "
            + policy;
    if (!policy.equals("noeviction") && max > 0) {
      found.accept(
          CheckResult.fail(
              check,
              subject,
              state,
              "Redis logs users out when it is full: set maxmemory-policy noeviction"));
    } else if (!policy.equals("noeviction")) {
      found.accept(CheckResult.warn(check, subject, state, "set maxmemory-policy noeviction"));
    } else if (max == 0) {
      found.accept(
          CheckResult.warn(
              check,
              subject,
              state,
              "set maxmemory to about 60 % of the machine, or the system ends Redis when it is"
                  + " full"));
    } else if (percent(used, max) > 90) {
      found.accept(
          CheckResult.warn(
              check,
              subject,
              state,
              "when it is full, logins and saves are answered 503: raise maxmemory"));
    } else {
      found.accept(CheckResult.ok(check, subject, state));
    }
  }

  private static long percent(long used, long max) {
    return used * 100 / max;
  }

  private static long number(@Nullable String text) {
    return text != null && text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }

  private void replication() {
    String check = "replication";
    InspectionAnswer info = server.ask("INFO", "replication");
    if (!told(check, "INFO", info)) {
      return;
    }
    Map<String, String> lines = info.lines();
    long replicas = number(lines.get("connected_slaves"));
    String state = lines.getOrDefault("role", "role unknown") + ", " + replicas + " replicas";
    if (durable && replicas == 0) {
      found.accept(
          CheckResult.fail(
              check,
              subject,
              state,
              "durability=replica waits for a replica: connect one, or set durability=none"));
    } else {
      found.accept(CheckResult.ok(check, subject, state));
    }
  }

  /** Whether the server has answered; says so if it has not. */
  private boolean told(String check, String command, InspectionAnswer answer) {
    if (answer.isAnswered()) {
      return true;
    }
    String why =
        answer.isForbidden() ? "the user may not " + command : Printable.message(answer.failure());
    found.accept(CheckResult.unknown(check, subject, "cannot tell: " + why, ASK_AS_ADMIN));
    return false;
  }

  private void timing() {
    long[] nanos = new long[TRIALS];
    long least = Long.MAX_VALUE;
    long apart = 0;
    for (int i = 0; i < TRIALS; i++) {
      long start = System.nanoTime();
      long before = System.currentTimeMillis();
      InspectionAnswer time = server.ask("TIME");
      nanos[i] = System.nanoTime() - start;
      List<String> parts = time.texts();
      if (parts.size() < 2) {
        found.accept(
            CheckResult.fail(
                "latency", subject, "TIME is not answered: " + time.failure(), "allow TIME"));
        return;
      }
      if (nanos[i] < least) {
        least = nanos[i];
        long there = number(parts.get(0)) * 1000 + number(parts.get(1)) / 1000;
        apart = there - (before + nanos[i] / 2_000_000);
      }
    }
    Arrays.sort(nanos);
    long median = nanos[TRIALS / 2];
    String state =
        String.format(
            Locale.ROOT,
            "%.2f ms is the median of %d round trips, %.2f ms the longest",
            median / 1e6,
            TRIALS,
            nanos[TRIALS - 1] / 1e6);
    if (median > SLOW.toNanos()) {
      found.accept(
          CheckResult.warn(
              "latency",
              subject,
              state,
              "a page waits for at least two of them: move Redis nearer to the nodes"));
    } else {
      found.accept(CheckResult.ok("latency", subject, state));
    }
    String clocks =
        Math.abs(apart) + " ms " + (apart < 0 ? "behind" : "ahead of") + " this machine's";
    if (Math.abs(apart) > CLOCKS_APART.toMillis()) {
      found.accept(
          CheckResult.warn(
              "clock",
              subject,
              "its clock is " + clocks,
              "sessions go by Redis's clock, so nothing breaks, but times shown are off, and a"
                  + " failover to a server with another clock moves all time-outs: use NTP"));
    } else {
      found.accept(CheckResult.ok("clock", subject, "its clock is " + clocks));
    }
  }
}
