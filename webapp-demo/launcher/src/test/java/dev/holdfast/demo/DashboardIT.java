package dev.holdfast.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every expression of Grafana's dashboard, asked of a real Prometheus that scrapes both nodes of
 * the demo while visitors come. Grafana itself only draws what Prometheus answers.
 */
@Tag("full")
@Timeout(180)
class DashboardIT {
  private static final Path DASHBOARD = Path.of("../../docker/grafana/holdfast.json");

  /** The demo has no backup and no value that cannot be stored. */
  private static final Pattern NOT_OF_THE_DEMO =
      Pattern.compile("holdfast_(backup_waiting|attributes_(local|refused))_.*");

  @TempDir Path directory;

  private RunningDemo demo;
  private Prometheus prometheus;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    Path program = BrowserIT.onPath("prometheus");
    assumeTrue(program != null, "No prometheus on the PATH");
    demo = RunningDemo.start();
    prometheus = new Prometheus(program, demo, directory);
  }

  @AfterEach
  void close() throws InterruptedException {
    if (prometheus != null) {
      prometheus.close();
    }
    if (demo != null) {
      demo.close();
    }
  }

  private static List<String> expressions() throws IOException {
    return Pattern.compile("\"expr\": \"((?:[^\"\\\\]|\\\\.)*)\"")
        .matcher(Files.readString(DASHBOARD))
        .results()
        .map(found -> found.group(1).replace("\\\"", "\""))
        // As Grafana replaces them, with "All" chosen.
        .map(found -> found.replace("$app", ".*").replace("$__rate_interval", "20s"))
        .toList();
  }

  /** Comes to both nodes by turns, buys, sometimes logs out, and once with an id of nobody. */
  private void visit() throws IOException, InterruptedException {
    Visitor visitor = new Visitor();
    visitor.post(demo.node(1) + "/cart", "item", "rope");
    visitor.post(demo.node(1) + "/login", "username", "alice", "password", "wonderland");
    for (int i = 0; i < 10; i++) {
      visitor.get(demo.node(1 + i / 2 % 2) + "/api/session");
    }
    visitor.post(demo.node(2) + "/cart", "item", "anchor");
    Map<String, String> old = visitor.cookies();
    visitor.post(demo.node(1) + "/logout");
    Visitor.with(old).get(demo.node(2) + "/api/session");
  }

  @Test
  void everyExpressionYieldsData() throws IOException, InterruptedException {
    List<String> all = expressions();
    assertThat(all).hasSizeGreaterThan(20).allMatch(expression -> !expression.contains("$"));
    List<String> left = new ArrayList<>(all);

    await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> {
              visit();
              left.removeIf(
                  expression -> {
                    String answer = prometheus.query(expression);
                    assertThat(answer).as(expression).contains("\"status\":\"success\"");
                    return !answer.contains("\"result\":[]") && !answer.contains("\"NaN\"");
                  });
              assertThat(left).as("expressions without data").allMatch(this::isOfAnother);
            });

    // Those at least name meters as they are called.
    assertThat(left).hasSize(3);
    picture(
        "prometheus",
        "sum by (operation) (rate(holdfast_store_waits_seconds_count[20s]))",
        "sum by (copy) (rate(holdfast_joins_total[20s]))");
  }

  private boolean isOfAnother(String expression) {
    return Pattern.compile("holdfast_\\w+")
        .matcher(expression)
        .results()
        .allMatch(name -> NOT_OF_THE_DEMO.matcher(name.group()).matches());
  }

  /** Prometheus's own page with graphs of the last minute. */
  private void picture(String name, String... expressions) throws IOException {
    Path chromium = BrowserIT.onPath("chromium", "chromium-browser", "google-chrome");
    assumeTrue(chromium != null, "No chromium, chromium-browser or google-chrome on the PATH");
    StringBuilder query = new StringBuilder();
    for (int i = 0; i < expressions.length; i++) {
      query
          .append(i == 0 ? "?" : "&")
          .append("g%d.expr=".formatted(i))
          .append(URLEncoder.encode(expressions[i], StandardCharsets.UTF_8))
          .append("&g%1$d.tab=0&g%1$d.range_input=1m".formatted(i));
    }
    try (Playwright playwright =
            Playwright.create(
                new Playwright.CreateOptions()
                    .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser =
            playwright
                .chromium()
                .launch(
                    new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        .setArgs(List.of("--no-sandbox", "--disable-gpu")))) {
      Page page = browser.newPage(new Browser.NewPageOptions().setViewportSize(1200, 1250));
      page.navigate(prometheus.address() + "/graph" + query);
      // The legends of both graphs; pages of several versions draw differently.
      page.waitForFunction(
          "() => ['check', 'current'].every(text => document.body.innerText.includes(text))");
      page.screenshot(
          new Page.ScreenshotOptions()
              .setFullPage(true)
              .setPath(Path.of(System.getProperty("demo.screenshots"), name + ".png")));
    }
  }
}
