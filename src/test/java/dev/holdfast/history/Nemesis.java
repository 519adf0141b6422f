package dev.holdfast.history;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.holdfast.redis.testing.FaultProxy;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.redis.testing.SentinelServers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;

/** Ways to break things. Each breaks, waits, and mends. */
enum Nemesis {
  /** SIGKILL, and a start some time later. */
  KILL_REDIS("Down mid-request: kill -9, appendfsync always") {
    @Override
    void strike(Round round, Random random) throws InterruptedException {
      exclusively(
          () -> {
            round.redis().kill();
            sleep(100 + random.nextInt(400));
            round.redis().restart();
          });
    }
  },
  /** Down for a second, during which everybody comes to wait. */
  OUTAGE("Thundering herd after a restart") {
    @Override
    void strike(Round round, Random random) throws InterruptedException {
      exclusively(
          () -> {
            round.redis().kill();
            sleep(1_000);
            round.redis().restart();
          });
    }
  },
  /**
   * {@code SENTINEL FAILOVER}, as an operator does it. The old primary takes writes until it is
   * demoted, which are lost; the servers have to leave it as soon as Sentinel tells them.
   */
  FAILOVER("Sentinel: graceful failover") {
    @Override
    void strike(Round round, Random random) throws InterruptedException {
      SentinelServers sentinels = round.sentinels();
      sentinels.awaitSettled();
      RedisServer old = sentinels.primary();
      long time = System.currentTimeMillis();
      long from = round.history().now();
      sentinels.failover();
      sentinels.awaitOtherThan(old);
      long to = round.history().now() + LEAVING.toNanos();
      round.history().declareLoss(new Fault("writes may be lost", from, to, time));
      sentinels.awaitSettled();
    }
  },
  /** SIGSTOP and SIGCONT: everything sent meanwhile is executed afterwards. */
  FREEZE_REDIS("Slow: Redis stopped and continued") {
    @Override
    void strike(Round round, Random random) throws InterruptedException {
      exclusively(
          () -> {
            round.redis().freeze();
            try {
              sleep(200 + random.nextInt(1800));
            } finally {
              round.redis().thaw();
            }
          });
    }
  },
  /** Redis loses everything, which is declared. Only for a run of its own. */
  FLUSHALL("FLUSHALL without a backup") {
    @Override
    void strike(Round round, Random random) {
      long time = System.currentTimeMillis();
      long from = round.history().now();
      round.redis().flush();
      round.history().declareLoss(new Fault(name(), from, round.history().now(), time));
    }
  },
  CLIENT_KILL("Reset: CLIENT KILL") {
    @Override
    void strike(Round round, Random random) {
      round.redis().command("CLIENT", "KILL", "TYPE", "normal");
    }
  },
  SCRIPT_FLUSH("NOSCRIPT") {
    @Override
    void strike(Round round, Random random) throws InterruptedException {
      for (int i = 0; i < 10; i++) {
        round.redis().command("SCRIPT", "FLUSH");
        sleep(50);
      }
    }
  },
  /** Redis is full: it refuses what needs memory. */
  MAXMEMORY("Redis is full, noeviction") {
    @Override
    void strike(Round round, Random random) throws InterruptedException {
      round.redis().command("CONFIG", "SET", "maxmemory", "1");
      try {
        sleep(200 + random.nextInt(500));
      } finally {
        round.mend(() -> round.redis().command("CONFIG", "SET", "maxmemory", "0"));
      }
    }
  },
  DISCONNECT("Reset by the network") {
    @Override
    void strike(Round round, Random random) {
      round.proxies().forEach(FaultProxy::disconnect);
    }
  },
  LOSE_REPLIES("Reply lost after execution") {
    @Override
    void strike(Round round, Random random) throws InterruptedException {
      for (int i = 0; i < 5; i++) {
        pick(round, random).loseNextReply();
        sleep(random.nextInt(200));
      }
    }
  },
  SLOW_NETWORK("Slow: latency") {
    @Override
    void strike(Round round, Random random) throws InterruptedException {
      FaultProxy proxy = pick(round, random);
      proxy.latency(Duration.ofMillis(random.nextInt(600)));
      sleep(500 + random.nextInt(1000));
      proxy.latency(Duration.ZERO);
    }
  },
  NARROW_NETWORK("Slow: bandwidth, in slices") {
    @Override
    void strike(Round round, Random random) throws InterruptedException {
      FaultProxy proxy = pick(round, random);
      proxy.bandwidth(2_000 + random.nextInt(20_000));
      proxy.slice(1 + random.nextInt(50), Duration.ZERO);
      sleep(500 + random.nextInt(1000));
      proxy.bandwidth(0);
      proxy.slice(0, Duration.ZERO);
    }
  },
  /** One server and Redis do not reach each other; nobody is told. */
  PARTITION("Half-open: partition of one server") {
    @Override
    void strike(Round round, Random random) throws InterruptedException {
      FaultProxy proxy = pick(round, random);
      proxy.pause();
      sleep(200 + random.nextInt(2500));
      proxy.resume();
    }
  },
  /** The same for longer than a write may take: one that was given up arrives afterwards. */
  STALL("Half-open: partition longer than a write may take") {
    @Override
    void strike(Round round, Random random) throws InterruptedException {
      FaultProxy proxy = pick(round, random);
      proxy.pause();
      sleep(4_000);
      proxy.resume();
    }
  },
  /** Somebody who can write to Redis puts a value of one session into another. */
  TRANSPLANT("A value moved to another session") {
    @Override
    void strike(Round round, Random random) {
      // By the age of their secrets: to an older one the value would be one of later.
      List<String> keys =
          round.redis().keys().stream()
              // Of the others some are no hashes.
              .filter(key -> key.matches("holdfast:[^:]+:\\{[^{}]+}"))
              .filter(key -> round.redis().hash(key).keySet().containsAll(List.of("a:v", "r:v")))
              .sorted(Comparator.comparing(key -> timeOfSecret(round.redis().hash(key))))
              .toList();
      if (keys.size() > 1) {
        Map<String, byte[]> from = round.redis().hash(keys.get(0));
        byte[] value = from.get("a:v");
        String victim = keys.get(keys.size() - 1);
        byte[] stamp = rebound(from.get("r:v"), keys.get(0), victim);
        round.redis().command("HSET", victim, "a:v", value, "r:v", stamp, "m:v", stamp);
      }
    }

    /** Stamps are stored with the checksum of their session's key, which is no secret. */
    private byte[] rebound(byte[] stamp, String from, String to) {
      ByteBuffer buffer = ByteBuffer.wrap(stamp);
      buffer.putInt(0, buffer.getInt(0) ^ checksum(from) ^ checksum(to));
      return stamp;
    }

    private int checksum(String key) {
      CRC32C sum = new CRC32C();
      sum.update(key.getBytes(ISO_8859_1));
      return (int) sum.getValue();
    }

    private long timeOfSecret(Map<String, byte[]> hash) {
      byte[] decimal = hash.getOrDefault("m:n", hash.get("m:c"));
      return Long.parseLong(new String(decimal, ISO_8859_1));
    }
  },
  BLACK_HOLE("Half-open: packets lost") {
    @Override
    void strike(Round round, Random random) throws InterruptedException {
      FaultProxy proxy = pick(round, random);
      proxy.blackHole(true);
      sleep(200 + random.nextInt(1000));
      // What was lost is lost: no client could go on with the rest.
      proxy.disconnect();
      proxy.blackHole(false);
    }
  },
  CUT_REPLIES("Reset in the middle of a reply") {
    @Override
    void strike(Round round, Random random) throws InterruptedException {
      FaultProxy proxy = pick(round, random);
      proxy.limitData(1_000 + random.nextInt(5_000));
      sleep(500);
      proxy.limitData(Long.MAX_VALUE);
    }
  },
  SWALLOW_REPLY("One reply swallowed") {
    @Override
    void strike(Round round, Random random) {
      pick(round, random).swallowNextReply();
    }
  },
  DUPLICATE_REPLY("One reply delivered twice") {
    @Override
    void strike(Round round, Random random) {
      pick(round, random).duplicateNextReply();
    }
  },
  /** Whoever is at work in a server is interrupted. */
  INTERRUPT("Interrupt") {
    @Override
    void strike(Round round, Random random) throws InterruptedException {
      for (int i = 0; i < 10; i++) {
        round.interrupt(random.nextInt(round.site().size()));
        sleep(30);
      }
    }
  },
  KILL_NODE("A server is killed") {
    @Override
    void strike(Round round, Random random) {
      round.site().killAndRestart(random.nextInt(round.site().size()));
    }
  },
  /** SIGSTOP and SIGCONT of a server, mostly for longer than {@code lock.lease}. */
  FREEZE_NODE("A server stands still for longer than a lock's lease") {
    @Override
    void strike(Round round, Random random) throws InterruptedException {
      round.site().freeze(random.nextInt(round.site().size()), 800 + random.nextInt(1700));
    }
  },
  REDEPLOY("Rolling deploy") {
    @Override
    void strike(Round round, Random random) {
      round.site().redeploy(random.nextInt(round.site().size()));
    }
  };

  /** In which all servers have left a primary that has been replaced. */
  private static final Duration LEAVING = Duration.ofSeconds(1);

  /** Two cannot have the process of Redis at once. */
  private static final ReentrantLock PROCESS = new ReentrantLock();

  private final String row;

  Nemesis(String row) {
    this.row = row;
  }

  /** As the page of faults calls it. */
  String row() {
    return row;
  }

  private interface Step {
    void run() throws InterruptedException;
  }

  abstract void strike(Round round, Random random) throws InterruptedException;

  /** Those that need no more than a running site. */
  static List<Nemesis> quick() {
    return List.of(
        KILL_REDIS,
        FREEZE_REDIS,
        CLIENT_KILL,
        SCRIPT_FLUSH,
        MAXMEMORY,
        DISCONNECT,
        LOSE_REPLIES,
        SLOW_NETWORK,
        NARROW_NETWORK,
        PARTITION,
        BLACK_HOLE,
        CUT_REPLIES,
        SWALLOW_REPLY,
        DUPLICATE_REPLY,
        INTERRUPT,
        FREEZE_NODE);
  }

  private static void exclusively(Step step) throws InterruptedException {
    PROCESS.lockInterruptibly();
    try {
      step.run();
    } finally {
      PROCESS.unlock();
    }
  }

  private static FaultProxy pick(Round round, Random random) {
    return round.proxies().get(random.nextInt(round.proxies().size()));
  }

  private static void sleep(long millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(millis);
  }
}
