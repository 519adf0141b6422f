package dev.holdfast.codec;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Values to bytes and back. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {
  /** What is encoded. */
  @Param({"text", "map", "beans"})
  public String kind;

  private final AttributeCodec codec =
      new AttributeCodec(ClassAllowList.everything(CodecBenchmark.class.getClassLoader()));
  private Object value;
  private byte[] bytes;

  /** A bean as applications have them. */
  public static final class Line implements Serializable {
    private static final long serialVersionUID = 1;
    private final String name;
    private final long cents;

    Line(String name, long cents) {
      this.name = name;
      this.cents = cents;
    }
  }

  /** Makes the value. */
  @Setup
  public void prepare() {
    value =
        switch (kind) {
          case "text" -> "a customer's name, or a message";
          case "map" -> map();
          default -> beans();
        };
    bytes = codec.encode(value);
  }

  private static Map<String, Integer> map() {
    Map<String, Integer> map = new TreeMap<>();
    for (int i = 0; i < 30; i++) {
      map.put("key " + i, i);
    }
    return map;
  }

  private static List<Line> beans() {
    List<Line> beans = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      beans.add(new Line("article %04d, in stock".formatted(i), 995));
    }
    return beans;
  }

  /** What a save does to a value that was set. */
  @Benchmark
  public byte[] encode() {
    return codec.encode(value);
  }

  /** What the first read does. */
  @Benchmark
  public Object decode() {
    return codec.decode(bytes);
  }
}
