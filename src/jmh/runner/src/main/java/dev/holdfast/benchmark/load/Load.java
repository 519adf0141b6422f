package dev.holdfast.benchmark.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Sends requests from a process of its own, on commands from its standard input, a line each:
 *
 * <ul>
 *   <li>{@code fill <port> <path> <kilobytes> <sessions>} creates sessions and remembers their
 *       cookies; answers {@code filled}
 *   <li>{@code run <port> <path> <kilobytes> <connections> <milliseconds> <operation>...} sends
 *       requests, each connection one after the other, through the operations in turn; answers
 *       {@code <requests> <nanoseconds> <p50 us> <p99 us>}
 * </ul>
 *
 * An answer other than 200 ends the process: half of a measurement measures nothing.
 */
public final class Load {
  private final Map<String, List<String>> cookies = new HashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private Load() {}

  /** Runs until standard input ends. */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, ExecutionException {
    Load load = new Load();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      System.out.println(words[0].equals("fill") ? load.fill(words) : load.run(words));
    }
    System.exit(0);
  }

  private String fill(String[] words) throws IOException {
    List<String> created = new ArrayList<>();
    try (Connection connection = new Connection(Integer.parseInt(words[1]))) {
      for (int i = 0; i < Integer.parseInt(words[4]); i++) {
        connection.get(words[2] + "?op=fill&kb=" + words[3], null);
        created.add(connection.cookie());
      }
    }
    cookies.put(words[1] + " " + words[3], created);
    return "filled";
  }

  private String run(String[] words) throws InterruptedException, ExecutionException {
    int port = Integer.parseInt(words[1]);
    int connections = Integer.parseInt(words[4]);
    long nanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words[5]));
    List<String> all = cookies.getOrDefault(words[1] + " " + words[3], List.of());
    List<Future<Histogram>> running = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < connections; i++) {
      List<String> own = new ArrayList<>();
      for (int j = i; j < all.size(); j += connections) {
        own.add(all.get(j));
      }
      running.add(threads.submit(() -> send(port, words, own, start + nanos)));
    }
    Histogram times = new Histogram(3);
    for (Future<Histogram> one : running) {
      times.add(one.get());
    }
    return "%d %d %d %d"
        .formatted(
            times.getTotalCount(),
            System.nanoTime() - start,
            times.getValueAtPercentile(50),
            times.getValueAtPercentile(99));
  }

  private static Histogram send(int port, String[] words, List<String> cookies, long end)
      throws IOException {
    Histogram times = new Histogram(3);
    try (Connection connection = new Connection(port)) {
      int number = 0;
      for (long now = System.nanoTime(); now < end; number++) {
        String operation = words[6 + number % (words.length - 6)];
        String cookie = operation.equals("new") ? null : cookies.get(number % cookies.size());
        connection.get(words[2] + "?op=" + operation, cookie);
        long answered = System.nanoTime();
        times.recordValue(TimeUnit.NANOSECONDS.toMicros(answered - now));
        now = answered;
      }
    }
    return times;
  }
}
