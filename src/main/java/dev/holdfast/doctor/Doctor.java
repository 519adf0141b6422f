package dev.holdfast.doctor;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.Settings;
import dev.holdfast.config.Toggle;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.redis.RedisInspection;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.redis.client.InspectedServer;
import dev.holdfast.redis.client.InspectionAnswer;
import dev.holdfast.redis.client.RedisAddress;
import dev.holdfast.sealing.Sealing;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.session.SettingsAgreement;
import dev.holdfast.session.SettingsAgreement.MixedSetting;
import dev.holdfast.store.NodeRegister;
import dev.holdfast.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Looks at Redis, the backup and the settings of one application, and says what to change. */
public final class Doctor {
  private static final long SLOTS = 16_384;

  private final Settings settings;
  private final ClassLoader loader;

  /**
   * @param loader finds the classes that settings name, and the driver of the backup
   */
  public Doctor(Settings settings, ClassLoader loader) {
    this.settings = settings;
    this.loader = loader;
  }

  /**
   * Looks at everything.
   *
   * @param told is told of each result as soon as there is one
   * @return whether Redis, and the backup if there is one, could be reached
   */
  public boolean examine(Consumer<CheckResult> told) {
    List<CheckResult> unreached = new ArrayList<>();
    Consumer<CheckResult> found =
        result -> {
          told.accept(result);
          if (result.level() == CheckResult.Level.FAIL
              && (result.check().equals("redis") || result.check().equals("backup"))) {
            unreached.add(result);
          }
        };
    SettingsChecks own = new SettingsChecks(settings, loader, found);
    redis(own.isDurable(), found);
    own.run();
    return unreached.isEmpty();
  }

  private void redis(boolean durable, Consumer<CheckResult> found) {
    boolean cluster = RedisAddress.of(settings.redis().uri()).isOfCluster();
    try (RedisInspection redis = new RedisInspection(settings, loader)) {
      List<InspectedServer> servers;
      try {
        servers = redis.servers();
      } catch (SessionStoreUnavailableException e) {
        found.accept(
            CheckResult.fail(
                "redis",
                "",
                Printable.message(e.getMessage()),
                "nothing else can be said of Redis before it can be reached"));
        return;
      }
      found.accept(
          CheckResult.ok(
              "redis",
              "",
              "connected to "
                  + String.join(", ", servers.stream().map(InspectedServer::address).toList())));
      if (cluster) {
        slots(servers.get(0), found);
      }
      for (InspectedServer server : servers) {
        new ServerChecks(redis, server, durable, cluster, found).run();
      }
      nodes(found);
    } catch (IllegalArgumentException e) {
      found.accept(
          CheckResult.fail("redis", "", Printable.message(e.getMessage()), "mend the settings"));
    }
  }

  /** What the nodes that run have noted of themselves. */
  private void nodes(Consumer<CheckResult> found) {
    try (RedisSessionStore store =
        new RedisSessionStore(settings, SecurityEvents.logging(), loader, new Measurements())) {
      List<NodeRegister.Node> nodes = store.nodes().noted();
      List<MixedSetting> mixed = SettingsAgreement.mixed(nodes);
      for (MixedSetting setting : mixed) {
        found.accept(
            CheckResult.warn(
                "nodes",
                setting.name(),
                "is "
                    + setting.values().entrySet().stream()
                        .map(value -> value.getKey() + " on " + String.join(", ", value.getValue()))
                        .collect(Collectors.joining("; ")),
                "give it one value on all nodes, and restart those that have another"));
      }
      if (mixed.isEmpty()) {
        found.accept(
            CheckResult.ok(
                "nodes",
                "",
                nodes.isEmpty()
                    ? "none has noted itself in the last minutes"
                    : nodes.size() + " run, with the same settings"));
      }
      own(nodes, found);
    } catch (SessionStoreUnavailableException e) {
      found.accept(
          CheckResult.unknown(
              "nodes",
              "",
              "cannot tell: " + Printable.message(e.getMessage()),
              "give the user of Redis its rights first"));
    }
  }

  /**
   * Where this command's own settings are not those of the nodes, so that it finds other things.
   */
  private void own(List<NodeRegister.Node> nodes, Consumer<CheckResult> found) {
    Map<String, String> own = new TreeMap<>();
    own.put("encryption", settings.encryption().mode().name().toLowerCase(Locale.ROOT));
    try {
      own.put("encryption.keys", Sealing.of(settings, loader).keyNames());
    } catch (IllegalArgumentException e) {
      // The check of the settings tells.
    }
    own.put("expiry.events", settings.expiry().isOn() ? "on" : "off");
    own.put("sessions.index", settings.users().index() == Toggle.ON ? "on" : "off");
    own.forEach(
        (setting, value) -> {
          List<String> others =
              nodes.stream()
                  .map(node -> node.settings().getOrDefault(setting, value))
                  .filter(other -> !other.equals(value))
                  .distinct()
                  .toList();
          if (!others.isEmpty()) {
            found.accept(
                CheckResult.warn(
                    "nodes",
                    setting,
                    "is " + value + " for this command, and on nodes " + String.join("; ", others),
                    "give this command the settings of the nodes"));
          }
        });
  }

  private static void slots(InspectedServer server, Consumer<CheckResult> found) {
    InspectionAnswer answer = server.ask("CLUSTER", "SLOTS");
    long covered = 0;
    for (Object item : answer.reply()) {
      if (item instanceof List<?> range
          && range.size() > 2
          && range.get(0) instanceof Long from
          && range.get(1) instanceof Long to) {
        covered += to - from + 1;
      }
    }
    String state = covered + " of " + SLOTS + " slots have a server";
    found.accept(
        covered == SLOTS
            ? CheckResult.ok("slots", "", state)
            : CheckResult.fail(
                "slots",
                "",
                state,
                "sessions in the others are answered 503: look at CLUSTER NODES, start the servers"
                    + " that are missing or give their slots to others"));
  }
}
