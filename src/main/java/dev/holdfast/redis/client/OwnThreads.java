package dev.holdfast.redis.client;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes threads that do not keep a web application in memory: daemons without a context class
 * loader and without inherited thread locals. Our threads start Netty's, so those inherit nothing
 * either.
 */
public final class OwnThreads {
  private final Set<Thread> made = ConcurrentHashMap.newKeySet();

  /** Starts {@code work} on a new thread. */
  public static Thread start(String name, Runnable work) {
    Thread thread = new Thread(null, work, name, 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
    return thread;
  }

  /** A factory that names its threads {@code prefix-1} and so on. */
  ThreadFactory factory(String prefix) {
    AtomicInteger count = new AtomicInteger();
    return work -> {
      Thread thread = new FastThreadLocalThread(work, prefix + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      thread.setContextClassLoader(null);
      made.add(thread);
      return thread;
    };
  }

  /**
   * Waits for the end of the threads that the factories have made, for {@code limit} in all at
   * most.
   */
  void awaitEnd(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    for (Thread thread : made) {
      TimeUnit.NANOSECONDS.timedJoin(thread, deadline - System.nanoTime());
    }
  }
}
