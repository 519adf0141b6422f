package dev.holdfast.sealing;

import dev.holdfast.config.Encryption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One field of a session, sealed and opened. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SealBenchmark {
  private static final byte[] BOUND = new byte[16];

  /** Bytes of the field. */
  @Param({"100", "1000", "10000"})
  public int size;

  private final Sealing.OfSession session =
      new Sealing(
              KeySource.fixed(KeyRing.of(List.of(new byte[32]))), Encryption.REQUIRED, "benchmark")
          .of("AAAAAAAAAAAAAAAAAAAAAA");
  private byte[] plain;
  private byte[] sealed;

  /** Seals one. */
  @Setup
  public void prepare() {
    plain = new byte[size];
    sealed = session.seal("a:cart", 1, BOUND, plain);
  }

  /** Each attribute that is saved. */
  @Benchmark
  public byte[] seal() {
    return session.seal("a:cart", 1, BOUND, plain);
  }

  /** Each attribute that is read from Redis. */
  @Benchmark
  public byte[] open() throws BrokenSealException, UnknownKeyException {
    return session.open("a:cart", BOUND, sealed);
  }
}
