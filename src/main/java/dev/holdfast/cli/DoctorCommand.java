package dev.holdfast.cli;

import dev.holdfast.config.Settings;
import dev.holdfast.doctor.CheckResult;
import dev.holdfast.doctor.Doctor;
import dev.holdfast.preflight.Finding.Severity;
import dev.holdfast.preflight.Preflight;
import dev.holdfast.preflight.PreflightReport;
import dev.holdfast.text.Json;
import dev.holdfast.text.Printable;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Looks at the installation. */
@Command(
    name = "doctor",
    description = {
      "Looks at Redis, the backup and the settings, and says what to change; changes nothing.",
      "What the user of redis.uri may not ask for is shown as \"--\". Trying out the user's rights"
          + " leaves lines in Redis's ACL LOG."
    },
    footer = {
      "",
      "Examples:",
      "  java -jar holdfast-all.jar doctor --app shop",
      "  java -jar holdfast-all.jar doctor --war shop.war"
    })
final class DoctorCommand extends Subcommand {
  @Option(
      names = "--war",
      paramLabel = "FILE",
      description =
          "Looks at nothing but this WAR, a file or a directory, before the jar is put into it: what"
              + " will not work, and what to add. Needs no settings.")
  @Nullable Path war;

  @Override
  public Integer call() throws Exception {
    return war == null ? installation() : application(war);
  }

  private int application(Path file) {
    PreflightReport report;
    try {
      report = Preflight.of(file);
    } catch (IOException e) {
      throw wrong("--war: " + e.getMessage());
    }
    Output output = output();
    output.result(Json.object("report", report.toMap()), report.toString().stripTrailing());
    return report.worst().compareTo(Severity.WARNING) < 0 ? Exit.OK : Exit.FOUND;
  }

  private int installation() throws IOException {
    Settings settings = where.load();
    Output output = output();
    AtomicInteger faults = new AtomicInteger();
    boolean reached;
    try (URLClassLoader loader = where.loader()) {
      reached =
          new Doctor(settings, loader)
              .examine(
                  result -> {
                    if (result.isFault()) {
                      faults.incrementAndGet();
                    }
                    print(output, result);
                  });
    }
    output.line(
        faults.get() == 0
            ? "Nothing to change."
            : faults.get() + (faults.get() == 1 ? " thing" : " things") + " to change.");
    boolean unused = output.flush();
    return !reached ? Exit.UNAVAILABLE : faults.get() > 0 ? Exit.FOUND : Exit.OK;
  }

  @Override
  int run(Installation installation, Output output) {
    throw new UnsupportedOperationException("doctor opens nothing but what it looks at");
  }

  private static void print(Output output, CheckResult result) {
    String level = result.level() == CheckResult.Level.UNKNOWN ? "--" : result.level().name();
    String subject = result.subject().isEmpty() ? "" : result.subject() + ": ";
    String remedy = result.remedy();
    output.result(
        Json.object(
            "check",
            result.check(),
            "level",
            result.level().name(),
            "subject",
            result.subject(),
            "found",
            result.found(),
            "remedy",
            remedy),
        String.format("%-4s  %-11s  ", level, result.check())
            + Printable.message(subject + result.found())
            + (remedy == null ? "" : "\n" + " ".repeat(19) + "-> " + remedy));
  }
}
