package dev.holdfast.cli;

import static dev.holdfast.cli.Output.shown;
import static java.util.Objects.requireNonNull;

import dev.holdfast.backup.BackedUpStore;
import dev.holdfast.text.Json;
import picocli.CommandLine.Command;

/** Puts sessions back. */
@Command(
    name = "restore",
    description = {
      "Puts back all sessions that the backup has and Redis has not. Safe at any time, with nodes"
          + " running: what Redis has stays, and what has ended stays ended. Nodes do this by"
          + " themselves when Redis has lost everything; this is for when it has lost a part."
    },
    footer = {
      "",
      "Example:",
      "  java -jar holdfast-all.jar restore --app shop --class-path postgresql-42.7.13.jar"
    })
final class RestoreCommand extends Subcommand {
  @Override
  void check(Installation installation) {
    if (!installation.hasBackup()) {
      throw new IllegalStateException(BackupCommand.NONE);
    }
  }

  @Override
  int run(Installation installation, Output output) {
    BackedUpStore store = requireNonNull(installation.backedUp());
    long back;
    try (Progress progress =
        new Progress(output, "Stopped; what is back stays. Give the command again to go on.")) {
      back =
          store.restoreAll(
              (seen, total, put) ->
                  progress.at(
                      shown(seen)
                          + " of "
                          + shown(total)
                          + " looked at, "
                          + shown(put)
                          + " put back"));
    }
    output.result(Json.object("restored", back), shown(back) + " sessions are back");
    return Exit.OK;
  }
}
