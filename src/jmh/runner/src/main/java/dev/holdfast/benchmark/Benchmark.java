package dev.holdfast.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/**
 * The same application, container and Redis with each way to keep sessions, side by side.
 *
 * <p>All servers run at once and only one is asked at a time, in rounds: each round asks every
 * contender for every operation, in an order of its own, so that whatever the machine does besides
 * meets all of them. The report compares within a round and shows the median over the rounds.
 *
 * <p>System properties: {@code benchmark.rounds} (5), {@code benchmark.seconds} of one measurement
 * (2), {@code benchmark.warmup} seconds of each operation and size before the first round (4),
 * {@code benchmark.connections} (32), {@code benchmark.sizes} in KB (1,10,200), {@code
 * benchmark.operations} and {@code benchmark.contenders} (all).
 */
public final class Benchmark {
  private static final int SESSIONS_PER_CONNECTION = 8;

  private Benchmark() {}

  /**
   * Measures what the build has put into the directory {@code arguments[0]}; the report goes there
   * too.
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path built = Path.of(arguments[0]).toAbsolutePath();
    Path directory = Files.createTempDirectory("holdfast-benchmark");
    int rounds = Integer.getInteger("benchmark.rounds", 5);
    long millis = 1000L * Integer.getInteger("benchmark.seconds", 2);
    long warmup = 1000L * Integer.getInteger("benchmark.warmup", 4);
    int connections = Integer.getInteger("benchmark.connections", 32);
    List<Integer> sizes =
        Arrays.stream(System.getProperty("benchmark.sizes", "1,10,200").split(","))
            .map(Integer::valueOf)
            .toList();
    List<Operation> operations =
        Arrays.stream(Operation.values()).filter(o -> wanted("operations").test(o.name())).toList();
    List<Contender> contenders =
        Contender.all().stream().filter(c -> wanted("contenders").test(c.name())).toList();

    List<Case> cases = Case.all(operations, sizes);
    Report report = new Report(contenders);
    List<Running> running = new ArrayList<>();
    try (Redis redis = Redis.start(directory);
        Child load = load(built, directory)) {
      for (Contender contender : contenders) {
        System.out.println("Starting " + contender.title());
        Running server = new Running(contender, redis, built, directory);
        running.add(server);
        for (int size : sizes) {
          server.fill(load, size, SESSIONS_PER_CONNECTION * connections);
        }
        for (Case one : cases) {
          server.measure(load, one.operation(), one.kilobytes(), connections, warmup);
        }
      }
      Random order = new Random(1);
      for (int round = 1; round <= rounds; round++) {
        for (Case one : cases) {
          Collections.shuffle(running, order);
          for (Running server : running) {
            report.add(
                one,
                server.contender(),
                server.measure(load, one.operation(), one.kilobytes(), connections, millis));
          }
        }
        System.out.println("Round " + round + " of " + rounds + " is done");
      }
      report.write(
          built,
          Machine.describe(redis.info().get("redis_version"))
              + " %d connections, %d sessions of each size, %d rounds of %d s."
                  .formatted(
                      connections, SESSIONS_PER_CONNECTION * connections, rounds, millis / 1000));
    } finally {
      for (Running server : running) {
        server.close();
      }
    }
  }

  private static Predicate<String> wanted(String what) {
    String names = System.getProperty("benchmark." + what, "");
    return name ->
        names.isEmpty() || Arrays.stream(names.split(",")).anyMatch(name::equalsIgnoreCase);
  }

  private static Child load(Path built, Path directory) throws IOException {
    return new Child(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-cp",
            built.resolve("runner/lib") + "/*",
            "dev.holdfast.benchmark.load.Load"),
        directory.resolve("load.log"));
  }
}
