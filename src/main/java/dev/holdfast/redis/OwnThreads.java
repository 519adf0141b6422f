package dev.holdfast.redis;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that hold no web application: daemons, without a context class loader, and without what
 * the starting thread would bequeath. Netty's own are started by ours, so they inherit nothing.
 */
final class OwnThreads {
  private final Set<Thread> made = ConcurrentHashMap.newKeySet();

  /** Starts {@code work} on a new thread. */
  static Thread start(String name, Runnable work) {
    Thread thread = new Thread(null, work, name, 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
    return thread;
  }

  /** Names threads {@code prefix-1} and so on. */
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

  /** Returns when those that the factories have made are gone, or after {@code limit} in all. */
  void awaitEnd(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    for (Thread thread : made) {
      TimeUnit.NANOSECONDS.timedJoin(thread, deadline - System.nanoTime());
    }
  }
}
