package dev.holdfast.cli;

import static dev.holdfast.cli.Output.shown;

import dev.holdfast.api.BackupUnavailableException;
import dev.holdfast.backup.BackedUpStore;
import dev.holdfast.config.BackupSettings;
import dev.holdfast.config.Encryption;
import dev.holdfast.text.Json;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Exchanges keys. */
@Command(
    name = "keys",
    description = "Encrypts stored sessions anew.",
    subcommands = KeysCommand.Rotate.class,
    footer = {"", "Example:", "  java -jar holdfast-all.jar keys rotate --app shop"})
final class KeysCommand extends CommandGroup {

  /** Encrypts everything with the first key. */
  @Command(
      name = "rotate",
      description = {
        "Encrypts all stored sessions with the first key of encryption.keys, while the nodes go on."
            + " First give every node the new key, at the second place, then at the first; then run"
            + " this; then remove the old key. Sessions live no longer for it. Given again after it"
            + " was stopped, it does the rest."
      },
      footer = {
        "",
        "Example:",
        "  export HOLDFAST_ENCRYPTION_KEYS=$NEW,$OLD",
        "  java -jar holdfast-all.jar keys rotate --app shop --per-second 1000"
      })
  static final class Rotate extends Subcommand {
    private static final long LOOK_MILLIS = 100;
    private static final int TIMEOUTS = 3;

    @Option(
        names = "--per-second",
        paramLabel = "N",
        defaultValue = "500",
        description = "How many sessions are looked at in a second; ${DEFAULT-VALUE}.")
    int perSecond;

    @Option(
        names = "--decrypt",
        description = "With encryption=off: stores all sessions in the clear.")
    boolean decrypt;

    @Override
    void check(Installation installation) {
      if (perSecond < 1) {
        throw wrong("--per-second must be 1 or more");
      }
      boolean off = isOff(installation);
      if (off && !decrypt) {
        throw new IllegalStateException(
            "There is no key to encrypt with: set encryption.keys as on the nodes, or give --decrypt"
                + " with encryption=off to store all sessions in the clear");
      }
      if (decrypt && !off) {
        throw wrong("--decrypt needs encryption=off, here and on every node");
      }
    }

    private static boolean isOff(Installation installation) {
      return installation.settings.encryption().mode() == Encryption.OFF;
    }

    @Override
    int run(Installation installation, Output output) throws InterruptedException {
      boolean off = isOff(installation);
      BackedUpStore backedUp = installation.backedUp();
      if (backedUp != null) {
        // The copies are to be encrypted anew as well.
        backedUp.start();
      }
      long total = installation.index.count();
      long[] looked = new long[1];
      long rewritten;
      try (Progress progress =
          new Progress(
              output, "Stopped; what has been done stays. Give the command again to go on.")) {
        rewritten =
            installation.reencryption.run(
                perSecond,
                (visited, done) -> {
                  looked[0] = visited;
                  progress.at(
                      shown(visited)
                          + (visited <= total ? " of " + shown(total) : "")
                          + " looked at, "
                          + shown(done)
                          + (off ? " decrypted" : " encrypted anew"));
                });
        if (backedUp != null) {
          untilCopied(backedUp::waiting, patience(installation.settings.backup()), progress::at);
        }
      }
      output.result(
          Json.object("rewritten", rewritten, "lookedAt", looked[0]),
          shown(rewritten)
              + (off ? " sessions decrypted (" : " sessions encrypted anew (")
              + installation.sealing.report()
              + ")");
      return Exit.OK;
    }

    /** Changes are written once in each interval, and a few of these writes may fail. */
    private static Duration patience(BackupSettings backup) {
      return backup.interval().plus(backup.timeout().multipliedBy(TIMEOUTS));
    }

    /**
     * Waits until nothing waits for the backup any more.
     *
     * @throws BackupUnavailableException when it has become no less for that long
     */
    static void untilCopied(IntSupplier waiting, Duration patience, Consumer<String> told)
        throws InterruptedException {
      int least = Integer.MAX_VALUE;
      long moved = System.nanoTime();
      for (int left = waiting.getAsInt(); left > 0; left = waiting.getAsInt()) {
        if (left < least) {
          least = left;
          moved = System.nanoTime();
        } else if (System.nanoTime() - moved >= patience.toNanos()) {
          throw new BackupUnavailableException(
              "The sessions in Redis are done, but the backup has taken nothing for "
                  + shown(patience)
                  + ", and "
                  + shown(left)
                  + " copies in it are as they were: keep the old key, look at the database, then"
                  + " give \"backup now\"",
              null);
        }
        told.accept(shown(left) + " wait to be copied into the backup");
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    }
  }
}
