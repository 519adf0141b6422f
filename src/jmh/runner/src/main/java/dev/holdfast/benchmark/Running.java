package dev.holdfast.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A contender whose server runs. */
final class Running implements AutoCloseable {
  private final Contender contender;
  private final Child server;
  private final Redis redis;
  private final int port;
  private final int usagePort;

  /** Starts the server and waits until it serves. */
  Running(Contender contender, Redis redis, Path built, Path directory) throws IOException {
    this.contender = contender;
    this.redis = redis;
    Path own = Files.createDirectories(directory.resolve(contender.name()));
    Path war = War.of(contender, built, own.resolve("war"));
    War.context(war, contender, redis.port());
    List<String> classPath = new ArrayList<>(List.of(built.resolve("server/lib") + "/*"));
    contender.serverLibraries().forEach(f -> classPath.add(built.resolve(f) + "/lib/*"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms768m", "-Xmx768m", "-XX:+UseG1GC"));
    command.add("-Dbenchmark.redis.port=" + redis.port());
    contender.settings().forEach(s -> command.add("-D" + s.formatted(redis.port())));
    command.addAll(List.of("-cp", String.join(":", classPath)));
    command.add("dev.holdfast.benchmark.server.Server");
    command.addAll(List.of(contender.name(), war.toString(), own.toString()));
    server = new Child(command, own.resolve("log"));
    String ready = server.answer();
    while (!ready.startsWith("ready ")) {
      ready = server.answer();
    }
    String[] ports = ready.split(" ");
    port = Integer.parseInt(ports[1]);
    usagePort = Integer.parseInt(ports[2]);
  }

  Contender contender() {
    return contender;
  }

  /** Creates sessions of one size. */
  void fill(Child load, int kilobytes, int sessions) throws IOException {
    load.ask("fill %d %s %d %d".formatted(port, path(), kilobytes, sessions));
  }

  /** Sends requests for so long. */
  Sample measure(Child load, Operation operation, int kilobytes, int connections, long millis)
      throws IOException {
    String operations =
        IntStream.range(0, 10).mapToObj(operation::ofRequest).collect(Collectors.joining(" "));
    Usage before = usage();
    String[] said =
        load.ask(
                "run %d %s %d %d %d %s"
                    .formatted(port, path(), kilobytes, connections, millis, operations))
            .split(" ");
    Usage used = usage().since(before);
    return new Sample(
        Long.parseLong(said[0]),
        Long.parseLong(said[1]) / 1e9,
        Long.parseLong(said[2]),
        Long.parseLong(said[3]),
        used);
  }

  private String path() {
    return "/" + contender.name() + "/page";
  }

  private Usage usage() throws IOException {
    String[] server;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), usagePort)) {
      socket
          .getOutputStream()
          .write("GET / HTTP/1.0\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
      server = answer.substring(answer.indexOf("\r\n\r\n") + 4).split(" ");
    }
    Map<String, String> info = redis.info();
    return new Usage(
        Long.parseLong(server[0]),
        Long.parseLong(server[1].strip()),
        number(info, "total_commands_processed"),
        number(info, "total_net_input_bytes") + number(info, "total_net_output_bytes"),
        Math.round(
            1e6
                * (Double.parseDouble(info.get("used_cpu_user"))
                    + Double.parseDouble(info.get("used_cpu_sys")))));
  }

  private static long number(Map<String, String> info, String name) {
    return Long.parseLong(info.get(name));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
