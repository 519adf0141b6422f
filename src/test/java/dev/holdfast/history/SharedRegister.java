package dev.holdfast.history;

import java.util.ArrayList;
import java.util.List;

/**
 * All clients write unique values to one attribute and read it elsewhere. I2: it is a linearizable
 * register, also for a client that acts on the first byte of an answer; that covers I5, I6 and, for
 * writes without an answer, I14.
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
    if (client.random().nextBoolean()) {
      client.send(
          visitor,
          "set v " + visitor.session() + ":" + client.number() + ":" + client.history().now());
    } else {
      client.send(visitor, "get v");
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
                if (request.foundNone()) {
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
