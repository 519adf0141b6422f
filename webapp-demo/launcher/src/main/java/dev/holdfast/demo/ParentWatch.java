package dev.holdfast.demo;

import java.util.concurrent.TimeUnit;

/**
 * Ends the demo with the Maven that started it. Ctrl-C reaches both, but a signal sent to Maven
 * alone ends only Maven, which leaves its child behind.
 */
final class ParentWatch {
  /** Set to true by whoever starts the launcher and wants it to end with itself. */
  private static final String PROPERTY = "holdfast.demo.ends.with.parent";

  private static final long INTERVAL_MILLIS = 300;

  private ParentWatch() {}

  static void startIfAsked() {
    if (Boolean.getBoolean(PROPERTY)) {
      ProcessHandle.current().parent().ifPresent(ParentWatch::start);
    }
  }

  private static void start(ProcessHandle parent) {
    Thread watch = new Thread(() -> exitAfter(parent), "parent-watch");
    watch.setDaemon(true);
    watch.start();
  }

  private static void exitAfter(ProcessHandle parent) {
    try {
      while (parent.isAlive()) {
        TimeUnit.MILLISECONDS.sleep(INTERVAL_MILLIS);
      }
      System.exit(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
