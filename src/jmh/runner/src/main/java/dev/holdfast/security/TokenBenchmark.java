package dev.holdfast.security;

import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The token of a cookie. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TokenBenchmark {
  private final SecureRandom random = new SecureRandom();
  private final SessionToken token = SessionToken.create(random);
  private final String text = token.value();

  /** Each request that brings a cookie. */
  @Benchmark
  public SessionToken parse() {
    return SessionToken.parse(text);
  }

  /** Each new session. */
  @Benchmark
  public SessionToken create() {
    return SessionToken.create(random);
  }

  /** {@code getId()}. */
  @Benchmark
  public String publicId() {
    return token.publicId();
  }
}
