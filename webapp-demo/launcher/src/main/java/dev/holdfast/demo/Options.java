package dev.holdfast.demo;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param ports of node 1, node 2 and so on; none twice
 * @param bind the address that all nodes listen on
 * @param war the web application to run
 */
record Options(List<Integer> ports, String bind, Path war) {
  static final String USAGE =
      """
      Runs the Holdfast demo: one web application on several servers over one Redis.

        --nodes N     how many servers, 1 to 8 (default 2)
        --port P      port of the first one, the others follow (default 8081)
        --ports A,B   a port for each, instead of --nodes and --port
        --bind ADDR   address to listen on (default 127.0.0.1)
        --war FILE    web application to run (default: the demo's own)
        --help        this text

      Redis: the one that HOLDFAST_REDIS_URI names, else redis-server from the PATH, else a bundled one.
      """;

  private static final int MAX_NODES = 8;
  private static final int MAX_PORT = 65_535;
  private static final String WAR = "holdfast-demo.war";

  /** All that is wrong with a command line, one line each. */
  static final class Faults extends Exception {
    private static final long serialVersionUID = 1L;

    Faults(List<String> faults) {
      super(String.join(System.lineSeparator(), faults));
    }
  }

  /**
   * Reads a command line.
   *
   * @param home the directory of the launcher's jar, near which the WAR is looked for
   */
  static Options parse(String[] args, Path home) throws Faults {
    List<String> faults = new ArrayList<>();
    Map<String, String> given = split(args, faults);
    List<Integer> ports = ports(given, faults);
    String bind = given.getOrDefault("--bind", "127.0.0.1");
    try {
      InetAddress.getByName(bind);
    } catch (UnknownHostException e) {
      faults.add("--bind " + bind + ": no such address");
    }
    Path war = war(given.get("--war"), home, faults);
    if (!faults.isEmpty()) {
      throw new Faults(faults);
    }
    return new Options(ports, bind, war);
  }

  private static Map<String, String> split(String[] args, List<String> faults) {
    Set<String> known = Set.of("--nodes", "--port", "--ports", "--bind", "--war");
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < args.length; i++) {
      int equals = args[i].indexOf('=');
      String name = equals < 0 ? args[i] : args[i].substring(0, equals);
      if (!known.contains(name)) {
        faults.add(args[i] + ": no such option; --help lists them");
        continue;
      }
      String value = null;
      if (equals >= 0) {
        value = args[i].substring(equals + 1);
      } else if (i + 1 < args.length && !args[i + 1].startsWith("--")) {
        value = args[++i];
      }
      if (value == null || value.isBlank()) {
        faults.add(name + ": the value is missing");
      } else if (given.put(name, value.strip()) != null) {
        faults.add(name + ": given twice");
      }
    }
    return given;
  }

  private static List<Integer> ports(Map<String, String> given, List<String> faults) {
    List<Integer> ports = new ArrayList<>();
    String list = given.get("--ports");
    if (list == null) {
      int nodes = number("--nodes", given.getOrDefault("--nodes", "2"), MAX_NODES, faults);
      int first = number("--port", given.getOrDefault("--port", "8081"), MAX_PORT, faults);
      if (nodes > 0 && first > 0 && first + nodes - 1 > MAX_PORT) {
        faults.add("--port " + first + ": no room for " + nodes + " nodes below " + MAX_PORT);
      }
      for (int i = 0; i < nodes; i++) {
        ports.add(first + i);
      }
      return ports;
    }
    for (String name : List.of("--nodes", "--port")) {
      if (given.containsKey(name)) {
        faults.add(name + ": not together with --ports");
      }
    }
    for (String port : list.split(",", -1)) {
      ports.add(number("--ports", port.strip(), MAX_PORT, faults));
    }
    if (ports.size() > MAX_NODES) {
      faults.add("--ports: " + ports.size() + " of them, at most " + MAX_NODES + " are possible");
    }
    if (new HashSet<>(ports).size() < ports.size()) {
      faults.add("--ports " + list + ": a port stands there twice");
    }
    return ports;
  }

  private static int number(String name, String text, int max, List<String> faults) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, with the range.
    }
    faults.add(name + " " + text + ": must be a number from 1 to " + max);
    return 0;
  }

  private static Path war(@Nullable String given, Path home, List<String> faults) {
    if (given != null) {
      Path war = Path.of(given).toAbsolutePath().normalize();
      if (!Files.isReadable(war)) {
        faults.add("--war " + given + ": no such file");
      }
      return war;
    }
    List<Path> places =
        List.of(home.resolve(WAR), home.resolve("../../target").resolve(WAR).normalize());
    for (Path place : places) {
      if (Files.isReadable(place)) {
        return place;
      }
    }
    faults.add(
        "The demo's WAR is neither "
            + places.get(0)
            + " nor "
            + places.get(1)
            + "; build it or name one with --war");
    return places.get(0);
  }
}
