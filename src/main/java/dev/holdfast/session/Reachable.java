package dev.holdfast.session;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The objects of stored sessions that somebody on this node may hold: requests, and whatever the
 * application gave an {@code HttpSession} to, a WebSocket or a thread. There may be several of one
 * session, since an object that was evicted or dropped lives on with whoever holds it. An object
 * that nobody holds is collected.
 */
final class Reachable {
  private final ConcurrentHashMap<String, List<Entry>> entries = new ConcurrentHashMap<>();
  private final ReferenceQueue<Session> collected = new ReferenceQueue<>();

  private static final class Entry extends WeakReference<Session> {
    private final String locator;

    Entry(Session session, ReferenceQueue<Session> collected) {
      super(session, collected);
      this.locator = session.locator();
    }
  }

  /** Adds an object, unless it is there. */
  void add(Session session) {
    forgetCollected();
    entries.compute(
        session.locator(),
        (key, list) -> {
          List<Entry> all = list == null ? new ArrayList<>(1) : new ArrayList<>(list);
          if (all.stream().noneMatch(entry -> entry.refersTo(session))) {
            all.add(new Entry(session, collected));
          }
          return all;
        });
  }

  /** The objects of one session. */
  List<Session> of(String locator) {
    return entries.getOrDefault(locator, List.of()).stream()
        .map(Reference::get)
        .filter(Objects::nonNull)
        .toList();
  }

  /** All objects, in no order. */
  void forEach(Consumer<Session> action) {
    entries.keySet().forEach(locator -> of(locator).forEach(action));
  }

  private void forgetCollected() {
    for (Reference<? extends Session> gone = collected.poll();
        gone != null;
        gone = collected.poll()) {
      Entry entry = (Entry) gone;
      entries.computeIfPresent(
          entry.locator,
          (key, list) -> {
            List<Entry> left = new ArrayList<>(list);
            left.remove(entry);
            return left.isEmpty() ? null : left;
          });
    }
  }
}
