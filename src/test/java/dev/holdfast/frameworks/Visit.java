package dev.holdfast.frameworks;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.container.Browser;
import dev.holdfast.container.ContainerNode;
import dev.holdfast.container.Reply;
import dev.holdfast.frameworks.Conversation.Step;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Holds one conversation with an application on one or two nodes. */
final class Visit {

  private static final long PATIENCE_MILLIS = 30_000;
  private static final Pattern SESSION_IN_URL =
      Pattern.compile(";[\\w-]*(?:jsessionid|sid)=[^\"'?#<& ]*");

  /** An answer without what differs from run to run. */
  record Answer(String step, int status, String location, String body) {}

  private final Conversation conversation;
  private final ContainerNode one;
  private final @Nullable ContainerNode two;
  private final List<Answer> expected;
  private final String contextPath;
  private final Map<String, Browser> browsers = new HashMap<>();
  private final Map<String, String> kept = new LinkedHashMap<>();
  private final List<Answer> answers = new ArrayList<>();
  private Browser browser;
  private @Nullable Reply last;
  private URI at = URI.create("/");
  private int next;
  private int turn;
  private boolean killed;

  /**
   * A visit that goes from node to node.
   *
   * @param two null if it stays at the first
   * @param expected what another visit got, to be got again; empty if this is the first
   */
  Visit(
      Conversation conversation,
      ContainerNode one,
      @Nullable ContainerNode two,
      List<Answer> expected) {
    this.conversation = conversation;
    this.contextPath = conversation.contextPath();
    this.one = one;
    this.two = two;
    this.expected = expected;
    this.browser = one.browser(contextPath);
    browsers.put("", browser);
  }

  /** Takes the steps up to {@code KILL}, or all if this visit stays at one node. */
  void begin() {
    while (next < conversation.steps().size() && !(isKill(next) && two != null)) {
      take(conversation.steps().get(next));
      next++;
    }
  }

  /** Takes the steps that are left at the second node; the first is no more. */
  void goOn() {
    killed = true;
    for (; next < conversation.steps().size(); next++) {
      take(conversation.steps().get(next));
    }
  }

  /**
   * Takes the first step once more with the same cookies at another node, as a balancer does that
   * keeps users to a node when that one died. Whatever is lost then, the page has to come.
   */
  void beginAgainAt(ContainerNode other) {
    Reply reply = ask(browser.at(other), conversation.steps().get(0));
    assertThat(reply.status()).as(reply.toString()).isLessThan(500);
  }

  List<Answer> answers() {
    return answers;
  }

  private boolean isKill(int step) {
    return conversation.steps().get(step).verb.equals("KILL");
  }

  private void take(Step step) {
    switch (step.verb) {
      case "KILL" -> {}
      case "BROWSER" ->
          browser = browsers.computeIfAbsent(step.target, name -> one.browser(contextPath));
      default -> {
        Answer answer = answerTo(step);
        if (!expected.isEmpty()) {
          assertThat(answer).as(step + at()).isEqualTo(expected.get(answers.size()));
        }
        answers.add(answer);
      }
    }
  }

  private String at() {
    return " at node " + (here() == one ? "one" : "two");
  }

  private ContainerNode here() {
    return two != null && (killed || turn % 2 == 1) ? two : one;
  }

  private Answer answerTo(Step step) {
    turn++;
    Browser here = browser.at(here());
    Reply reply = ask(here, step);
    String until = step.until;
    long deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
    while (until != null
        && !reply.text().contains(until)
        && System.currentTimeMillis() < deadline) {
      sleep();
      reply = ask(here, step);
    }
    last = reply;
    check(step, reply);
    keep(step, reply);
    return new Answer(
        step.toString(),
        reply.status(),
        normalised(reply.header("Location").orElse("")),
        normalised(reply.text()));
  }

  private Reply ask(Browser here, Step step) {
    if (step.verb.equals("FOLLOW")) {
      Reply redirect = requireNonNull(last, "nothing to follow");
      at = at.resolve(redirect.header("Location").orElseThrow());
    } else if (kept.containsKey(step.linkName())) {
      at = at.resolve(kept.get(step.linkName()));
    } else {
      at = URI.create(contextPath + filled(step.target, true));
    }
    String path = at.getRawPath() + (at.getRawQuery() == null ? "" : "?" + at.getRawQuery());
    Map<String, String> headers = new LinkedHashMap<>();
    String body = null;
    if (step.body != null) {
      body = filled(step.body, false);
    } else if (step.form != null || step.verb.equals("POST")) {
      body = step.form == null ? "" : filled(step.form, true);
      headers.put("Content-Type", "application/x-www-form-urlencoded");
    }
    step.headers.forEach((name, value) -> headers.put(name, filled(value, false)));
    String method = step.verb.equals("FOLLOW") ? "GET" : step.verb;
    return here.at("").send(method, path, body, headers);
  }

  private String filled(String text, boolean encoded) {
    for (Map.Entry<String, String> entry : kept.entrySet()) {
      String value = entry.getValue();
      text =
          text.replace(
              "{" + entry.getKey() + "}",
              encoded ? URLEncoder.encode(value, StandardCharsets.UTF_8) : value);
    }
    return text;
  }

  private void check(Step step, Reply reply) {
    String where = step + at() + ": " + reply;
    if (step.status != 0) {
      assertThat(reply.status()).as(where).isEqualTo(step.status);
    }
    String text = step.status / 100 == 3 ? reply.header("Location").orElse("") : reply.text();
    assertThat(text).as(where).contains(filled(step.contained, false));
    for (String has : step.has) {
      assertThat(reply.text()).as(where).contains(filled(has, false));
    }
    for (String lacks : step.lacks) {
      assertThat(reply.text()).as(where).doesNotContain(filled(lacks, false));
    }
    if (step.until != null) {
      assertThat(reply.text()).as(where).contains(step.until);
    }
  }

  private void keep(Step step, Reply reply) {
    step.kept.forEach(
        (name, pattern) -> {
          String text =
              reply.text()
                  + "\n"
                  + reply.header("Location").orElse("")
                  + "\n"
                  + String.join("\n", reply.headers("Set-Cookie"));
          Matcher matcher = pattern.matcher(text);
          assertThat(matcher.find()).as(step + at() + ": " + pattern + " in " + reply).isTrue();
          // As pages and scripts write them.
          kept.put(name, matcher.group(1).replace("&amp;", "&").replace("\\-", "-"));
        });
  }

  private String normalised(String text) {
    String without = text;
    for (ContainerNode node : two == null ? List.of(one) : List.of(one, two)) {
      without = without.replace(address(node), "").replace(authority(node), "");
    }
    without = SESSION_IN_URL.matcher(without).replaceAll("");
    for (Map.Entry<String, String> entry : kept.entrySet()) {
      String value = SESSION_IN_URL.matcher(entry.getValue()).replaceAll("");
      if (value.length() > 5) {
        without = without.replace(value, "{" + entry.getKey() + "}");
        without = without.replace(value.replace("&", "&amp;"), "{" + entry.getKey() + "}");
      }
    }
    for (Pattern pattern : conversation.ignored()) {
      without = pattern.matcher(without).replaceAll("");
    }
    return without;
  }

  private static String address(ContainerNode node) {
    return node.address().toString();
  }

  private static String authority(ContainerNode node) {
    URI address = node.address();
    return address.getHost() + ":" + address.getPort();
  }

  private static void sleep() {
    try {
      Thread.sleep(200);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
