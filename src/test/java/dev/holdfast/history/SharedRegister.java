package dev.holdfast.history;

import java.util.ArrayList;
import java.util.List;

/**
 * All clients write unique values to one attribute and read it elsewhere. I2: it is a linearizable
 * register, also for a client that acts on the first byte of an answer, while the request goes on
 * (I5); that covers I6 and, for writes without an answer, I14. Some writers have the session for a
 * while before they write, so that the link to Redis can fail in between.
 */
final class SharedRegister extends Workload {
  private final List<Visitor> visitors = new ArrayList<>();

  SharedRegister(int sessions, int clients) {
    super("register", clients);
    for (int i = 0; i < sessions; i++) {
      visitors.add(new Visitor("register" + i));
    }
  }

  @Override
  void prepare(Client client) throws InterruptedException {
    for (Visitor visitor : visitors) {
      client.insist(client.anyNode(), visitor, "open");
    }
  }

  @Override
  void step(Client client) throws InterruptedException {
    Visitor visitor = visitors.get(client.random().nextInt(visitors.size()));
    String set =
        "set v " + visitor.session() + ":" + client.number() + ":" + client.history().now();
    switch (client.random().nextInt(10)) {
      case 0, 1 -> client.send(visitor, "get v", "sleep " + client.random().nextInt(300), set);
      case 2 -> client.send(visitor, set, "flush", "sleep " + client.random().nextInt(60));
      case 3, 4 -> client.send(visitor, set);
      default -> client.send(visitor, "get v");
    }
    client.pause(5 + client.random().nextInt(25));
  }

  @Override
  void finish(Client client) throws InterruptedException {
    for (Visitor visitor : visitors) {
      for (int i = 0; i < client.nodes(); i++) {
        client.insist(client.node(i), visitor, "get v");
      }
    }
  }

  @Override
  List<Violation> judge(Round round) {
    List<Violation> violations = new ArrayList<>();
    round
        .history()
        .sessions(name())
        .forEach(
            (session, requests) -> {
              Register register = new Register("I2", session + ".v", "null");
              for (Request request : requests) {
                if (round.history().mayBeLost(request)) {
                  if (request.has("set")) {
                    register.writeThatMayBeLost(written(request), request);
                    count("writes that may be lost", request.isOk() ? 1 : 0);
                  }
                } else if (request.foundNone()) {
                  violations.add(SetDisjoint.lost(request));
                } else if (request.has("set")) {
                  register.write(written(request), request);
                } else if (request.result("get v").isPresent()) {
                  register.read(request.results().get(0), request);
                }
              }
              violations.addAll(register.judge());
            });
    return violations;
  }

  private static String written(Request request) {
    return request.steps().stream()
        .filter(step -> step.startsWith("set "))
        .map(step -> step.split(" ")[2])
        .findFirst()
        .orElseThrow();
  }
}
