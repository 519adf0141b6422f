package dev.holdfast.session;

import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.ClassAllowList;
import dev.holdfast.store.Stamp;
import java.util.ArrayList;
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

/** Whether a value that a request has read was changed in place. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DirtyCheckBenchmark {
  /** Texts in the list. */
  @Param({"10", "150"})
  public int size;

  private final AttributeCodec codec =
      new AttributeCodec(ClassAllowList.everything(DirtyCheckBenchmark.class.getClassLoader()));
  private final List<String> value = new ArrayList<>();
  private Stored stored;

  /** Makes the list. */
  @Setup
  public void prepare() {
    for (int i = 0; i < size; i++) {
      value.add("article %04d of a list, in stock, order today".formatted(i));
    }
    stored = Stored.saved(new Stamp(1, 1), Stored.digest(codec.encode(value)), null);
  }

  /** As a commit does it: the value is encoded, and hashed where it was written. */
  @Benchmark
  public boolean unchanged() {
    return codec.encode(value, stored).length == 0;
  }
}
