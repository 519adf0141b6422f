package dev.holdfast.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.holdfast.store.Stamp;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What Redis answers, taken apart. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReplyBenchmark {
  private static final byte[] KEY = "holdfast:app:{AAAAAAAAAAAAAAAAAAAAAA}".getBytes(US_ASCII);
  private static final long CLOCK = 1_800_000_000_000L;
  private static final long TTL = 2_160_000;

  private final List<Object> reply =
      Arrays.asList(
          new byte[32],
          new BoundStamp(KEY).encode(new Stamp(7, 9)),
          "%d %d 1800 3".formatted(CLOCK + TTL, CLOCK).getBytes(US_ASCII),
          null);

  /** Whether the copy of a session is still current: what most requests ask. */
  @Benchmark
  public Object state() throws MalformedHashException {
    return SessionHash.state(SessionHash.Fields.ofState(KEY, reply), TTL, null, CLOCK);
  }

  /** A session of twenty attributes that this node does not hold. */
  @Benchmark
  public Object session() throws MalformedHashException {
    SessionHash.Fields fields = SessionHash.Fields.ofState(KEY, reply);
    fields.add("m:c".getBytes(US_ASCII), String.valueOf(CLOCK).getBytes(US_ASCII));
    for (byte[] name : NAMES) {
      fields.add(name, VALUE);
    }
    return SessionHash.session(SessionHash.state(fields, TTL, null, CLOCK).state(), fields);
  }

  private static final byte[] VALUE = new byte[100];
  private static final byte[][] NAMES = new byte[20][];

  static {
    for (int i = 0; i < NAMES.length; i++) {
      NAMES[i] = ("a:attribute" + i).getBytes(US_ASCII);
    }
  }
}
