package dev.holdfast.cli;

import static dev.holdfast.cli.Output.shown;

import dev.holdfast.backup.FullCopy;
import dev.holdfast.text.Json;
import picocli.CommandLine.Command;

/** Copies sessions into the backup. */
@Command(
    name = "backup",
    description = "Copies sessions into the database that backup.database names.",
    subcommands = BackupCommand.Now.class,
    footer = {"", "Example:", "  java -jar holdfast-all.jar backup now --app shop"})
final class BackupCommand extends CommandGroup {
  static final String NONE = "There is no backup: backup.database is not set";

  /** Copies all of them. */
  @Command(
      name = "now",
      description = {
        "Copies all sessions that are in Redis into the backup now; the nodes go on meanwhile. For a"
            + " backup that was just set up, or before Redis is stopped. Makes the table if there is"
            + " none."
      },
      footer = {
        "",
        "Example:",
        "  export HOLDFAST_BACKUP_DATABASE=jdbc:postgresql://db/sessions"
            + " HOLDFAST_BACKUP_PASSWORD=...",
        "  java -jar holdfast-all.jar backup now --app shop --class-path postgresql-42.7.13.jar"
      })
  static final class Now extends Subcommand {
    @Override
    void check(Installation installation) {
      if (!installation.hasBackup()) {
        throw new IllegalStateException(NONE);
      }
    }

    @Override
    int run(Installation installation, Output output) {
      FullCopy copy = installation.fullCopy();
      long total = installation.index.count();
      long kept;
      try (Progress progress =
          new Progress(output, "Stopped; what has been copied stays in the backup.")) {
        kept =
            copy.run(
                (seen, copied) ->
                    progress.at(
                        shown(seen)
                            + " of "
                            + shown(Math.max(seen, total))
                            + " looked at, "
                            + shown(copied)
                            + " copied"));
      }
      output.result(Json.object("copied", kept), shown(kept) + " sessions are in the backup");
      return Exit.OK;
    }
  }
}
