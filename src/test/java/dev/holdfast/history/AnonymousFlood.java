package dev.holdfast.history;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Requests without a session, or with a token that nobody issued. I16: no session, no cookie, and
 * no key in Redis, which {@link Round} counts.
 */
final class AnonymousFlood extends Workload {
  private final SecureRandom secure = new SecureRandom();

  AnonymousFlood(int clients) {
    super("anonymous", clients);
  }

  @Override
  void step(Client client) throws InterruptedException {
    Visitor nobody = new Visitor("nobody" + client.number());
    if (client.random().nextBoolean()) {
      byte[] made = new byte[48];
      secure.nextBytes(made);
      nobody.take(Base64.getUrlEncoder().withoutPadding().encodeToString(made));
    }
    client.send(nobody, "all");
    client.pause(10 + client.random().nextInt(30));
  }

  @Override
  List<Violation> judge(Round round) {
    List<Violation> violations = new ArrayList<>();
    round
        .history()
        .sessions(name())
        .forEach(
            (session, requests) -> {
              for (Request request : requests) {
                boolean answered = request.isOk() && !request.foundNone();
                if (answered || !request.issued().equals("-")) {
                  violations.add(
                      new Violation("I16", "a session out of nothing", List.of(request)));
                }
              }
            });
    return violations;
  }
}
