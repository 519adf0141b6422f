package dev.holdfast.preflight;

import dev.holdfast.preflight.Finding.Severity;
import dev.holdfast.text.Printable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@link Preflight} found out about a WAR.
 *
 * @param war its file or directory, as it was named
 * @param findings the gravest first
 * @param environment the variables to set in the environment of the server, in order; a value in
 *     angle brackets is to be filled in
 * @param allow class names for {@code codec.allow}, needed where there is no encryption key
 * @param webXml elements to add to web.xml, in its order; empty when none are needed
 */
public record PreflightReport(
    String war,
    List<Finding> findings,
    Map<String, String> environment,
    List<String> allow,
    String webXml) {

  private static final int WIDTH = 100;
  private static final String INDENT = "         ";

  public PreflightReport {
    List<Finding> sorted = new ArrayList<>(findings);
    sorted.sort(Comparator.comparing(Finding::severity).reversed());
    findings = List.copyOf(sorted);
    allow = List.copyOf(allow);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
  }

  /** The gravest severity; OK when there is no finding. */
  public Severity worst() {
    return findings.isEmpty() ? Severity.OK : findings.get(0).severity();
  }

  private long count(Severity severity) {
    return findings.stream().filter(finding -> finding.severity() == severity).count();
  }

  /** The report as text. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        Printable.message(war)
            + ": "
            + count(Severity.BLOCKER)
            + " blockers, "
            + count(Severity.WARNING)
            + " warnings, "
            + count(Severity.NOTE)
            + " notes");
    lines.add("");
    for (Finding finding : findings) {
      lines.add(String.format("%-8s %s", finding.severity(), finding.subject()));
      wrap(lines, finding.meaning());
      if (!finding.remedy().isEmpty()) {
        wrap(lines, "-> " + finding.remedy());
      }
    }
    if (!environment.isEmpty()) {
      lines.add("");
      lines.add("Add to the environment of the server:");
      lines.add("");
      environment.forEach((name, value) -> lines.add("  export " + name + "='" + value + "'"));
    }
    if (!allow.isEmpty()) {
      lines.add("");
      lines.add("Or, instead of the key, if values may lie in Redis in the clear:");
      lines.add("");
      lines.add("  export HOLDFAST_CODEC_ALLOW='" + String.join(",", allow) + "'");
    }
    if (!webXml.isEmpty()) {
      lines.add("");
      lines.add("Add to WEB-INF/web.xml, before every other filter:");
      lines.add("");
      webXml.lines().forEach(line -> lines.add("  " + line));
    }
    return lines;
  }

  private static void wrap(List<String> lines, String text) {
    StringBuilder line = new StringBuilder(INDENT);
    for (String word : text.split(" ", -1)) {
      if (line.length() > INDENT.length() && line.length() + word.length() > WIDTH) {
        lines.add(line.toString().stripTrailing());
        line = new StringBuilder(INDENT);
      }
      line.append(word).append(' ');
    }
    lines.add(line.toString().stripTrailing());
  }

  /** The report as strings, lists and maps, such as a writer of JSON takes. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("war", war);
    map.put("worst", worst().name());
    map.put("findings", findings.stream().map(Finding::toMap).toList());
    map.put("environment", environment);
    map.put("allow", allow);
    map.put("webXml", webXml);
    return map;
  }

  /** The lines, each with a line feed at its end. */
  @Override
  public String toString() {
    return String.join("\n", lines()) + "\n";
  }
}
