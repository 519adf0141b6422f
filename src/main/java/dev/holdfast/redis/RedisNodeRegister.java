package dev.holdfast.redis;

import dev.holdfast.store.NodeRegister;
import dev.holdfast.store.UserIndex.Member;
import dev.holdfast.store.UserIndex.Members;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the register beside the users, in a sorted set of the same form, so that no user of Redis
 * needs another right for it. A member is the node's name and its settings, one a line; its score
 * is when the node last noted itself, by Redis's clock. A node that notes itself also removes, by
 * the score it has seen, who has been silent for too long, and what it noted of itself before.
 *
 * <p>Whoever can write to Redis can write here. So no more is read than {@value #MAX_NODES} members
 * and 4 MB, those that were noted last, and a member with a time to come goes too.
 */
final class RedisNodeRegister implements NodeRegister {
  /** Cannot be the name of a user there, which is a hash. */
  static final String NAME = "nodes";

  /** What one member and the register may be made of, whoever has written it. */
  private static final int MAX_NODES = 1_000;

  private static final int MAX_LINES = 200;
  private static final int MAX_LINE = 400;

  private final RedisUserIndex index;
  private final Duration memory;

  /** What was there when this node last looked: of itself, and of nobody any more. */
  private volatile List<Member> own = List.of();

  private volatile List<Member> forgotten = List.of();

  /**
   * @param memory how long a node is remembered that notes nothing any more
   */
  RedisNodeRegister(RedisUserIndex index, Duration memory) {
    this.index = index;
    this.memory = memory;
  }

  @Override
  public List<Node> note(Node self) {
    String member = member(self);
    List<Member> dead = new ArrayList<>(forgotten);
    for (Member known : own) {
      if (isOf(known, self.name()) && !known.locator().equals(member)) {
        dead.add(known);
      }
    }
    Members found = index.fileAndList(NAME, member, MAX_NODES, dead, memory.multipliedBy(4));
    own = found.members().stream().filter(known -> isOf(known, self.name())).toList();
    forgotten =
        found.members().stream()
            .filter(known -> !isOf(known, self.name()) && isForgotten(known, found.now()))
            .toList();
    return nodes(found);
  }

  @Override
  public List<Node> noted() {
    return nodes(index.lastFiled(NAME, MAX_NODES));
  }

  @Override
  public void forget(String name) {
    List<Member> mine = new ArrayList<>();
    for (Member known : own) {
      if (isOf(known, name)) {
        mine.add(known);
      }
    }
    if (!mine.isEmpty()) {
      index.remove(NAME, mine);
    }
  }

  private static boolean isOf(Member member, String node) {
    return member.locator().equals(node) || member.locator().startsWith(node + "\n");
  }

  /** Silent for too long; or noted at a time to come, which no node has done. */
  private boolean isForgotten(Member member, Instant now) {
    return member.since().isBefore(now.minus(memory)) || member.since().isAfter(now.plus(memory));
  }

  private static String member(Node node) {
    StringBuilder text = new StringBuilder(node.name());
    new TreeMap<>(node.settings())
        .forEach((name, value) -> text.append('\n').append(name).append('=').append(value));
    return text.toString();
  }

  /** The newest entry of each node that is not forgotten. */
  private List<Node> nodes(Members found) {
    Map<String, Node> nodes = new TreeMap<>();
    Map<String, Instant> newest = new HashMap<>();
    for (Member member : found.members()) {
      Node node = isForgotten(member, found.now()) ? null : node(member.locator());
      if (node == null) {
        continue;
      }
      Instant known = newest.get(node.name());
      if (known == null || known.isBefore(member.since())) {
        newest.put(node.name(), member.since());
        nodes.put(node.name(), node);
      }
    }
    return List.copyOf(nodes.values());
  }

  /** Null for what no node of this library has written. */
  private static @Nullable Node node(String member) {
    String[] lines = member.split("\n", -1);
    if (lines.length > MAX_LINES) {
      return null;
    }
    Map<String, String> settings = new HashMap<>();
    for (String line : lines) {
      if (line.length() > MAX_LINE || !line.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
        return null;
      }
    }
    for (int i = 1; i < lines.length; i++) {
      int equals = lines[i].indexOf('=');
      if (equals <= 0) {
        return null;
      }
      settings.put(lines[i].substring(0, equals), lines[i].substring(equals + 1));
    }
    return lines[0].isEmpty() ? null : new Node(lines[0], settings);
  }
}
