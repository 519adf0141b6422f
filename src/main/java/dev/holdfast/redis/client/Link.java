package dev.holdfast.redis.client;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.push.PushMessage;
import io.lettuce.core.protocol.CommandType;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One live connection to one server. Commands are handed to its event loop and written there, as
 * one packet. The calling thread runs no Netty code but the hand-over, so nothing of Netty stays in
 * its thread locals, and the hand-over costs no more wake-ups than a write from outside.
 */
public final class Link {
  private final StatefulRedisConnection<byte[], byte[]> connection;
  private final Router router;
  private final ServerAddress address;
  private final int lane;
  private final Duration timeout;
  private final RedisClock clock = new RedisClock(0, System.nanoTime());
  private final LettuceClient client;

  /** The connection's own event loop from the first reply on; before that, any. */
  private volatile EventLoop loop;

  private volatile boolean onOwnLoop;

  /** When the oldest packet since the last reply was sent, in nanoseconds; 0 when none waits. */
  private final AtomicLong unansweredSince = new AtomicLong();

  /** When a caller was last admitted although Redis was silent, in nanoseconds. */
  private final AtomicLong lastProbe;

  /** When the newest of the packets was sent that Redis has answered, in nanoseconds. */
  private volatile long provenAt = System.nanoTime();

  private volatile boolean tracks;
  private final AtomicBoolean probing = new AtomicBoolean();

  private volatile boolean abandoned;

  private volatile boolean givenUp;

  /** Knows the other servers. */
  interface Router {
    /** The connection that {@code redirect}, received on {@code from}, leads to. */
    CompletableFuture<Link> follow(Redirect redirect, Link from);

    /** Has the servers looked for again, because something seems to be wrong. Does not block. */
    void suspect();
  }

  /**
   * Creates a link whose clock is not set yet.
   *
   * @param client what made the connection. One of its loops is the connection's; Lettuce does not
   *     tell which, but replies come on it
   * @param lane an index of {@link Lane}
   */
  Link(
      StatefulRedisConnection<byte[], byte[]> connection,
      LettuceClient client,
      Router router,
      ServerAddress address,
      int lane,
      Duration timeout) {
    this.connection = connection;
    this.client = client;
    this.loop = client.loops().iterator().next();
    this.router = router;
    this.address = address;
    this.lane = lane;
    this.timeout = timeout;
    this.lastProbe = new AtomicLong(System.nanoTime() - timeout.toNanos() - 1);
  }

  boolean isOpen() {
    return !abandoned && connection.isOpen();
  }

  /** The server's clock. */
  public RedisClock clock() {
    return clock;
  }

  public ServerAddress address() {
    return address;
  }

  /** Which of the connections to the server it is, an index of {@link Lane}. */
  int lane() {
    return lane;
  }

  /** Whether Redis has not answered on it for a whole timeout. */
  boolean isSilent() {
    return silentNanos() > timeout.toNanos();
  }

  /**
   * Whether one more caller may wait on it: while it is silent, one in every timeout, to see
   * whether it still is. The others need not wait to learn the same.
   */
  boolean admits() {
    if (!isSilent()) {
      return true;
    }
    long last = lastProbe.get();
    long now = System.nanoTime();
    return now - last > timeout.toNanos() && lastProbe.compareAndSet(last, now);
  }

  /** Whether it was closed because Redis was silent on it. */
  boolean wasSilent() {
    return givenUp;
  }

  /** The state of the connection, for a message. */
  String state() {
    return isSilent()
        ? "connected, but silent for " + TimeUnit.NANOSECONDS.toMillis(silentNanos()) + " ms"
        : "connected";
  }

  private long silentNanos() {
    long since = unansweredSince.get();
    return since == 0 ? 0 : System.nanoTime() - since;
  }

  /**
   * Writes {@code attempts} as one packet; each completes on its own, on this thread or the loop.
   */
  void write(List<Attempt<?>> attempts) {
    unansweredSince.compareAndSet(0, System.nanoTime() | 1);
    try {
      loop.execute(() -> dispatch(attempts));
    } catch (RejectedExecutionException e) {
      attempts.forEach(attempt -> attempt.completeExceptionally(e));
    }
  }

  private void dispatch(List<Attempt<?>> attempts) {
    try {
      connection.dispatch(attempts);
    } catch (RuntimeException e) {
      attempts.forEach(attempt -> attempt.completeExceptionally(e));
    }
  }

  /**
   * Notes that Redis has answered, if only with an error. Called on the connection's own loop.
   *
   * @param sent when what it has answered was sent, as {@link System#nanoTime} gives it
   */
  void heard(long sent) {
    unansweredSince.set(0);
    if (sent - provenAt > 0) {
      provenAt = sent;
    }
  }

  /**
   * Has Redis tell this node of changes of keys that it has asked to hear of, from the time at
   * which Redis has answered the call on.
   */
  Call<String> track(Invalidations listener, Duration limit) {
    connection.addListener(message -> tell(message, listener));
    Call<String> tracking =
        Call.status(CommandType.CLIENT, Call.args().add("TRACKING").add("ON").add("OPTIN"), limit);
    var unused = tracking.reply().thenRun(() -> tracks = true);
    return tracking;
  }

  private static void tell(PushMessage message, Invalidations listener) {
    if (!message.getType().equals("invalidate")) {
      return;
    }
    List<Object> content = message.getContent(Link::bytes);
    if (content.size() > 1 && content.get(1) instanceof List<?> keys) {
      for (Object key : keys) {
        listener.changed((byte[]) key);
      }
    } else {
      // Redis was emptied.
      listener.allChanged();
    }
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  /** Whether Redis tells this node of changes of keys that it has asked to hear of. */
  public boolean isTracking() {
    return tracks && isOpen();
  }

  /**
   * For how long Redis may have been silent here: whatever it had to tell before that has arrived.
   * Replies and what Redis tells by itself come in order.
   */
  public long unprovenNanos() {
    return System.nanoTime() - provenAt;
  }

  /** Asks for a sign of life, for which nobody waits, unless one is under way. */
  public void probe() {
    if (probing.compareAndSet(false, true)) {
      Call<List<Object>> time = Call.time(timeout);
      var unused = time.reply().whenComplete((reply, failure) -> probing.set(false));
      Call.send(this, List.of(time));
    }
  }

  /** Finds the connection's own loop. Called where a reply has come, which is on that loop. */
  void findOwnLoop() {
    if (onOwnLoop) {
      return;
    }
    for (EventLoop candidate : client.loops()) {
      if (candidate.inEventLoop()) {
        loop = candidate;
        onOwnLoop = true;
      }
    }
  }

  /** The connection that {@code redirect}, received here, leads to. */
  CompletableFuture<Link> follow(Redirect redirect) {
    return router.follow(redirect, this);
  }

  /** Has the servers looked for again. */
  void suspect() {
    router.suspect();
  }

  /** Gives the connection up when Redis has been silent on it for three timeouts. */
  void giveUpIfSilent() {
    if (silentNanos() > 3 * timeout.toNanos()) {
      givenUp = true;
      abandon();
    }
  }

  /** Closes the connection; the next call opens another and resolves the address anew. */
  void abandon() {
    abandoned = true;
    client.discard(connection, loop);
  }
}
