package dev.holdfast.cli;

import static dev.holdfast.cli.Output.shown;

import dev.holdfast.security.SessionToken;
import dev.holdfast.session.UserPage;
import dev.holdfast.session.UserPage.UserSummary;
import dev.holdfast.text.Json;
import dev.holdfast.text.Printable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Who is logged in; logs a user out. */
@Command(
    name = "users",
    description = "Lists who is logged in; logs users out.",
    subcommands = {UsersCommand.ListThem.class, UsersCommand.End.class},
    footer = {"", "Example:", "  java -jar holdfast-all.jar users end --app shop alice"})
final class UsersCommand extends CommandGroup {

  /** Lists them. */
  @Command(
      name = "list",
      description = {
        "Lists the users that are logged in, by name, with the number of their sessions.",
        "Redis does not have their names: every session is asked once, as by \"sessions list\"."
      },
      footer = {
        "",
        "Example:",
        "  java -jar holdfast-all.jar users list --app shop --after alice --limit 100"
      })
  static final class ListThem extends Subcommand {
    private static final int ALL = 1_000_000;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many, 1 to 1,000,000.")
    int limit = ALL;

    @Option(
        names = "--after",
        paramLabel = "NAME",
        description = "Only those whose names come after this one.")
    @Nullable String after;

    @Override
    boolean needsBackup() {
      return false;
    }

    @Override
    void check(Installation installation) {
      if (limit < 1 || limit > ALL) {
        throw wrong("--limit must be 1 to 1,000,000");
      }
    }

    @Override
    int run(Installation installation, Output output) {
      UserPage page = installation.directory.users(after, limit);
      output.columns("USER", "SESSIONS", "LAST ACCESS");
      output.fit(page.users().stream().map(ListThem::cells).toList());
      page.users().forEach(user -> output.row(json(user), cells(user)));
      String next = page.next();
      if (next != null) {
        output.note("There are more: --after " + Printable.of(next));
      }
      return Exit.OK;
    }

    private static Map<String, @Nullable Object> json(UserSummary user) {
      return Json.object(
          "user",
          user.user(),
          "sessions",
          user.sessions(),
          "lastAccessedTime",
          user.lastAccessedTime());
    }

    private static List<String> cells(UserSummary user) {
      return List.of(user.user(), shown(user.sessions()), shown(user.lastAccessedTime()));
    }
  }

  /** Logs one out. */
  @Command(
      name = "end",
      description = {
        "Ends all sessions of a user at once, on all nodes, those included whose login is under"
            + " way. Listeners hear of it as of \"sessions end\"."
      },
      footer = {
        "",
        "Examples:",
        "  java -jar holdfast-all.jar users end --app shop alice",
        "  java -jar holdfast-all.jar users end --app shop alice --keep ID"
      })
  static final class End extends Subcommand {
    @Parameters(
        paramLabel = "NAME",
        description = "As the list shows it; behind \"--\" if it begins with a dash.")
    String user = "";

    @Option(names = "--keep", paramLabel = "ID", description = "The id of a session that stays.")
    @Nullable String kept;

    @Override
    void checkNames() {
      refuseOptions(List.of(user), name -> false);
    }

    @Override
    void check(Installation installation) {
      if (kept != null && SessionToken.locatorOf(kept) == null) {
        throw wrong("--keep: the whole id of a session is needed; nothing has ended");
      }
    }

    @Override
    int run(Installation installation, Output output) {
      String locator = SessionToken.locatorOf(kept);
      int ended = installation.users.endAll(user, locator, "ended from the command line");
      if (ended > 0) {
        installation.acted(null, ended + " sessions of user " + user);
      }
      output.result(
          Json.object("user", user, "ended", ended),
          "Ended "
              + shown(ended)
              + (ended == 1 ? " session of " : " sessions of ")
              + Printable.of(user));
      return ended > 0 ? Exit.OK : Exit.FOUND;
    }
  }
}
