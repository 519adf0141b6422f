package dev.holdfast.store;

import dev.holdfast.api.SessionStoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * On which nodes an application runs, and with which settings: what each node has noted of itself.
 * Whoever can write to the store can write here too, so what it answers is a hint for people, and
 * nothing may depend on it.
 */
public interface NodeRegister {
  /** How long a node is remembered that notes nothing any more. */
  Duration MEMORY = Duration.ofMinutes(3);

  /**
   * One node.
   *
   * @param name as an administrator may recognise it, without line breaks
   * @param settings by name, without secrets, in printable ASCII
   */
  record Node(String name, Map<String, String> settings) {

    public Node {
      settings = Map.copyOf(settings);
    }
  }

  /**
   * Notes a node, in place of what was noted under its name. One wait.
   *
   * @return all nodes that were noted lately, this one among them, in the order of their names
   * @throws SessionStoreUnavailableException when the store does not answer
   */
  List<Node> note(Node self);

  /**
   * All nodes that were noted lately, in the order of their names. One wait.
   *
   * @throws SessionStoreUnavailableException when the store does not answer
   */
  List<Node> noted();

  /**
   * Forgets a node that has been noted here and ends now. One wait.
   *
   * @throws SessionStoreUnavailableException when the store does not answer
   */
  void forget(String name);
}
