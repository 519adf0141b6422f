package dev.holdfast.container.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.Cites;
import dev.holdfast.container.Browser;
import dev.holdfast.container.Container;
import dev.holdfast.container.ContainerNode;
import dev.holdfast.container.EachContainer;
import dev.holdfast.redis.testing.RunningRedis;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * No client has a byte of a response before the store has what the request changed, whatever
 * commits the response: while Redis takes no writes, all of them wait.
 */
@EachContainer
class FirstByteIT {
  private final Container container;
  private final List<String> gates = new ArrayList<>();

  FirstByteIT(Container container) {
    this.container = container;
  }

  /** A request under way, and nobody who reads its response. */
  private record Pending(String form, Browser user, Socket socket) implements AutoCloseable {

    /** Sends a request whose steps wait at the gate before they change the session. */
    static Pending start(String form, List<String> steps, ContainerNode node, String gate)
        throws IOException {
      Browser user = node.browser("/ours");
      user.run("create");
      List<String> all = new ArrayList<>(List.of("quiet", "get color", "gate " + gate));
      all.add("set color red");
      all.addAll(steps);
      Socket socket = new Socket("127.0.0.1", node.port());
      String request =
          "GET /ours%s HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: %s\r\n\r\n"
              .formatted(
                  Browser.probe(all.toArray(String[]::new)), Contract.header(user.cookies()));
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new Pending(form, user, socket);
    }

    boolean hasAByte() {
      try {
        return socket.getInputStream().available() > 0;
      } catch (IOException e) {
        throw new IllegalStateException(form, e);
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  @Cites("trap 4: data arrive before the first byte, whatever commits the response")
  void whileTheStoreStandsStillNoByteLeaves() throws Exception {
    Servers servers = Servers.of(container);
    List<Pending> all = new ArrayList<>();
    try {
      for (Map.Entry<String, List<String>> form : CommitContractIT.FORMS.entrySet()) {
        String gate = Contract.newGate();
        all.add(Pending.start(form.getKey(), form.getValue(), servers.one(), gate));
        servers.one().browser("/ours").run("reached " + gate);
        gates.add(gate);
      }
      RunningRedis.shared().command("CLIENT", "PAUSE", 10_000, "WRITE");
      try {
        Browser opener = servers.one().browser("/ours");
        opener.run(gates.stream().map(gate -> "open " + gate).toArray(String[]::new));
        // Time is the matter: what does not wait for Redis is there within it.
        Contract.letPass(Duration.ofMillis(300));
        assertThat(all.stream().filter(Pending::hasAByte).map(Pending::form)).isEmpty();
      } finally {
        RunningRedis.shared().command("CLIENT", "UNPAUSE");
      }
      for (Pending pending : all) {
        await().until(pending::hasAByte);
        assertThat(pending.user().at(servers.two()).run("get color").of("get color"))
            .as(pending.form())
            .isEqualTo("red");
      }
    } finally {
      for (Pending pending : all) {
        pending.close();
      }
    }
  }
}
