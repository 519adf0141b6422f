package dev.holdfast.cli;

import dev.holdfast.config.Settings;
import java.net.URLClassLoader;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that does something: what all of them have. */
abstract class Subcommand implements Callable<Integer> {
  @ArgGroup(exclusive = false, heading = "%nWhich sessions:%n", order = 100)
  SettingsOptions where = new SettingsOptions();

  @Option(names = "--json", description = "Answers with one JSON object a line.")
  boolean json;

  // Without "-h", with which the id of a session may begin.
  @Option(names = "--help", usageHelp = true, description = "Shows this.")
  boolean help;

  @Spec CommandSpec spec = CommandSpec.create();

  final Output output() {
    return new Output(spec.commandLine().getOut(), spec.commandLine().getErr(), json);
  }

  /** That what was typed is wrong. */
  final ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  @Override
  public Integer call() throws Exception {
    checkNames();
    Settings settings = where.load();
    try (URLClassLoader loader = where.loader();
        Installation installation = new Installation(settings, loader, needsBackup())) {
      Output output = output();
      check(installation);
      installation.connect();
      int exit = run(installation, output);
      boolean unused = output.flush();
      return exit;
    }
  }

  /** Whether a backup has to be told; what only looks needs no driver of its database. */
  boolean needsBackup() {
    return true;
  }

  /**
   * Finds out what can be wrong before any setting is read.
   *
   * @throws ParameterException when what was typed is wrong
   */
  void checkNames() {}

  /**
   * Finds out what can be wrong before anything is connected.
   *
   * @throws ParameterException when what was typed is wrong
   * @throws IllegalStateException when the settings do not allow it
   */
  void check(Installation installation) {}

  /**
   * Refuses what looks like an option and is none: somebody has tried {@code --dry-run}. Behind
   * {@code --} there are no options.
   *
   * @param names what the command was given besides options, in order
   * @param isName which of those that begin with a dash are names all the same
   * @throws ParameterException when there is one
   */
  final void refuseOptions(List<String> names, Predicate<String> isName) {
    List<String> all = spec.commandLine().getParseResult().originalArgs();
    int delimiter = all.indexOf(spec.commandLine().getEndOfOptionsDelimiter());
    int behind = delimiter < 0 ? 0 : all.size() - delimiter - 1;
    for (String name : names.subList(0, Math.max(0, names.size() - behind))) {
      if (name.startsWith("-") && !isName.test(name)) {
        throw wrong(
            "Unknown option: "
                + name.replaceFirst("=.*", "")
                + "; nothing was done. A name that"
                + " begins so comes behind \"--\"");
      }
    }
  }

  /** Does it; answers what to exit with. */
  abstract int run(Installation installation, Output output) throws InterruptedException;
}
