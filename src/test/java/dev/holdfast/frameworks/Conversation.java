package dev.holdfast.frameworks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a browser asks of an application, and what must be in the answers; read from a {@code
 * conversation.txt}:
 *
 * <pre>
 * # a comment
 * with key: turns                           | or sticky: all steps at one node
 * without key: sticky
 * warnings without key: 2                   | how many our log has; or: up to 2; else 0
 * refused without key: com\.example\..+     | which classes they may name; else any
 * ignore: &lt;li&gt;\d+ ms&lt;/li&gt;                  | is not compared with the bare container
 * like: mojarra/conversation.txt           | all that is there, which the lines below add to
 *
 * GET /cart
 *   200 Your cart is empty                  | the status, and what the body or a redirect contains
 *   has &lt;form                               | the body contains it
 *   lacks sold out                          | the body does not
 *   keep token name="token" value="(.*?)"   | the first group is {token} from here on
 * POST /cart item=rope&amp;token={token}
 *   header X-Requested-With: XMLHttpRequest
 *   302 /cart
 * FOLLOW                                    | to where that led
 *   until Done                              | asked again until the body contains it
 * GET {link}                                | an address that was kept, absolute or relative
 * POST /rpc
 *   body {"call": "{token}"}                | as it stands; else the fields of a form
 * BROWSER other                             | from here on by another one
 * KILL                                      | one of the two nodes
 * </pre>
 *
 * <p>In a path, form or body, {@code {name}} of something kept is replaced, in the first two in
 * percent-encoding. Comments must stand on lines of their own; the right column above is none. What
 * an application of {@code javax} takes from one of {@code jakarta} names {@code javax}, as its
 * sources do.
 */
final class Conversation {

  /** One request, or one of {@code KILL} and {@code BROWSER}. */
  static final class Step {
    final int line;
    final String verb;
    final String target;
    final @Nullable String form;
    final Map<String, String> headers = new LinkedHashMap<>();
    final Map<String, Pattern> kept = new LinkedHashMap<>();
    final List<String> has = new ArrayList<>();
    final List<String> lacks = new ArrayList<>();
    @Nullable String body;
    @Nullable String until;
    int status;
    String contained = "";

    private Step(int line, String text) {
      this.line = line;
      String[] parts = text.split(" ", 3);
      verb = parts[0];
      target = parts.length > 1 ? parts[1] : "";
      form = parts.length > 2 ? parts[2] : null;
    }

    /** The name of the kept address that is all of the target, or what no name is. */
    String linkName() {
      return target.startsWith("{") && target.endsWith("}")
          ? target.substring(1, target.length() - 1)
          : "";
    }

    private void detail(String text) {
      String[] parts = text.split(" ", 2);
      String rest = parts.length > 1 ? parts[1] : "";
      switch (parts[0]) {
        case "has" -> has.add(rest);
        case "lacks" -> lacks.add(rest);
        case "until" -> until = rest;
        case "body" -> body = rest;
        case "header" -> headers.put(rest.split(": ", 2)[0], rest.split(": ", 2)[1]);
        case "keep" -> kept.put(rest.split(" ", 2)[0], Pattern.compile(rest.split(" ", 2)[1]));
        default -> {
          status = Integer.parseInt(parts[0]);
          contained = rest;
        }
      }
    }

    @Override
    public String toString() {
      return "line " + line + ": " + verb + " " + target;
    }
  }

  private final Map<String, String> head = new LinkedHashMap<>();
  private final List<Pattern> ignored = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();

  private final Path file;

  private Conversation(Path file) {
    this.file = file;
  }

  /** Reads one. */
  static Conversation in(Path file) {
    Conversation conversation = new Conversation(file);
    conversation.readAll(file);
    return conversation;
  }

  private void readAll(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        if (!line.isBlank() && !line.startsWith("#")) {
          read(i + 1, framework().endsWith("-javax") ? line.replace("jakarta.", "javax.") : line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(file.toString(), e);
    }
  }

  private void read(int number, String line) {
    if (line.startsWith("  ")) {
      steps.get(steps.size() - 1).detail(line.substring(2));
    } else if (line.startsWith("like: ")) {
      readAll(file.resolveSibling("..").resolve(line.substring("like: ".length())));
    } else if (line.startsWith("ignore: ")) {
      ignored.add(Pattern.compile(line.substring("ignore: ".length())));
    } else if (Character.isLowerCase(line.charAt(0))) {
      head.put(line.split(": ", 2)[0], line.split(": ", 2)[1]);
    } else {
      steps.add(new Step(number, line));
    }
  }

  /** The module of the application, which is also the name of its WAR. */
  String framework() {
    return file.getParent().getFileName().toString();
  }

  String contextPath() {
    return "/" + framework();
  }

  List<Step> steps() {
    return steps;
  }

  List<Pattern> ignored() {
    return ignored;
  }

  /** Whether in this mode all steps go to one node, as behind a balancer that keeps to it. */
  boolean isSticky(String mode) {
    return switch (head.getOrDefault(mode, "turns")) {
      case "turns" -> false;
      case "sticky" -> true;
      default -> throw new IllegalArgumentException(mode + ": " + head.get(mode));
    };
  }

  /** How many lines of ours at WARNING this mode logs at most, on both nodes together. */
  int mostWarnings(String mode) {
    return Integer.parseInt(warnings(mode).replace("up to ", ""));
  }

  /** How many it logs at least. */
  int leastWarnings(String mode) {
    return warnings(mode).startsWith("up to ") ? 0 : mostWarnings(mode);
  }

  /** What classes this mode may refuse, by their names. */
  Pattern refused(String mode) {
    return Pattern.compile(head.getOrDefault("refused " + mode, ".*"));
  }

  private String warnings(String mode) {
    return head.getOrDefault("warnings " + mode, "0");
  }

  /** Such as {@code struts/wait.txt}. */
  @Override
  public String toString() {
    return framework() + "/" + file.getFileName();
  }
}
