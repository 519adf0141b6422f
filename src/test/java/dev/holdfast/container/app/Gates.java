package dev.holdfast.container.app;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Gates at which requests wait for each other, so that tests of concurrency need no sleep. */
final class Gates {

  private static final long PATIENCE_SECONDS = 30;
  private static final ConcurrentMap<String, Gate> GATES = new ConcurrentHashMap<>();

  private record Gate(CountDownLatch reached, CountDownLatch open) {
    Gate() {
      this(new CountDownLatch(1), new CountDownLatch(1));
    }
  }

  private Gates() {}

  /** Waits at the gate until somebody opens it. */
  static void pass(String name) throws InterruptedException {
    Gate gate = gate(name);
    gate.reached.countDown();
    await(gate.open, name + " was not opened");
  }

  /** Waits until somebody waits at the gate. */
  static void awaitReached(String name) throws InterruptedException {
    await(gate(name).reached, name + " was not reached");
  }

  /** Opens the gate for good. */
  static void open(String name) {
    gate(name).open.countDown();
  }

  private static Gate gate(String name) {
    return GATES.computeIfAbsent(name, key -> new Gate());
  }

  private static void await(CountDownLatch latch, String otherwise) throws InterruptedException {
    if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("gate " + otherwise);
    }
  }
}
