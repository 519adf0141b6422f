package dev.holdfast.container.app;

import java.util.ArrayList;
import java.util.List;

/** What the listeners of this application have seen, in order. */
public final class Events {

  private static final List<String> SEEN = new ArrayList<>();

  private Events() {}

  /** Adds one. */
  public static synchronized void record(String event) {
    SEEN.add(event);
  }

  /** All since the last call. */
  static synchronized List<String> take() {
    List<String> taken = List.copyOf(SEEN);
    SEEN.clear();
    return taken;
  }
}
