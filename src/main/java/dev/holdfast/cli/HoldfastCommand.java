package dev.holdfast.cli;

import dev.holdfast.api.BackupUnavailableException;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.text.Printable;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line: {@code java -jar holdfast-all.jar}. */
@Command(
    name = "holdfast",
    description = "Looks after the sessions that Holdfast keeps in Redis.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = HoldfastCommand.Version.class,
    subcommands = {
      SessionsCommand.class,
      UsersCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      KeysCommand.class,
      DoctorCommand.class
    },
    footer = {
      "",
      "Settings are those of the nodes, from HOLDFAST_* variables, -Dholdfast.* properties, --config"
          + " and --set. \"COMMAND --help\" has an example of each.",
      "",
      "Exit codes: 0 done; 1 something to change, or nothing of that name; 2 wrong command line;"
          + " 3 wrong settings; 4 Redis or the database is unavailable; 70 a fault in Holdfast.",
      "",
      "Example:",
      "  export HOLDFAST_REDIS_URI=redis://localhost:6379",
      "  java -jar holdfast-all.jar sessions list --context-path /shop"
    })
public final class HoldfastCommand implements Runnable {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  boolean help;

  @Option(names = "--version", versionHelp = true, description = "Shows the version.")
  boolean version;

  @Spec CommandSpec spec = CommandSpec.create();

  private HoldfastCommand() {}

  /** Runs one command, and ends the process with its exit code. */
  public static void main(String[] arguments) {
    quietly();
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new HoldfastCommand());
    // An id of a session may begin with a dash.
    line.setUnmatchedOptionsArePositionalParams(true);
    line.setPosixClusteredShortOptionsAllowed(false);
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> exit(failure, command.getErr()));
    line.setParameterExceptionHandler(HoldfastCommand::mistyped);
    return line;
  }

  /** Names the fault and how to get help, not the whole help. */
  private static int mistyped(CommandLine.ParameterException failure, String[] arguments) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(Printable.message(Mistyped.told(failure, arguments)));
    CommandLine.UnmatchedArgumentException.printSuggestions(failure, err);
    err.println("\"" + command.getCommandSpec().qualifiedName() + " --help\" says what there is.");
    return Exit.USAGE;
  }

  /** Without a command. */
  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Which command?");
  }

  private static int exit(Exception failure, PrintWriter err) {
    if (failure instanceof SettingsOptions.MissingApplicationException
        || failure instanceof SessionNames.IllegalNameException) {
      err.println(failure.getMessage());
      return Exit.USAGE;
    }
    if (failure instanceof SessionStoreUnavailableException
        || failure instanceof BackupUnavailableException) {
      err.println(Printable.message(failure.getMessage()));
      return Exit.UNAVAILABLE;
    }
    if (failure instanceof IllegalArgumentException || failure instanceof IllegalStateException) {
      // Of several faults, each has a line of its own.
      String.valueOf(failure.getMessage())
          .lines()
          .forEach(line -> err.println(Printable.message(line)));
      return Exit.SETTINGS;
    }
    if (failure instanceof InterruptedException) {
      err.println("Interrupted; what was done stays done.");
      return Exit.INTERRUPTED;
    }
    failure.printStackTrace(err);
    return Exit.FAULT;
  }

  /** Has warnings and security events logged, each on one line of standard error. */
  private static void quietly() {
    LogManager.getLogManager().reset();
    Logger.getLogger("").addHandler(new StandardError(System.err));
  }

  /** What is worth a line: a warning, or that somebody's session was ended. */
  static final class StandardError extends Handler {
    private static final Formatter TEXT = new SimpleFormatter();

    private final PrintStream err;

    StandardError(PrintStream err) {
      this.err = err;
    }

    @Override
    public boolean isLoggable(LogRecord entry) {
      return super.isLoggable(entry)
          && (entry.getLevel().intValue() >= Level.WARNING.intValue()
              || SecurityEvents.LOGGER.equals(entry.getLoggerName()));
    }

    @Override
    public void publish(LogRecord entry) {
      if (isLoggable(entry)) {
        err.println(entry.getLevel() + ": " + Printable.message(TEXT.formatMessage(entry)));
      }
    }

    @Override
    public void flush() {
      err.flush();
    }

    @Override
    public void close() {}
  }

  /** What the manifest says. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = HoldfastCommand.class.getPackage().getImplementationVersion();
      return new String[] {"Holdfast " + (version == null ? "(not packaged)" : version)};
    }
  }
}
