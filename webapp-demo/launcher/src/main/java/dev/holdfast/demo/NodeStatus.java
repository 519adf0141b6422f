package dev.holdfast.demo;

/**
 * A node as the inspector shows it.
 *
 * @param pid 0 when there is no process
 */
record NodeStatus(int number, String name, int port, long pid, NodeProcess.State state) {
  static NodeStatus of(NodeProcess node) {
    return new NodeStatus(node.number(), node.name(), node.port(), node.pid(), node.state());
  }

  String toLine() {
    return number + "\t" + name + "\t" + port + "\t" + pid + "\t" + state;
  }

  static NodeStatus fromLine(String line) {
    String[] parts = line.split("\t", -1);
    return new NodeStatus(
        Integer.parseInt(parts[0]),
        parts[1],
        Integer.parseInt(parts[2]),
        Long.parseLong(parts[3]),
        NodeProcess.State.valueOf(parts[4]));
  }
}
