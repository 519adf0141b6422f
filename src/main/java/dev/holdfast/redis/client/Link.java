package dev.holdfast.redis.client;

import io.lettuce.core.StatefulRedisConnectionImpl;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.push.PushMessage;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolVersion;
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

  /** When the newest of the calls was sent that prove something, in nanoseconds. */
  private volatile long provenAt = System.nanoTime();

  /** The same, in milliseconds since the epoch. */
  private volatile long provenByWall = System.currentTimeMillis();

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

  /** Notes that Redis has answered, if only with an error. */
  void heard() {
    unansweredSince.set(0);
  }

  /**
   * Notes that Redis has answered a call about a key that it serves.
   *
   * @param sent when that was sent, as {@link System#nanoTime} gives it
   */
  void proven(long sent) {
    if (sent - provenAt > 0) {
      provenAt = sent;
      // Of a machine that is suspended only this clock goes on.
      provenByWall = System.currentTimeMillis() - (System.nanoTime() - sent) / 1_000_000;
    }
  }

  /**
   * Has Redis tell this node of changes of keys that it asks to hear of.
   *
   * @return the calls to send; the link tracks once both are answered. None when Redis cannot tell:
   *     on a connection in RESP2 it promises all the same
   */
  List<Call<String>> track(Invalidations listener, Duration limit) {
    if (!(connection instanceof StatefulRedisConnectionImpl<?, ?> own)
        || own.getConnectionState().getNegotiatedProtocolVersion() != ProtocolVersion.RESP3) {
      return List.of();
    }
    connection.addListener(message -> tell(message, listener));
    Call<String> tracking =
        Call.status(CommandType.CLIENT, Call.args().add("TRACKING").add("ON").add("OPTIN"), limit);
    Call<String> optIn = Call.optIn(limit);
    var unused = tracking.reply().thenAcceptBoth(optIn.reply(), (on, granted) -> tracks = true);
    return List.of(tracking, optIn);
  }

  private void tell(PushMessage message, Invalidations listener) {
    if (!message.getType().equals("invalidate")) {
      return;
    }
    try {
      List<Object> content = message.getContent(Link::bytes);
      if (content.size() > 1 && content.get(1) instanceof List<?> keys) {
        keys.forEach(key -> listener.changed((byte[]) key));
      } else {
        // Redis was emptied.
        listener.allChanged();
      }
    } catch (RuntimeException e) {
      // What was not understood must not be missed.
      abandon();
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
   * For how long Redis may have been silent here: whatever it had to tell before that has arrived,
   * for replies and what it tells by itself come in order.
   */
  public long unprovenNanos() {
    long wall = System.currentTimeMillis() - provenByWall;
    return Math.max(System.nanoTime() - provenAt, wall * 1_000_000);
  }

  /** Sends a call about a key, for which nobody waits, unless one is under way. */
  public void probe(Call<?> call) {
    if (probing.compareAndSet(false, true)) {
      var unused = call.reply().whenComplete((reply, failure) -> probing.set(false));
      Call.send(this, List.of(call));
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
