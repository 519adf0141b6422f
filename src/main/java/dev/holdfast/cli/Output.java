package dev.holdfast.cli;

import dev.holdfast.text.Json;
import dev.holdfast.text.Printable;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a command writes what it has found: for people, or as JSON. */
final class Output {
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean json;
  private List<String> header = List.of();
  private int[] widths = {};

  Output(PrintWriter out, PrintWriter err, boolean json) {
    this.out = out;
    this.err = err;
    this.json = json;
  }

  boolean isJson() {
    return json;
  }

  /** Tells the result: as an object, or in a sentence. */
  void result(Map<String, @Nullable Object> object, String sentence) {
    out.println(json ? Json.of(object) : sentence);
    out.flush();
  }

  /** Begins a table; its head is written with the first row, when it is known how wide it is. */
  void columns(String... names) {
    header = List.of(names);
    widths = new int[names.length];
    fit(List.of(header));
  }

  /** Makes the columns as wide as the widest cell of the rows that come next. */
  void fit(List<List<String>> rows) {
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], Printable.of(row.get(i)).length());
      }
    }
  }

  /** A row of the table, or one object. */
  void row(Map<String, @Nullable Object> object, List<String> cells) {
    if (json) {
      out.println(Json.of(object));
      return;
    }
    if (!header.isEmpty()) {
      cells(header);
      header = List.of();
    }
    cells(cells);
  }

  private void cells(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String cell = Printable.of(cells.get(i));
      line.append(cell);
      if (i + 1 < cells.size()) {
        line.append(" ".repeat(Math.max(0, widths[i] - cell.length()) + 2));
      }
    }
    out.println(line);
  }

  /** A line for people that is no result; nothing for JSON. */
  void line(String text) {
    if (!json) {
      out.println(text);
    }
  }

  /** A remark on standard error. */
  void note(String text) {
    out.flush();
    err.println(text);
    err.flush();
  }

  /**
   * Hands on what was written.
   *
   * @return false when nobody reads it any more
   */
  boolean flush() {
    return !out.checkError();
  }

  /** Seconds are enough for people. */
  static String shown(@Nullable Instant time) {
    return time == null ? "-" : time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** For example {@code 30m}. */
  static String shown(Duration time) {
    return time.isZero() || time.isNegative()
        ? "never"
        : time.toString().substring(2).toLowerCase(Locale.ROOT);
  }

  /** With commas between thousands. */
  static String shown(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
