package dev.holdfast.doctor;

import dev.holdfast.api.BackupUnavailableException;
import dev.holdfast.backup.jdbc.JdbcBackup;
import dev.holdfast.config.Durability;
import dev.holdfast.config.Settings;
import dev.holdfast.redis.client.RedisAddress;
import dev.holdfast.sealing.Sealing;
import dev.holdfast.text.Printable;
import java.time.Instant;
import java.util.function.Consumer;

/** What the settings alone tell, and whether the backup that they name is there. */
final class SettingsChecks {
  private final Settings settings;
  private final ClassLoader loader;
  private final Consumer<CheckResult> found;

  SettingsChecks(Settings settings, ClassLoader loader, Consumer<CheckResult> found) {
    this.settings = settings;
    this.loader = loader;
    this.found = found;
  }

  void run() {
    encryption();
    tls();
    index();
    backup();
  }

  private void encryption() {
    String check = "encryption";
    try {
      String report = Sealing.of(settings, loader).report();
      switch (settings.encryption().mode()) {
        case OFF ->
            found.accept(
                CheckResult.warn(
                    check,
                    "",
                    report,
                    "whoever reads Redis, its files or its backups reads the sessions: set"
                        + " encryption.keys on every node"));
        case MIGRATE ->
            found.accept(
                CheckResult.warn(
                    check,
                    "",
                    report,
                    "sessions in the clear are still taken: run \"keys rotate\", then set"
                        + " encryption=required on every node"));
        case REQUIRED -> found.accept(CheckResult.ok(check, "", report));
      }
    } catch (IllegalArgumentException e) {
      found.accept(
          CheckResult.fail(
              check, "", Printable.message(e.getMessage()), "mend the keys; no node starts so"));
    }
  }

  private void tls() {
    RedisAddress address = RedisAddress.of(settings.redis().uri());
    if (address.isOverTls()) {
      found.accept(CheckResult.ok("tls", "", "redis.uri speaks TLS"));
    } else if (address.isOnThisMachine()) {
      found.accept(CheckResult.ok("tls", "", "Redis is on this machine, without TLS"));
    } else {
      found.accept(
          CheckResult.warn(
              "tls",
              "",
              "the connection to Redis is not encrypted",
              "write rediss:// in redis.uri, and have the server speak TLS"));
    }
  }

  private void index() {
    if (settings.expiry().isOn()) {
      found.accept(CheckResult.ok("index", "", "sessions are filed (expiry.events=on)"));
    } else {
      found.accept(
          CheckResult.warn(
              "index",
              "",
              "expiry.events is off: sessions cannot be listed, encrypted anew or copied, and no"
                  + " listener hears of those that expire",
              "set expiry.events=on on every node"));
    }
  }

  private void backup() {
    String check = "backup";
    String database = settings.backup().database();
    if (database == null) {
      found.accept(CheckResult.ok(check, "", "none (backup.database is not set)"));
      return;
    }
    String shown = settings.backup().shownDatabase();
    try (JdbcBackup backup = JdbcBackup.of(settings, database, loader)) {
      long sessions = backup.count(Instant.now());
      found.accept(CheckResult.ok(check, shown, sessions + " sessions are in it"));
    } catch (IllegalArgumentException e) {
      found.accept(
          CheckResult.fail(
              check,
              shown,
              Printable.message(e.getMessage()),
              "name the driver's jar with --class-path"));
    } catch (BackupUnavailableException e) {
      found.accept(
          CheckResult.fail(
              check,
              shown,
              Printable.message(e.getMessage()),
              "see that the database runs, and that its user may read the table; the nodes make it"
                  + " when they first connect"));
    }
  }

  boolean isDurable() {
    return settings.redis().durability() == Durability.REPLICA;
  }
}
