package dev.holdfast.benchmark.app;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a session of one size holds. */
public final class State {
  private State() {}

  /** Attributes by name: {@code count}, and shelves of at most 10 KB, at least two. */
  public static Map<String, Object> ofKilobytes(int kilobytes) {
    int shelf = Math.max(512, Math.min(10 * 1024, kilobytes * 1024 / 10));
    int shelves = Math.max(2, kilobytes * 1024 / shelf);
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("count", 0);
    for (int i = 0; i < shelves; i++) {
      state.put("shelf" + i, new Shelf(i, shelf));
    }
    return state;
  }
}
