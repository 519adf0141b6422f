package dev.holdfast.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What tests measured about faults: one line each in {@code target/fault-matrix}, from which the
 * page {@code faults.md} is made by {@link #main}. Only {@code mvn clean} empties the folder:
 * without it rows of an earlier run stand beside those of the last.
 */
public final class FaultMatrix {
  private static final Path MEASURED = Path.of("target", "fault-matrix");
  private static final Path PAGE = Path.of("src", "site", "markdown", "faults.md");
  private static final String BEGIN = "<!-- measured -->\n";
  private static final String END = "<!-- /measured -->\n";

  private FaultMatrix() {}

  /**
   * Keeps an outcome for the page.
   *
   * @param fault the row
   * @param test the class that measured it
   * @param outcome one line, for people
   */
  public static void record(String fault, String test, String outcome) {
    try {
      Files.createDirectories(MEASURED);
      String line = fault + "\t" + test + "\t" + outcome.replace('\n', ' ') + "\n";
      String variant = outcome.contains(":") ? outcome.substring(0, outcome.indexOf(':')) : "";
      String name = (fault + "-" + test + "-" + variant).replaceAll("\\W+", "-");
      Files.writeString(MEASURED.resolve(name + ".txt"), line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the table into the page, in the place of the one that is there. */
  public static void main(String[] args) throws IOException {
    Map<String, List<String>> rows = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(MEASURED)) {
      for (Path file : files.sorted().toList()) {
        String[] parts = Files.readString(file).strip().split("\t");
        rows.computeIfAbsent("| " + parts[0] + " | `" + parts[1] + "` | ", row -> new ArrayList<>())
            .add(parts[2]);
      }
    }
    StringBuilder table = new StringBuilder("| Fault | Test | Measured |\n|---|---|---|\n");
    rows.forEach(
        (row, outcomes) -> table.append(row).append(String.join("; ", outcomes)).append(" |\n"));
    String page = Files.readString(PAGE);
    int from = page.indexOf(BEGIN) + BEGIN.length();
    int to = page.indexOf(END);
    if (from < BEGIN.length() || to < from) {
      throw new IllegalStateException(PAGE + " has no place for the table");
    }
    Files.writeString(PAGE, page.substring(0, from) + table + page.substring(to));
  }
}
