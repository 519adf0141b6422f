package dev.holdfast.container;

import java.util.List;

/** What of a server's log is ours and asks for attention. */
public final class Complaints {

  private Complaints() {}

  /** The lines of ours at WARNING or worse. */
  public static List<String> of(ContainerNode node) {
    return in(node.log());
  }

  /** The lines of ours at WARNING or worse in what a node logged. */
  public static List<String> in(String log) {
    return log.lines()
        .filter(line -> line.contains(" WARNING ") || line.contains(" SEVERE "))
        .filter(line -> line.contains("holdfast"))
        .toList();
  }
}
