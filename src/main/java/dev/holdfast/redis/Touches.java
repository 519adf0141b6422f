package dev.holdfast.redis;

import dev.holdfast.redis.client.Call;
import dev.holdfast.redis.client.Redis;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Moves deadlines and records accesses. Nobody waits for that. */
final class Touches {
  private final Redis redis;
  private final Function<String, byte[]> keys;
  private final byte[] slack;

  /**
   * Touches the sessions with those keys.
   *
   * @param slack {@code touch.interval} in milliseconds, for the scripts
   */
  Touches(Redis redis, Function<String, byte[]> keys, byte[] slack) {
    this.redis = redis;
    this.keys = keys;
    this.slack = slack;
  }

  CompletionStage<Optional<Duration>> touch(String operation, String locator, byte[] secretHash) {
    byte[] key = keys.apply(locator);
    long start = System.nanoTime();
    Call<List<Object>> touch = touching(key, secretHash, redis.timeout());
    redis.send(key, List.of(touch));
    CompletableFuture<Optional<Duration>> touched = new CompletableFuture<>();
    var unused =
        touch
            .reply()
            .whenComplete(
                (reply, failure) -> {
                  if (failure == null) {
                    touched.complete(idle(reply));
                  } else {
                    touched.completeExceptionally(redis.failed(operation, start, failure));
                  }
                });
    return touched;
  }

  /** The command of a touch. */
  Call<List<Object>> touching(byte[] key, byte[] secretHash, Duration limit) {
    return Script.TOUCH.call(key, List.of(secretHash, slack), limit);
  }

  private static Optional<Duration> idle(List<Object> reply) {
    return reply.size() < 3
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds((Long) reply.get(1)));
  }
}
