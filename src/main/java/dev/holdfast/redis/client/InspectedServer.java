package dev.holdfast.redis.client;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One server that has keys, for somebody who looks at how it is set up. A refusal is an answer and
 * no exception.
 */
public final class InspectedServer {
  private final Topology topology;
  private final Link link;
  private final Duration timeout;

  InspectedServer(Topology topology, Link link, Duration timeout) {
    this.topology = topology;
    this.link = link;
    this.timeout = timeout;
  }

  /** Host and port. */
  public String address() {
    return link.address().toString();
  }

  /**
   * Asks one command, whose name is the first word, and waits.
   *
   * @throws IllegalArgumentException when there is no such command
   */
  public InspectionAnswer ask(String... words) {
    CommandArgs<byte[], byte[]> args = Call.args();
    for (int i = 1; i < words.length; i++) {
      args.add(words[i].getBytes(StandardCharsets.UTF_8));
    }
    CommandType type = CommandType.valueOf(words[0].toUpperCase(Locale.ROOT));
    return ask(Call.list(type, args, timeout));
  }

  /** Sends a call, and waits. */
  public InspectionAnswer ask(Call<?> call) {
    Call.send(link, List.of(call));
    try {
      Object reply = call.reply().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return InspectionAnswer.of(reply instanceof List<?> list ? list : List.of(reply));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return InspectionAnswer.failed("interrupted");
    } catch (TimeoutException e) {
      call.cancel();
      return InspectionAnswer.failed("no reply within " + timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      return InspectionAnswer.failed(Faults.reason(Faults.unwrap(e)));
    }
  }

  /** Subscribes to a channel on a connection of its own, and waits until that has happened. */
  public InspectionAnswer subscribe(String channel) {
    try {
      StatefulRedisPubSubConnection<String, String> connection =
          topology.dialer.pubSub(link.address());
      try {
        Object unused =
            connection
                .async()
                .subscribe(channel)
                .toCompletableFuture()
                .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        return InspectionAnswer.of(List.of());
      } finally {
        topology.dialer.discard(connection);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return InspectionAnswer.failed("interrupted");
    } catch (TimeoutException e) {
      return InspectionAnswer.failed("no reply within " + timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      return InspectionAnswer.failed(Faults.reason(Faults.unwrap(e)));
    }
  }
}
