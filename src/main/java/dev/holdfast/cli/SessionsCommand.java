package dev.holdfast.cli;

import static dev.holdfast.cli.Output.shown;

import dev.holdfast.api.SessionInfo;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.SessionDetails;
import dev.holdfast.session.SessionDetails.StoredValue;
import dev.holdfast.session.SessionPage;
import dev.holdfast.text.Json;
import dev.holdfast.text.Printable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists, shows and ends sessions. */
@Command(
    name = "sessions",
    description = "Lists, shows and ends sessions.",
    subcommands = {
      SessionsCommand.ListThem.class,
      SessionsCommand.Show.class,
      SessionsCommand.End.class
    },
    footer = {"", "Example:", "  java -jar holdfast-all.jar sessions list --app shop --limit 20"})
final class SessionsCommand extends CommandGroup {

  private static boolean isId(String text) {
    return SessionToken.locatorOf(text) != null;
  }

  private static Map<String, @Nullable Object> json(SessionInfo session) {
    return Json.object(
        "id",
        session.id(),
        "user",
        session.user(),
        "loginTime",
        session.loginTime(),
        "creationTime",
        session.creationTime(),
        "lastAccessedTime",
        session.lastAccessedTime(),
        "maxInactiveInterval",
        session.maxInactiveInterval());
  }

  private static List<String> cells(SessionInfo session) {
    String user = session.user();
    return List.of(
        session.id(),
        user == null ? "-" : user,
        shown(session.creationTime()),
        shown(session.lastAccessedTime()),
        shown(session.maxInactiveInterval()));
  }

  private static void table(Output output, List<SessionInfo> sessions) {
    output.fit(sessions.stream().map(SessionsCommand::cells).toList());
  }

  /** Lists them. */
  @Command(
      name = "list",
      description = {
        "Lists sessions, in no order, page by page through the index that expiry.events writes.",
        "Two commands for each session, and one for each page and part of the index."
      },
      footer = {
        "",
        "Examples:",
        "  java -jar holdfast-all.jar sessions list --app shop",
        "  java -jar holdfast-all.jar sessions list --app shop --user alice --json | jq -r .id"
      })
  static final class ListThem extends Subcommand {
    @Option(
        names = "--limit",
        paramLabel = "N",
        description = "At most so many; the next ones begin after what is then printed.")
    int limit = Integer.MAX_VALUE;

    @Option(
        names = "--after",
        paramLabel = "CURSOR",
        description = "Goes on where a list with --limit has stopped.")
    @Nullable String after;

    @Option(
        names = "--page-size",
        paramLabel = "N",
        defaultValue = "500",
        description = "Sessions that Redis is asked for at once, 1 to 5,000; ${DEFAULT-VALUE}.")
    int pageSize;

    @Option(
        names = "--user",
        paramLabel = "NAME",
        description = "Only those that this user is logged in to, the oldest login first.")
    @Nullable String user;

    @Override
    boolean needsBackup() {
      return false;
    }

    @Override
    void check(Installation installation) {
      if (limit < 1 || pageSize < 1 || pageSize > 5_000) {
        throw wrong("--limit must be 1 or more, --page-size 1 to 5,000");
      }
    }

    @Override
    int run(Installation installation, Output output) {
      output.columns("ID", "USER", "CREATED", "LAST ACCESS", "TIME-OUT");
      return user == null ? all(installation, output) : of(user, installation, output);
    }

    private int of(String name, Installation installation, Output output) {
      List<SessionInfo> sessions = installation.users.of(name);
      print(output, sessions.subList(0, Math.min(limit, sessions.size())));
      return sessions.isEmpty() ? Exit.FOUND : Exit.OK;
    }

    private int all(Installation installation, Output output) {
      String cursor = after;
      int left = limit;
      long unreadable = 0;
      do {
        SessionPage page = page(installation, cursor, Math.min(left, pageSize));
        print(output, page.sessions());
        unreadable += page.unreadable();
        left -= page.sessions().size();
        cursor = page.next();
      } while (cursor != null && left > 0 && output.flush());
      if (unreadable > 0) {
        output.note(
            shown(unreadable)
                + " more cannot be read here: they are damaged, or sealed with a key that is not in"
                + " encryption.keys");
      }
      if (cursor != null && left <= 0) {
        output.note("There are more: --after " + cursor);
      }
      return Exit.OK;
    }

    private SessionPage page(Installation installation, @Nullable String cursor, int size) {
      try {
        return installation.directory.page(cursor, size);
      } catch (IllegalArgumentException e) {
        throw wrong("--after: " + e.getMessage());
      }
    }

    private static void print(Output output, List<SessionInfo> sessions) {
      table(output, sessions);
      sessions.forEach(session -> output.row(json(session), cells(session)));
    }
  }

  /** Shows one. */
  @Command(
      name = "show",
      description = {
        "Shows a session, and the name, type and size of its attributes; no values. Looking is no"
            + " access: the session lives no longer for it."
      },
      footer = {"", "Example:", "  java -jar holdfast-all.jar sessions show --app shop 4mPq0_Xc1v"})
  static final class Show extends Subcommand {
    @Parameters(paramLabel = "ID", description = "As the list shows it, or how it begins.")
    String id = "";

    @Override
    boolean needsBackup() {
      return false;
    }

    @Override
    void checkNames() {
      refuseOptions(List.of(id), SessionsCommand::isId);
    }

    @Override
    int run(Installation installation, Output output) {
      String locator = new SessionNames(installation).locator(id);
      SessionDetails session = locator == null ? null : installation.directory.details(locator);
      if (session == null) {
        output.note("There is no session " + Printable.of(id));
        return Exit.FOUND;
      }
      if (output.isJson()) {
        Map<String, @Nullable Object> whole = json(session.info());
        whole.put("idSince", session.idSince());
        whole.put("expires", session.expires());
        whole.put("saves", session.saves());
        whole.put("attributes", session.attributes().stream().map(Show::attribute).toList());
        output.row(whole, List.of());
        return Exit.OK;
      }
      SessionInfo info = session.info();
      String user = info.user();
      output.line("id           " + info.id());
      output.line("user         " + (user == null ? "-" : Printable.of(user)));
      output.line("created      " + shown(info.creationTime()));
      output.line("id since     " + shown(session.idSince()));
      output.line("last access  " + shown(info.lastAccessedTime()));
      output.line("time-out     " + shown(info.maxInactiveInterval()));
      output.line("expires      " + shown(session.expires()));
      output.line("saves        " + shown(session.saves()));
      output.line("");
      output.columns("ATTRIBUTE", "TYPE", "BYTES", "SAVES AGO");
      output.fit(session.attributes().stream().map(Show::cells).toList());
      session.attributes().forEach(value -> output.row(attribute(value), cells(value)));
      return Exit.OK;
    }

    private static Map<String, @Nullable Object> attribute(StoredValue value) {
      return Json.object(
          "name",
          value.name(),
          "type",
          value.type(),
          "form",
          value.form().name().toLowerCase(Locale.ROOT),
          "bytes",
          value.bytes(),
          "savesAgo",
          value.savesAgo());
    }

    private static List<String> cells(StoredValue value) {
      String type = value.type();
      return List.of(
          value.name(),
          type != null
              ? type
              : value.form() == SessionDetails.Form.SEALED ? "(sealed, no key here)" : "-",
          shown(value.bytes()),
          shown(value.savesAgo()));
    }
  }

  /** Ends some. */
  @Command(
      name = "end",
      description = {
        "Ends sessions at once, on all nodes. With expiry.events on, the next sweep of a node takes"
            + " them out and tells the application's listeners; with it off no listener hears of"
            + " it."
      },
      footer = {
        "",
        "Example:",
        "  java -jar holdfast-all.jar sessions end --app shop 4mPq0_Xc1v nB7wQ2"
      })
  static final class End extends Subcommand {
    @Parameters(
        paramLabel = "ID",
        arity = "1..*",
        description = "As the list shows it, or how it begins; behind \"--\" if with a dash.")
    List<String> ids = List.of();

    @Override
    void checkNames() {
      refuseOptions(ids, SessionsCommand::isId);
    }

    @Override
    int run(Installation installation, Output output) {
      // All of them are looked up before one ends, as one of them may be mistyped.
      SessionNames names = new SessionNames(installation);
      Map<String, @Nullable String> locators = new LinkedHashMap<>();
      for (String id : ids) {
        locators.put(id, names.locator(id));
      }
      int exit = Exit.OK;
      for (Map.Entry<String, @Nullable String> named : locators.entrySet()) {
        String id = named.getKey();
        String locator = named.getValue();
        boolean ended =
            locator != null && installation.users.end(locator, "ended from the command line");
        if (ended) {
          installation.acted(locator, "this session");
        }
        output.result(
            Json.object("id", id, "ended", ended),
            ended ? "Ended " + Printable.of(id) : "There is no session " + Printable.of(id));
        exit = ended ? exit : Exit.FOUND;
      }
      return exit;
    }
  }
}
