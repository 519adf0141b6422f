package dev.holdfast.admin;

import dev.holdfast.config.WrittenSetting;
import dev.holdfast.store.ServerHealth;
import dev.holdfast.text.Json;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How this node is.
 *
 * @param app name of the application in Redis, with the prefix
 * @param sessions how many there are; null when that is not known
 * @param problem why Redis cannot be asked; null when it can
 * @param places where sessions are and what looks after them: names and words, in order
 */
record Overview(
    String app,
    String version,
    @Nullable Long sessions,
    @Nullable String problem,
    List<ServerHealth> servers,
    Map<String, String> places,
    List<Reading> gauges,
    List<Reading> counters,
    List<Wait> waits,
    List<WrittenSetting> settings)
    implements Page {

  /** A number that the MBean has too. */
  record Reading(String name, String text, long value) {}

  /** What was waited for. */
  record Wait(String call, long count, long nanos, long longestNanos) {
    private long meanNanos() {
      return count == 0 ? 0 : nanos / count;
    }
  }

  @Override
  public String title() {
    return "Overview";
  }

  @Override
  public String section() {
    return "overview";
  }

  @Override
  public void writeTo(Html html) {
    html.raw("<h1>").text(app).raw("</h1>\n");
    String trouble = problem;
    if (trouble != null) {
      html.raw("<p class=\"notice bad\" role=\"alert\">Redis cannot be asked. ")
          .sentence(trouble)
          .raw("</p>\n");
    }
    html.raw("<ul class=\"tiles\">\n<li><strong>");
    if (sessions == null) {
      html.raw("?");
    } else {
      html.number(sessions);
    }
    html.raw("</strong><span>sessions on all nodes</span></li>\n");
    for (Reading gauge : gauges) {
      html.raw("<li")
          .value("title", gauge.text())
          .raw("><strong>")
          .number(gauge.value())
          .raw("</strong><span>")
          .text(words(gauge.name()))
          .raw("</span></li>\n");
    }
    html.raw("</ul>\n<h2>Redis</h2>\n");
    writeServers(html);
    html.raw("<h2>Where sessions are</h2>\n<dl class=\"facts\">\n");
    places.forEach(
        (name, words) ->
            html.raw("<div class=\"broad\"><dt>")
                .text(name)
                .raw("</dt><dd>")
                .sentence(words)
                .raw("</dd></div>\n"));
    html.raw("</dl>\n");
    writeWaits(html);
    writeCounters(html);
    writeSettings(html);
  }

  /** {@code SessionsInUse} becomes {@code sessions in use}. */
  private static String words(String name) {
    return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }

  private void writeServers(Html html) {
    html.raw("<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">Server</th>")
        .raw("<th scope=\"col\">State</th><th scope=\"col\" class=\"count\">Answered in</th>")
        .raw("</tr></thead>\n<tbody>\n");
    for (ServerHealth server : servers) {
      Duration answered = server.answered();
      html.raw("<tr><th scope=\"row\"><code>")
          .text(server.address())
          .raw("</code></th><td><span")
          .value("class", answered == null ? "state bad" : "state good")
          .raw(">")
          .sentence(server.state())
          .raw("</span></td><td class=\"count\">");
      if (answered == null) {
        html.raw("no answer");
      } else {
        html.raw(millis(answered.toNanos()));
      }
      html.raw("</td></tr>\n");
    }
    html.raw("</tbody></table></div>\n");
  }

  private static String millis(long nanos) {
    long micros = TimeUnit.NANOSECONDS.toMicros(nanos);
    return String.format(Locale.ROOT, "%.1f ms", micros / 1000.0);
  }

  private void writeWaits(Html html) {
    if (waits.isEmpty()) {
      return;
    }
    html.raw("<h2>Waits for Redis since the deployment</h2>\n<div class=\"wide\"><table>\n<thead>")
        .raw("<tr><th scope=\"col\">For</th><th scope=\"col\" class=\"count\">Often</th>")
        .raw("<th scope=\"col\" class=\"count\">Mean</th>")
        .raw("<th scope=\"col\" class=\"count\">Longest</th></tr></thead>\n<tbody>\n");
    for (Wait wait : waits) {
      html.raw("<tr><th scope=\"row\">")
          .text(wait.call())
          .raw("</th><td class=\"count\">")
          .number(wait.count())
          .raw("</td><td class=\"count\">")
          .raw(millis(wait.meanNanos()))
          .raw("</td><td class=\"count\">")
          .raw(millis(wait.longestNanos()))
          .raw("</td></tr>\n");
    }
    html.raw("</tbody></table></div>\n");
  }

  private void writeCounters(Html html) {
    html.raw("<h2>Counted since the deployment</h2>\n<div class=\"wide\"><table>\n<thead><tr>")
        .raw("<th scope=\"col\">What</th><th scope=\"col\" class=\"count\">Times</th></tr>")
        .raw("</thead>\n<tbody>\n");
    for (Reading counter : counters) {
      html.raw(counter.value() == 0 ? "<tr class=\"soft\">" : "<tr>")
          .raw("<th scope=\"row\">")
          .sentence(counter.text())
          .raw("</th><td class=\"count\">")
          .number(counter.value())
          .raw("</td></tr>\n");
    }
    html.raw("</tbody></table></div>\n");
  }

  private void writeSettings(Html html) {
    html.raw("<h2>Settings that are not left to their default</h2>\n<div class=\"wide\"><table>\n")
        .raw("<thead><tr><th scope=\"col\">Setting</th><th scope=\"col\">Value</th>")
        .raw("<th scope=\"col\">From</th></tr></thead>\n<tbody>\n");
    for (WrittenSetting setting : settings) {
      html.raw("<tr><th scope=\"row\"><code>")
          .text(setting.name())
          .raw("</code></th><td><code>")
          .text(setting.value())
          .raw("</code></td><td>")
          .text(setting.source())
          .raw("</td></tr>\n");
    }
    html.raw("</tbody></table></div>\n<p class=\"soft\">Holdfast ").text(version).raw("</p>\n");
  }

  @Override
  public Object data() {
    return Json.object(
        "app",
        app,
        "version",
        version,
        "sessions",
        sessions,
        "problem",
        problem,
        "servers",
        servers.stream()
            .map(
                server ->
                    Json.object(
                        "address", server.address(),
                        "state", server.state(),
                        "answeredMicros", micros(server.answered())))
            .toList(),
        "places",
        places,
        "gauges",
        byName(gauges),
        "counters",
        byName(counters),
        "waits",
        waits.stream()
            .map(
                wait ->
                    Json.object(
                        "call", wait.call(),
                        "count", wait.count(),
                        "micros", TimeUnit.NANOSECONDS.toMicros(wait.nanos()),
                        "maxMicros", TimeUnit.NANOSECONDS.toMicros(wait.longestNanos())))
            .toList(),
        "settings",
        settings.stream()
            .map(
                setting ->
                    Json.object(
                        "name", setting.name(),
                        "value", setting.value(),
                        "source", setting.source()))
            .toList());
  }

  private static @Nullable Long micros(@Nullable Duration duration) {
    return duration == null ? null : TimeUnit.NANOSECONDS.toMicros(duration.toNanos());
  }

  private static Map<String, @Nullable Object> byName(List<Reading> readings) {
    Map<String, @Nullable Object> object = Json.object();
    readings.forEach(reading -> object.put(reading.name(), reading.value()));
    return object;
  }
}
