package dev.holdfast.frameworks;

import dev.holdfast.container.Complaints;
import dev.holdfast.container.ContainerNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What our log said at WARNING or worse, told apart by the conversation that was held. */
final class Warnings {

  private static final Pattern REFUSED =
      Pattern.compile("this node ends\\. (\\S+) .*?cannot be kept in a session");

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

  /** Which classes they name as those that cannot be kept. */
  List<String> refused(Conversation conversation) {
    return of(conversation).stream()
        .map(REFUSED::matcher)
        .filter(Matcher::find)
        .map(line -> line.group(1))
        .distinct()
        .toList();
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
