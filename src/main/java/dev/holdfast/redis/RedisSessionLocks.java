package dev.holdfast.redis;

import static dev.holdfast.redis.client.Ascii.ascii;

import dev.holdfast.redis.SessionWrites.Code;
import dev.holdfast.redis.client.Call;
import dev.holdfast.redis.client.Redis;
import dev.holdfast.store.SessionLocks;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Locks in the hashes of their sessions; the package's documentation has the layout and the way a
 * lock is handed over.
 */
final class RedisSessionLocks implements SessionLocks {
  /** How long a place in line is kept for somebody who shows no sign of life. */
  static final Duration PLACE = Duration.ofSeconds(3);

  private static final int TOKEN_BYTES = 12;
  private static final byte[] NOTHING = {};

  private final Redis redis;
  private final Function<String, byte[]> keys;
  private final Suspicions suspicions;
  private final SecureRandom random = new SecureRandom();

  /** Those of this node that wait for a message, by token. */
  private final Map<String, Semaphore> waiting = new ConcurrentHashMap<>();

  RedisSessionLocks(Redis redis, Function<String, byte[]> keys, Suspicions suspicions) {
    this.redis = redis;
    this.keys = keys;
    this.suspicions = suspicions;
  }

  /** Called when a message says that the lock is handed to {@code token}. */
  void handed(String token) {
    Semaphore told = waiting.get(token);
    if (told != null) {
      told.release();
    }
  }

  @Override
  public Ticket ticket(String locator, byte[] secretHash) {
    byte[] token = new byte[TOKEN_BYTES];
    random.nextBytes(token);
    return new RedisTicket(
        locator, secretHash, Base64.getUrlEncoder().withoutPadding().encodeToString(token));
  }

  private final class RedisTicket implements Ticket {
    private final String locator;
    private final byte[] key;
    private final byte[] secretHash;
    private final String token;
    private final Semaphore told = new Semaphore(0);

    RedisTicket(String locator, byte[] secretHash, String token) {
      this.locator = locator;
      this.key = keys.apply(locator);
      this.secretHash = secretHash;
      this.token = token;
    }

    @Override
    public String token() {
      return token;
    }

    @Override
    public CompletableFuture<Answer> ask(Duration lease) {
      redis.ensureAvailable(key);
      // Before the lock can be handed over.
      waiting.put(token, told);
      Call<List<Object>> call =
          Script.LOCK.callNotAfter(key, arguments(lease, secretHash), redis.timeout());
      return sent(call, "lock", this::answer);
    }

    private Answer answer(List<Object> reply) throws MalformedHashException {
      Code code = SessionWrites.code(reply);
      if (code == Code.LATE) {
        return new Answer(Standing.LATE, null);
      }
      if (code == Code.GONE) {
        return new Answer(Standing.NO_SESSION, null);
      }
      if (code == Code.SAVED) {
        waiting.remove(token);
      }
      return new Answer(
          code == Code.SAVED ? Standing.HELD : Standing.WAITING,
          new BoundStamp(key).decode(reply.get(3), "the reply"));
    }

    @Override
    public boolean awaitLock(Duration limit) throws InterruptedException {
      return told.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public CompletableFuture<Boolean> renew(Duration lease) {
      // One that came too late has set the clock by which the next one is dated.
      return renewed(lease)
          .thenCompose(
              code -> code == Code.LATE ? renewed(lease) : CompletableFuture.completedFuture(code))
          .thenApply(code -> code != Code.LOCK_LOST);
    }

    private CompletableFuture<Code> renewed(Duration lease) {
      Call<List<Object>> call =
          Script.LOCK.callNotAfter(key, arguments(lease, NOTHING), redis.timeout());
      return sent(call, "lock renewal", SessionWrites::code);
    }

    @Override
    public void leave() {
      waiting.remove(token);
      List<byte[]> argv = List.of(NOTHING, ascii(token), Arguments.number(0), NOTHING, NOTHING);
      redis.send(key, List.of(Script.LOCK.call(key, argv, redis.timeout())));
    }

    private List<byte[]> arguments(Duration lease, byte[] secret) {
      return List.of(
          ascii(token),
          Arguments.number(lease.toMillis()),
          Arguments.number(PLACE.toMillis()),
          secret);
    }

    private <T> CompletableFuture<T> sent(
        Call<List<Object>> call, String operation, Meaning<T> meaning) {
      long start = System.nanoTime();
      redis.send(key, List.of(call));
      CompletableFuture<T> answered = new CompletableFuture<>();
      var unused =
          call.reply()
              .whenComplete(
                  (reply, failure) -> {
                    try {
                      if (failure != null) {
                        answered.completeExceptionally(redis.failed(operation, start, failure));
                      } else if (reply.size() > 2
                          && reply.get(2) instanceof byte[] named
                          && ascii(named).equals(token)) {
                        answered.complete(meaning.of(reply));
                      } else {
                        throw new ForeignReplyException("the reply is of another lock");
                      }
                    } catch (MalformedHashException | RuntimeException e) {
                      suspicions.mixedUp(locator, e);
                      redis.distrust(key);
                      answered.completeExceptionally(redis.failed(operation, start, e));
                    }
                  });
      return answered;
    }
  }

  /** What a reply means. */
  private interface Meaning<T> {
    T of(List<Object> reply) throws MalformedHashException;
  }
}
