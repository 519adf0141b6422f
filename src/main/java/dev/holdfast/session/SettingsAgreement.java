package dev.holdfast.session;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.metrics.Gauge;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.store.NodeRegister;
import dev.holdfast.text.Loggers;
import dev.holdfast.text.Printable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Whether the nodes of an application agree on the settings on which they have to agree. Each node
 * notes its own and compares them with those of the others, at its start and once a minute, on a
 * thread that is there anyway. It only tells people: nothing else depends on it, and a store that
 * does not answer is asked again in the next round.
 *
 * <p>A difference is logged once on each node that sees it, however many nodes have the other
 * value: a change that is rolled out node by node gives one line for each setting that changes.
 */
public final class SettingsAgreement {
  private static final Logger LOG = Loggers.of(SettingsAgreement.class);
  private static final int NAMED = 5;
  private static final int MAX_TOLD = 50;
  private static final int MAX_VALUE = 120;
  private static final int SHOWN_OF_LONG = 60;

  private final NodeRegister register;
  private final String app;
  private final Supplier<Map<String, String>> own;
  private final String suffix =
      "-" + ProcessHandle.current().pid() + "-" + UUID.randomUUID().toString().substring(0, 6);

  private volatile List<MixedSetting> mixed = List.of();

  /** The differences that have been logged and are still there. */
  private Set<Difference> told = Set.of();

  /** Name of this node; empty until it has noted itself. */
  private String name = "";

  /**
   * A setting of which nodes have different values.
   *
   * @param values the names of nodes, by the value they have; two or more
   */
  public record MixedSetting(String name, Map<String, List<String>> values) {}

  private record Difference(String setting, String mine, String theirs) {}

  /**
   * Has the number of settings that differ among {@code metrics} from now on.
   *
   * @param app name of the application, for messages
   * @param own this node's settings by name, without secrets; asked in each round, because keys are
   *     exchanged while the node runs
   */
  public SettingsAgreement(
      NodeRegister register, String app, Supplier<Map<String, String>> own, Metrics metrics) {
    this.register = register;
    this.app = app;
    this.own = own;
    metrics.gauge(
        new Gauge(
            "SettingsMixed",
            "Settings that nodes have to share and of which they have different values; the log"
                + " names nodes and values.",
            () -> mixed.size()));
  }

  /** What was different when this node last looked. */
  public List<MixedSetting> mixed() {
    return mixed;
  }

  /**
   * The settings of which these nodes have different values, by name. A node that does not know a
   * setting, because it is of another version, agrees with all.
   */
  public static List<MixedSetting> mixed(List<NodeRegister.Node> nodes) {
    Map<String, Map<String, List<String>>> all = new TreeMap<>();
    for (NodeRegister.Node node : nodes) {
      node.settings()
          .forEach(
              (setting, value) ->
                  all.computeIfAbsent(setting, unused -> new TreeMap<>())
                      .computeIfAbsent(value, unused -> new ArrayList<>())
                      .add(node.name()));
    }
    List<MixedSetting> mixed = new ArrayList<>();
    all.forEach(
        (setting, values) -> {
          if (values.size() > 1) {
            mixed.add(new MixedSetting(setting, values));
          }
        });
    return List.copyOf(mixed);
  }

  /** Notes this node and looks at the others. One wait. Does not throw. */
  synchronized void compare() {
    try {
      String here = name.isEmpty() ? host() + suffix : name;
      Map<String, String> settings = told(own.get());
      List<NodeRegister.Node> nodes = register.note(new NodeRegister.Node(here, settings));
      name = here;
      List<MixedSetting> now = mixed(nodes);
      mixed = now;
      tell(now, settings, nodes.size());
    } catch (SessionStoreUnavailableException e) {
      LOG.log(Level.DEBUG, "The settings of nodes were not compared: {0}", e.getMessage());
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.WARNING, "The settings of nodes could not be compared", e);
    }
  }

  /** Lets the others forget this node, if it has noted itself. One wait. Does not throw. */
  synchronized void leave() {
    if (name.isEmpty()) {
      return;
    }
    try {
      register.forget(name);
      name = "";
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.DEBUG, "Node {0} will be forgotten later: {1}", name, e.getMessage());
    }
  }

  private void tell(List<MixedSetting> now, Map<String, String> mine, int nodes) {
    Set<Difference> present = new HashSet<>();
    for (MixedSetting setting : now) {
      String here = mine.get(setting.name());
      if (here == null) {
        continue;
      }
      setting
          .values()
          .forEach(
              (value, others) -> {
                Difference difference = new Difference(setting.name(), here, value);
                if (!value.equals(here) && present.size() < MAX_TOLD && present.add(difference)) {
                  tell(difference, others);
                }
              });
    }
    if (present.isEmpty() && !told.isEmpty()) {
      LOG.log(
          Level.INFO,
          "The nodes that share the sessions of {0} agree on their settings again; there are {1}",
          app,
          nodes);
    }
    told = present;
  }

  private void tell(Difference difference, List<String> others) {
    if (told.contains(difference)) {
      return;
    }
    String nodes = String.join(", ", others.subList(0, Math.min(NAMED, others.size())));
    LOG.log(
        Level.WARNING,
        "Nodes that share the sessions of {0} have different settings: {1} is {2} here, on {3}, and"
            + " {4} on {5}. Give it one value on all nodes and restart those that have another."
            + " While a change is rolled out node by node, this ends with the last node",
        app,
        difference.setting(),
        difference.mine(),
        name,
        difference.theirs(),
        others.size() > NAMED ? nodes + " and " + (others.size() - NAMED) + " more" : nodes);
  }

  /** The settings as they are noted: printable, and of a long value the beginning and a hash. */
  private static Map<String, String> told(Map<String, String> settings) {
    Map<String, String> told = new HashMap<>();
    settings.forEach(
        (setting, value) -> {
          String text = Printable.ascii(value, SHOWN_OF_LONG);
          told.put(
              setting,
              value.length() <= MAX_VALUE
                  ? Printable.ascii(value, 2 * MAX_VALUE)
                  : text + " (SHA-256 " + SecurityEvents.shortHash(value) + ")");
        });
    return told;
  }

  private static String host() {
    String variable = System.getenv("HOSTNAME");
    if (variable != null && !variable.isBlank()) {
      return Printable.ascii(variable.strip(), 100);
    }
    try {
      return Printable.ascii(InetAddress.getLocalHost().getHostName(), 100);
    } catch (UnknownHostException e) {
      return "unnamed-host";
    }
  }
}
