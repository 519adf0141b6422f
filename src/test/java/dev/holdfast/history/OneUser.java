package dev.holdfast.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One user logs in on all servers at once, all their sessions are ended by another, and some more
 * logins are under way meanwhile. I15: the index names every session of the user that lives, and of
 * those whose login was answered before their end was asked for none lives after its answer.
 */
final class OneUser extends Workload {
  private static final String USER = "alice";
  private static final String LOGIN = "login " + USER;
  private static final String LIST = "sessions " + USER;
  private static final String END = "end-all " + USER;
  private static final Visitor ADMINISTRATOR = new Visitor("administrator");

  private final Map<String, Visitor> loggedIn = new ConcurrentHashMap<>();

  /** One client, for there is one user. */
  OneUser() {
    super("index", 1);
  }

  @Override
  void step(Client client) throws InterruptedException {
    List<Visitor> first = new ArrayList<>();
    await(logins(client, 2 + client.random().nextInt(3), 1, first));
    client.send(ADMINISTRATOR, LIST);
    probe(client, first);
    List<Visitor> late = new ArrayList<>();
    List<CompletableFuture<Request>> running = logins(client, 2, 60, late);
    client.pause(client.random().nextInt(60));
    client.send(ADMINISTRATOR, END);
    probe(client, first);
    await(running);
    client.send(ADMINISTRATOR, LIST);
    probe(client, late);
    client.pause(client.random().nextInt(100));
  }

  private List<CompletableFuture<Request>> logins(
      Client client, int count, int delayMillis, List<Visitor> visitors) {
    List<CompletableFuture<Request>> running = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Visitor visitor = new Visitor("one-user" + i + "-" + client.history().now());
      visitors.add(visitor);
      loggedIn.put(visitor.session(), visitor);
      String delay = "sleep " + client.random().nextInt(delayMillis);
      running.add(client.start(client.anyNode(), visitor, "open", delay, LOGIN));
    }
    return running;
  }

  private static void await(List<CompletableFuture<Request>> running) throws InterruptedException {
    for (CompletableFuture<Request> request : running) {
      try {
        request.get(30, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void probe(Client client, Collection<Visitor> visitors)
      throws InterruptedException {
    for (Visitor visitor : visitors) {
      if (!visitor.token().isEmpty()) {
        client.send(visitor.copy(), "meta");
      }
    }
  }

  /** Whatever lives is in the index of each server, and then it ends. */
  @Override
  void finish(Client client) throws InterruptedException {
    for (int i = 0; i < client.nodes(); i++) {
      client.insist(client.node(i), ADMINISTRATOR, LIST);
    }
    probe(client, loggedIn.values());
    client.insist(client.anyNode(), ADMINISTRATOR, END);
    probe(client, loggedIn.values());
  }

  @Override
  List<Violation> judge(Round round) {
    List<Violation> violations = new ArrayList<>();
    Map<String, List<Request>> sessions = round.history().sessions(name());
    List<Request> administration = sessions.getOrDefault(ADMINISTRATOR.session(), List.of());
    sessions.forEach(
        (session, requests) -> {
          Request login = requests.get(0);
          if (login.result(LOGIN).orElse("").equals("ok")) {
            List<Request> probes = requests.stream().filter(r -> r.has("meta")).toList();
            violations.addAll(judge(login, probes, administration));
          }
        });
    return violations;
  }

  private List<Violation> judge(Request login, List<Request> probes, List<Request> administration) {
    List<Violation> violations = new ArrayList<>();
    for (Request probe : probes) {
      String id = probe.result("meta").orElse("none").split(" ")[0];
      for (Request act : administration) {
        boolean between =
            act.isOk() && login.completed() < act.invoked() && act.completed() < probe.invoked();
        if (!between || !probe.isOk()) {
          continue;
        }
        if (act.has("end-all")) {
          count("sessions judged that were ended with all of their user", 1);
          if (!probe.foundNone()) {
            violations.add(
                new Violation(
                    "I15", "a session outlived the end of all", List.of(login, act, probe)));
          }
        } else if (!probe.foundNone()) {
          count("sessions judged that the index must name", 1);
          if (!List.of(act.result(LIST).orElse("").split(",")).contains(id)) {
            violations.add(
                new Violation("I15", "the index does not name " + id, List.of(login, act, probe)));
          }
        }
      }
    }
    return violations;
  }
}
