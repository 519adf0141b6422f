package dev.holdfast.history;

import dev.holdfast.container.ContainerNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The servers, each of which can be killed and started anew. */
final class Site implements AutoCloseable {
  static final String PATH = "/work";

  /** A server by its present process. */
  record Node(String name, int port, String path) {}

  private static final class Slot {
    private final ContainerNode.Builder builder;
    private final String title;
    private final String path;
    private ContainerNode process;
    private int generation = 1;

    Slot(ContainerNode.Builder builder, ContainerNode process, String title, String path) {
      this.builder = builder;
      this.process = process;
      this.title = title;
      this.path = path;
    }

    Node node() {
      return new Node(title + "." + generation, process.port(), path);
    }
  }

  private final List<Slot> slots = new ArrayList<>();

  /** Lines about ends of sessions that servers wrote which are gone. */
  private final List<String> testimony = new CopyOnWriteArrayList<>();

  /** Starts one more server. */
  void add(ContainerNode.Builder builder, String title) {
    synchronized (slots) {
      slots.add(new Slot(builder, builder.start(), title + (slots.size() + 1), PATH));
    }
  }

  /**
   * Adds an application of a process as a server of its own, which it is to Holdfast: nothing is
   * shared but the JVM. The process is the caller's to end, and cannot be killed here.
   */
  void add(ContainerNode.Builder builder, ContainerNode process, String path) {
    synchronized (slots) {
      slots.add(new Slot(builder, process, path.substring(1), path));
    }
  }

  int size() {
    synchronized (slots) {
      return slots.size();
    }
  }

  Node node(int index) {
    synchronized (slots) {
      return slots.get(index).node();
    }
  }

  /** All of them as they are now. */
  List<Node> nodes() {
    synchronized (slots) {
      return slots.stream().map(Slot::node).toList();
    }
  }

  /**
   * Kills a server and starts it again, on another port; answers when it is up. One at a time: of
   * two that start the same server one would be forgotten, and go on sweeping unheard.
   */
  void killAndRestart(int index) {
    Slot slot = slot(index);
    synchronized (slot) {
      ContainerNode doomed = slot.process;
      doomed.kill();
      testimony.addAll(lines(doomed));
      doomed.close();
      ContainerNode next = slot.builder.start();
      synchronized (slots) {
        slot.process = next;
        slot.generation++;
      }
    }
  }

  /** SIGSTOP to a server, and SIGCONT after that time: it does not notice that time went by. */
  void freeze(int index, long millis) throws InterruptedException {
    Slot slot = slot(index);
    synchronized (slot) {
      slot.process.signal("STOP");
      try {
        TimeUnit.MILLISECONDS.sleep(millis);
      } finally {
        slot.process.signal("CONT");
      }
    }
  }

  /** Takes the application of a server down in order and up again. */
  void redeploy(int index) {
    Slot slot = slot(index);
    ContainerNode process;
    synchronized (slots) {
      process = slot.process;
    }
    process.redeploy(slot.path);
  }

  private Slot slot(int index) {
    synchronized (slots) {
      return slots.get(index);
    }
  }

  /** Lines of {@link dev.holdfast.history.app} about ends of sessions, as often as told. */
  List<String> testimony() {
    List<String> all = new ArrayList<>(testimony);
    synchronized (slots) {
      slots.stream().map(slot -> slot.process).distinct().forEach(p -> all.addAll(lines(p)));
    }
    return all;
  }

  /** What the servers that are there have logged. */
  String logs() {
    StringBuilder logs = new StringBuilder();
    synchronized (slots) {
      slots.forEach(
          slot ->
              logs.append("== ")
                  .append(slot.node().name())
                  .append('\n')
                  .append(slot.process.log()));
    }
    return logs.toString();
  }

  private static List<String> lines(ContainerNode process) {
    return process
        .log()
        .lines()
        .filter(line -> line.startsWith("DESTROYED ") || line.startsWith("UNBOUND "))
        .toList();
  }

  @Override
  public void close() {
    synchronized (slots) {
      slots.forEach(slot -> slot.process.close());
    }
  }
}
