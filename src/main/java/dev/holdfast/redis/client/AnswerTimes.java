package dev.holdfast.redis.client;

import dev.holdfast.store.ServerHealth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Asks servers for their time, to learn how long they take to answer. */
final class AnswerTimes {
  private final Duration limit;
  private final long start = System.nanoTime();

  /**
   * @param limit for all servers together
   */
  AnswerTimes(Duration limit) {
    this.limit = limit;
  }

  /**
   * A question on its way.
   *
   * @param took completes with the nanoseconds that the answer took
   */
  private record Question(Call<List<Object>> call, CompletableFuture<Long> took) {}

  List<ServerHealth> of(Collection<Server> servers) {
    List<@Nullable Question> questions = new ArrayList<>();
    for (Server server : servers) {
      questions.add(ask(server));
    }
    List<ServerHealth> health = new ArrayList<>();
    int i = 0;
    for (Server server : servers) {
      Duration answered = answered(questions.get(i++));
      health.add(new ServerHealth(server.address(), server.state(), answered));
    }
    return health;
  }

  /** Null when there is nobody to ask: not connected, or silent and asked by somebody else. */
  private @Nullable Question ask(Server server) {
    Link link = server.open();
    if (link == null || !link.admits()) {
      return null;
    }
    Call<List<Object>> call = Call.time(limit);
    CompletableFuture<Long> took = call.reply().thenApply(time -> System.nanoTime() - start);
    Call.send(link, List.of(call));
    return new Question(call, took);
  }

  private @Nullable Duration answered(@Nullable Question question) {
    if (question == null) {
      return null;
    }
    try {
      long left = limit.toNanos() - (System.nanoTime() - start);
      return Duration.ofNanos(question.took().get(Math.max(0, left), TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      question.call().cancel();
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      question.call().giveUp();
    } catch (ExecutionException | CancellationException e) {
      // The server's state tells.
    }
    return null;
  }
}
