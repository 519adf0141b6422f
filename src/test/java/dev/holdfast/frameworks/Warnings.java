package dev.holdfast.frameworks;

import dev.holdfast.container.Complaints;
import dev.holdfast.container.ContainerNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What our log said at WARNING or worse, told apart by the conversation that was held. */
final class Warnings {

  private final Map<ContainerNode, Integer> read = new HashMap<>();
  private final Map<Conversation, List<String>> lines = new LinkedHashMap<>();
  private final List<String> others = new ArrayList<>();

  /** Those logged so far belong to no conversation. */
  Warnings(ContainerNode... nodes) {
    others.addAll(news(nodes));
  }

  /** What was logged since the last call belongs to this conversation. */
  void noteFor(Conversation conversation, ContainerNode... nodes) {
    lines.computeIfAbsent(conversation, key -> new ArrayList<>()).addAll(news(nodes));
  }

  List<String> of(Conversation conversation) {
    return lines.getOrDefault(conversation, List.of());
  }

  List<String> ofNoConversation() {
    return others;
  }

  private List<String> news(ContainerNode... nodes) {
    List<String> news = new ArrayList<>();
    for (ContainerNode node : nodes) {
      // A busy machine, on which Redis answers late, is not what is tested here.
      List<String> all =
          Complaints.in(node.logUpToNow()).stream()
              .filter(line -> !line.contains(" dev.holdfast.redis."))
              .toList();
      news.addAll(all.subList(read.getOrDefault(node, 0), all.size()));
      read.put(node, all.size());
    }
    return news;
  }
}
