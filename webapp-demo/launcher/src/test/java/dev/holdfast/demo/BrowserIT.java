package dev.holdfast.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import com.microsoft.playwright.options.WaitUntilState;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The demo in a real Chromium, by mouse and keyboard. Its pictures go to {@code
 * target/screenshots}, or where {@code -Ddemo.screenshots} says: those of the README are made that
 * way.
 */
@Timeout(180)
class BrowserIT {
  private static Playwright playwright;
  private static Browser browser;

  private RunningDemo demo;

  @BeforeAll
  static void startChromium() {
    Path chromium = onPath("chromium", "chromium-browser", "google-chrome");
    assumeTrue(chromium != null, "No chromium, chromium-browser or google-chrome on the PATH");
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(chromium)
                    // Playwright turns the cache behind the back button off; people have it on.
                    .setIgnoreDefaultArgs(List.of("--disable-back-forward-cache"))
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync")));
  }

  @AfterAll
  static void closeChromium() {
    if (playwright != null) {
      playwright.close();
    }
  }

  @BeforeEach
  void startDemo() throws IOException, InterruptedException {
    demo = RunningDemo.start();
  }

  @AfterEach
  void closeDemo() throws InterruptedException {
    if (demo != null) {
      demo.close();
    }
  }

  @ParameterizedTest(name = "JavaScript {0}")
  @ValueSource(booleans = {true, false})
  void aVisitorGoesOnAtTheOtherNodeAndTheBackButtonShowsNothingPrivate(boolean javaScript)
      throws IOException {
    try (BrowserContext context = context(javaScript, ColorScheme.LIGHT)) {
      Page page = context.newPage();
      FrameLocator inspector = page.frameLocator("iframe");

      page.navigate(demo.node(1) + "/");
      assertThat(page.locator("#node")).hasText("node-1");
      assertThat(inspector.locator("#none")).containsText("sent no session cookie");
      assertThat(context.cookies()).isEmpty();

      page.locator(".actions").getByText("Log in").click();
      page.getByText("Put a rope into the cart").click();
      assertThat(page.getByRole(AriaRole.STATUS)).containsText("Your cart holds one thing");
      final String anonymous = cookie(context).value;
      logIn(page, "alice", "wonderland");
      assertThat(page.locator("h1")).hasText("Welcome, alice");
      assertThat(cookie(context).value).isNotEqualTo(anonymous);
      assertThat(inspector.locator("#ids li")).hasCount(2);
      page.getByLabel("Add Anchor").click();
      page.getByLabel("Add Compass").click();
      page.getByLabel("Add Anchor").click();
      assertThat(page.locator("#count")).hasText("4");
      assertThat(inspector.locator("#fields")).containsText("a:cart");
      assertThat(inspector.locator("#stop-2")).isVisible();
      picture(page, "dashboard", javaScript);

      inspector.locator("#stop-1").click();
      page.waitForURL(demo.node(2) + "/dashboard");
      assertThat(page.locator("#node")).hasText("node-2");
      assertThat(page.locator("h1")).hasText("Welcome, alice");
      assertThat(page.locator("#count")).hasText("4");
      assertThat(inspector.locator("#start-1")).hasText("Start node-1");
      page.getByLabel("Add Lantern").click();
      assertThat(page.locator("#count")).hasText("5");
      assertThat(inspector.locator("#fields")).containsText("a:cart");
      picture(page, "after-the-kill", javaScript);

      inspector.locator("#start-1").click();
      assertThat(inspector.locator("#stop-1")).hasText("Stop node-1");
      page.locator("nav a").click();
      page.waitForURL(demo.node(1) + "/dashboard");
      assertThat(page.locator("#count")).hasText("5");

      page.getByText("Log out").click();
      assertThat(page.locator(".notice")).containsText("You are logged out");
      assertThat(context.cookies()).isEmpty();
      // A page that the browser kept would come back without loading anything.
      page.goBack(new Page.GoBackOptions().setWaitUntil(WaitUntilState.COMMIT));
      assertThat(page).hasURL(demo.node(1) + "/login");
      assertThat(page.content()).doesNotContain("Welcome, alice", "id=\"count\"");
      page.navigate(demo.node(2) + "/dashboard");
      assertThat(page).hasURL(Pattern.compile(".*/login"));
    }
  }

  @Test
  void chromiumSeesTheCookieAsItShouldBe() {
    try (BrowserContext context = context(true, ColorScheme.LIGHT)) {
      Page page = context.newPage();
      page.navigate(demo.node(1) + "/login");
      logIn(page, "bob", "builder");
      Cookie cookie = cookie(context);
      assertThat(cookie.name).isEqualTo("__Host-sid");
      assertThat(cookie.value).matches("[A-Za-z0-9_-]{64}");
      assertThat(cookie.secure).isTrue();
      assertThat(cookie.httpOnly).isTrue();
      assertThat(cookie.sameSite).isEqualTo(SameSiteAttribute.LAX);
      assertThat(cookie.path).isEqualTo("/");
      assertThat(cookie.domain).isEqualTo("localhost");
      assertThat(cookie.expires).isEqualTo(-1);
      assertThat(page.evaluate("document.cookie")).isEqualTo("");
      assertThat(page.content()).doesNotContain(cookie.value);
    }
  }

  @Test
  void nothingIsWiderThanThePageOnASmallScreen() throws IOException {
    try (BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(390, 844)
                .setColorScheme(ColorScheme.DARK))) {
      Page page = context.newPage();
      page.navigate(demo.node(2) + "/login");
      logIn(page, "bob", "builder");
      page.getByPlaceholder("Something else").fill("W".repeat(80));
      page.getByText("Add", new Page.GetByTextOptions().setExact(true)).last().click();
      assertThat(page.locator("#count")).hasText("1");
      picture(page, "small-and-dark", true);
      String wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth";
      assertThat(page.evaluate(wider)).isEqualTo(false);
      assertThat(page.frames().get(1).evaluate(wider)).isEqualTo(false);
    }
  }

  @Test
  void anAdminSeesTheSessionsAndEndsOneWithoutJavaScript() throws IOException {
    try (BrowserContext visitors = context(true, ColorScheme.LIGHT);
        BrowserContext second = context(true, ColorScheme.LIGHT);
        BrowserContext stranger = context(false, ColorScheme.LIGHT);
        BrowserContext admins = admin(ColorScheme.LIGHT, 1280)) {
      Page alice = shopper(visitors, demo.node(1), "alice", "wonderland");
      final Page elsewhere = shopper(second, demo.node(2), "alice", "wonderland");
      assertThat(stranger.request().get(demo.node(1) + "/holdfast-admin/").status()).isEqualTo(401);

      Page page = admins.newPage();
      page.navigate(demo.node(1) + "/");
      page.getByText("All sessions, for admins").click();
      assertThat(page.locator("h1")).hasText("holdfast:root");
      assertThat(page.locator(".tiles li").first()).containsText("2");
      assertThat(page.locator(".state.good")).hasText("connected");
      picture(page, "admin-overview", true);

      page.getByRole(AriaRole.LINK, named("Sessions")).click();
      assertThat(page.locator("tbody tr")).hasCount(2);
      picture(page, "admin-sessions", true);
      page.getByRole(AriaRole.LINK, named("Users")).click();
      page.getByRole(AriaRole.LINK, named("alice")).click();
      assertThat(page.locator("h1")).hasText("Sessions of alice");
      assertThat(page.locator("tbody tr")).hasCount(2);
      page.locator("tbody a").first().click();
      assertThat(page.locator("tbody")).containsText("com.example.chandlery.Cart");
      assertThat(page.locator("pre")).hasCount(0);
      page.getByLabel("Show the value of cart").click();
      assertThat(page.locator("pre")).containsText("com.example.chandlery.Cart");
      assertThat(page.url()).doesNotContain("alice", cookie(visitors).value.substring(0, 10));
      picture(page, "admin-session", true);

      page.getByText("End this session").click();
      assertThat(page.getByRole(AriaRole.STATUS)).hasText("One session was ended.");
      assertThat(page.locator("tbody tr")).hasCount(1);
      alice.navigate(demo.node(2) + "/dashboard");
      assertThat(alice).hasURL(Pattern.compile(".*/login"));

      page.getByPlaceholder("Session id or user").fill("alice");
      page.getByText("Find").click();
      page.getByText("End more than one").click();
      page.getByText("End them").click();
      assertThat(page.locator(".empty")).hasText("This user is not logged in.");
      elsewhere.navigate(demo.node(1) + "/dashboard");
      assertThat(elsewhere).hasURL(Pattern.compile(".*/login"));
    }
  }

  @Test
  void theAdminViewFitsASmallScreenInTheDark() throws IOException {
    try (BrowserContext visitors = context(true, ColorScheme.LIGHT);
        BrowserContext admins = admin(ColorScheme.DARK, 390)) {
      shopper(visitors, demo.node(1), "bob", "builder");
      Page page = admins.newPage();
      for (String address : List.of("", "sessions", "users", "user?name=bob")) {
        page.navigate(demo.node(2) + "/holdfast-admin/" + address);
        assertThat(page.locator("h1")).isVisible();
        double width = page.locator("html").boundingBox().width;
        assertThat(page.locator("main").boundingBox().width).isLessThanOrEqualTo(width);
        assertThat(width).isEqualTo(390);
      }
      page.locator("tbody a").first().click();
      picture(page, "admin-small-and-dark", true);
    }
  }

  private BrowserContext admin(ColorScheme colors, int width) {
    return browser.newContext(
        new Browser.NewContextOptions()
            .setJavaScriptEnabled(false)
            .setViewportSize(width, 800)
            .setColorScheme(colors)
            .setHttpCredentials("admin", demo.adminToken()));
  }

  private static Page shopper(BrowserContext context, String node, String name, String password) {
    Page page = context.newPage();
    page.navigate(node + "/login");
    logIn(page, name, password);
    page.getByLabel("Add Anchor").click();
    assertThat(page.locator("#count")).hasText("1");
    return page;
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }

  private static void logIn(Page page, String name, String password) {
    page.getByLabel("Name").fill(name);
    page.getByLabel("Password").fill(password);
    page.getByLabel("Password").press("Enter");
    page.waitForURL(Pattern.compile(".*/dashboard"));
  }

  private static BrowserContext context(boolean javaScript, ColorScheme colors) {
    return browser.newContext(
        new Browser.NewContextOptions()
            .setJavaScriptEnabled(javaScript)
            .setViewportSize(1280, 800)
            .setColorScheme(colors));
  }

  private static Cookie cookie(BrowserContext context) {
    List<Cookie> cookies = context.cookies();
    assertThat(cookies).hasSize(1);
    return cookies.get(0);
  }

  private static void picture(Page page, String name, boolean wanted) throws IOException {
    if (wanted) {
      Path directory = Path.of(System.getProperty("demo.screenshots", "target/screenshots"));
      Files.createDirectories(directory);
      page.screenshot(new Page.ScreenshotOptions().setPath(directory.resolve(name + ".png")));
    }
  }

  static Path onPath(String... names) {
    for (String name : names) {
      for (String directory : System.getenv("PATH").split(File.pathSeparator)) {
        Path file = Path.of(directory, name);
        if (Files.isExecutable(file)) {
          return file;
        }
      }
    }
    return null;
  }
}
