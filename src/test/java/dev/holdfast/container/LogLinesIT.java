package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.container.lines.LinesServlet;
import dev.holdfast.redis.testing.RedisMonitor;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.security.SessionToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/** Session and user in the lines that an application logs by SLF4J and Logback. */
@EachContainer
class LogLinesIT {
  private static final String LOGBACK =
      """
      <configuration>
        <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
          <encoder>
            <pattern>LINE s=%X{holdfast.session} u=%X{holdfast.user} t=%thread m=%msg%n</pattern>
          </encoder>
        </appender>
        <root level="INFO"><appender-ref ref="OUT"/></root>
      </configuration>
      """;

  private static final Pattern LINE = Pattern.compile("LINE s=(\\S*) u=(.*) t=(.*) m=(\\S+) (.*)");
  private static final AtomicInteger REQUESTS = new AtomicInteger();

  @TempDir static Path directory;
  private static RedisServer redis;
  private static ContainerNode node;

  /** One line of the log. */
  private record Line(String session, String user, String thread, String of, String step) {}

  LogLinesIT(Container container) {}

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    redis = RedisServer.start();
    node =
        ContainerNode.on(container)
            .deploy("/users", war("user").holdfast().in(directory))
            .deploy("/default", war("").holdfastAll().in(directory))
            .deploy("/off", war("off").holdfast().in(directory))
            .environment("HOLDFAST_REDIS_URI", redis.uri())
            .environment("HOLDFAST_EXPIRY_INTERVAL", "2m")
            .start();
  }

  private static WarBuilder war(String names) {
    String setting =
        "<context-param><param-name>holdfast.logging.mdc</param-name><param-value>"
            + names
            + "</param-value></context-param>\n";
    Path libraries = Path.of(System.getProperty("holdfast.libs", "target/libs"));
    try (Stream<Path> jars = Files.list(libraries.resolveSibling("logging"))) {
      return WarBuilder.empty()
          .packageOf(LinesServlet.class)
          .webXml(
              (names.isEmpty() ? "" : setting)
                  + "<error-page><location>/lines</location></error-page>\n"
                  + "<login-config><auth-method>BASIC</auth-method>"
                  + "<realm-name>holdfast-test</realm-name></login-config>\n")
          .resource("WEB-INF/classes/logback.xml", LOGBACK)
          .libraries(jars.toArray(Path[]::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    node.close();
    redis.close();
  }

  private final Browser user = node.browser("/users");

  /** Takes steps in one request; the lines by their step, once the last one is there. */
  private static Map<String, Line> lines(Browser browser, String steps, String... more) {
    String of = "r" + REQUESTS.incrementAndGet();
    String query = "of=" + of + "&do=" + URLEncoder.encode(steps, StandardCharsets.UTF_8);
    browser.get("/lines?" + query + String.join("", more));
    await().until(() -> lines(of).containsKey("after"));
    return lines(of);
  }

  private static Map<String, Line> lines(String of) {
    Map<String, Line> lines = new HashMap<>();
    all().filter(line -> line.of().equals(of)).forEach(line -> lines.put(line.step(), line));
    return lines;
  }

  private static Stream<Line> all() {
    return node
        .logUpToNow()
        .lines()
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .map(
            found ->
                new Line(
                    found.group(1), found.group(2), found.group(3), found.group(4), found.group(5)))
        .toList()
        .stream();
  }

  /** What Holdfast's own messages call the session of this browser. */
  private static String session(Browser browser) {
    String token = browser.cookies().values().iterator().next();
    return SecurityEvents.shortHash(Objects.requireNonNull(SessionToken.parse(token)).locator());
  }

  private static void assertNames(Line line, String session, String user) {
    assertThat(line).isNotNull();
    assertThat(line.session()).as(line.toString()).isEqualTo(session);
    assertThat(line.user()).as(line.toString()).isEqualTo(user);
  }

  private Browser loggedIn(String name) {
    Browser browser = node.browser("/users");
    lines(browser, "set-" + name);
    return browser;
  }

  @Test
  void anAnonymousPageNamesNobody() {
    Map<String, Line> lines = lines(user, "log,read");

    assertNames(lines.get("log"), "", "");
    assertNames(lines.get("read"), "", "");
    assertThat(user.cookies()).isEmpty();
  }

  @Test
  void aNewSessionIsNamedFromItsCreationOn() {
    Map<String, Line> lines = lines(user, "log,create,log2");

    String session = session(user);
    assertThat(session).matches("[0-9a-f]{12}");
    assertNames(lines.get("log"), "", "");
    assertNames(lines.get("create"), session, "");
    assertNames(lines.get("log2"), session, "");
  }

  @Test
  void theSessionIsNamedByItsCookieBeforeAnybodyAsksForIt() {
    lines(user, "set-alice");
    Map<String, Line> lines = lines(user, "log,read");

    assertNames(lines.get("log"), session(user), "");
    assertNames(lines.get("read"), session(user), "alice");
  }

  @Test
  void aCookieThatLeadsToNothingIsNamedOnlyUntilThatIsKnown() {
    lines(user, "create");
    String session = session(user);
    String cookie = user.cookies().entrySet().iterator().next().toString();
    lines(user, "invalidate");
    Browser stale = node.browser("/users");
    stale.setCookie(cookie.split("=", 2)[0], cookie.split("=", 2)[1]);

    Map<String, Line> lines = lines(stale, "log,read,log2,create");

    assertNames(lines.get("log"), session, "");
    assertNames(lines.get("read"), "", "");
    assertNames(lines.get("log2"), "", "");
    assertThat(lines.get("create").session()).matches("[0-9a-f]{12}").isNotEqualTo(session);
  }

  @Test
  void loginAndLogoutCountAtOnce() {
    lines(user, "create");
    String session = session(user);
    Map<String, Line> lines = lines(user, "read,set-alice,rotate,set-bob,unset");

    assertNames(lines.get("read"), session, "");
    assertNames(lines.get("set-alice"), session, "alice");
    assertNames(lines.get("rotate"), session, "alice");
    assertNames(lines.get("set-bob"), session, "bob");
    assertNames(lines.get("unset"), session, "");
    assertThat(session(user))
        .as("a login changes the id, not the name in the log")
        .isEqualTo(session);

    lines = lines(user, "set-carol,invalidate,log");
    assertNames(lines.get("set-carol"), session, "carol");
    assertNames(lines.get("invalidate"), "", "");
    assertNames(lines.get("log"), "", "");
  }

  @Test
  void theContainersLoginCountsToo() {
    Map<String, Line> lines = lines(user, "login-root,logout");

    assertNames(lines.get("login-root"), session(user), "root");
    assertNames(lines.get("logout"), session(user), "");
  }

  @Test
  void nestedDispatchesNameTheSameAndTheirLoginsStay() {
    Map<String, Line> lines = lines(user, "log,nested-set-alice,log2,forward,end");

    assertNames(lines.get("log"), "", "");
    assertNames(lines.get("set-alice"), session(user), "alice");
    assertNames(lines.get("log2"), session(user), "alice");
    assertNames(lines.get("forward"), session(user), "alice");
    assertNames(lines.get("end"), session(user), "alice");
  }

  @Test
  void anErrorPageNamesThem() {
    Browser alice = loggedIn("alice");
    assertNames(lines(alice, "read,error").get("page"), session(alice), "alice");
    assertNames(lines(alice, "read,throw").get("page"), session(alice), "alice");
  }

  @Test
  void anAsynchronousPartNamesThemOnThreadsOfTheContainerOnly() {
    Browser alice = loggedIn("alice");
    Map<String, Line> lines = lines(alice, "read,start,log");
    assertNames(lines.get("read"), session(alice), "alice");
    assertNames(lines.get("start"), session(alice), "alice");
    assertNames(lines.get("log"), session(alice), "alice");

    lines = lines(alice, "read,dispatch,log");
    assertNames(lines.get("log"), session(alice), "alice");

    lines = lines(alice, "read,thread,log");
    await().until(() -> all().anyMatch(line -> line.thread().equals("of the application")));
    assertThat(all().filter(line -> line.thread().equals("of the application")))
        .isNotEmpty()
        .allSatisfy(line -> assertNames(line, "", ""));
  }

  /** The lines before and after all filters are those of a thread that goes back to its pool. */
  @Test
  void aThreadCarriesNothingFromOneRequestToTheNext() {
    Browser alice = loggedIn("alice");
    Browser anonymous = node.browser("/users");
    List<String> pages =
        List.of(
            "read",
            "read,start,x",
            "read,dispatch,x",
            "read,error",
            "read,throw",
            "read,thread,x",
            "set-alice,forward,x",
            "clear,read");
    Set<String> named = new HashSet<>();
    Set<String> unnamed = new HashSet<>();
    for (int i = 0; i < 40 || (i < 400 && Collections.disjoint(named, unnamed)); i++) {
      lines(alice, pages.get(i % pages.size())).values().stream()
          .filter(line -> line.user().equals("alice"))
          .forEach(line -> named.add(line.thread()));
      Map<String, Line> after = lines(anonymous, "log,read");
      assertThat(after.values()).allSatisfy(line -> assertNames(line, "", ""));
      unnamed.add(after.get("log").thread());
    }
    assertThat(named).as("threads that served both").containsAnyElementsOf(unnamed);
    assertThat(all().filter(line -> line.step().matches("before|after")))
        .filteredOn(line -> !line.user().equals("outer"))
        .allSatisfy(line -> assertNames(line, "", ""));
  }

  @Test
  void whatWasThereBeforeComesBack() {
    Browser alice = loggedIn("alice");

    Map<String, Line> lines = lines(alice, "log,read,nested-x", "&outer=outer");

    assertNames(lines.get("log"), session(alice), "");
    assertNames(lines.get("read"), session(alice), "alice");
    assertNames(lines.get("after"), "", "outer");
  }

  @Test
  void aUserCannotForgeALineByTheirName() {
    Map<String, Line> lines =
        lines(user, "set-eve\nLINE s=0 u=root t=x m=forged x\u202e" + "e".repeat(100) + ",log");

    assertThat(lines.get("log").user())
        .startsWith("eve\\u000aLINE")
        .contains("\\u202e")
        .endsWith("e...")
        .hasSizeLessThan(90);
    assertThat(node.logUpToNow().lines()).noneMatch(line -> line.startsWith("LINE s=0 "));
  }

  @Test
  void byDefaultTheSessionIsNamedAndTheUserIsNot() {
    Browser browser = node.browser("/default");
    lines(browser, "set-alice");
    Map<String, Line> lines = lines(browser, "log,read,set-bob");

    assertNames(lines.get("log"), session(browser), "");
    assertNames(lines.get("read"), session(browser), "");
    assertNames(lines.get("set-bob"), session(browser), "");
  }

  /** The user of a page that has not asked for its session stays unknown for that. */
  @Test
  void namesCostNoCommand() {
    Browser off = node.browser("/off");
    for (Browser browser : List.of(user, off)) {
      lines(browser, "set-alice");
      lines(browser, "read");
    }
    try (RedisMonitor monitor = new RedisMonitor(redis)) {
      lines(user, "log,forward,start,log");
      assertThat(commands(monitor)).as("start asks for the session").hasSize(2);
      monitor.clear();
      lines(user, "log");
      assertThat(commands(monitor)).isEmpty();
      lines(off, "log,read,set-bob,unset");
      List<String> without = commands(monitor);
      monitor.clear();
      lines(user, "log,read,set-bob,unset");
      assertThat(commands(monitor)).isNotEmpty().isEqualTo(without);
    }
  }

  /** Without those of the threads that look at other nodes. */
  private static List<String> commands(RedisMonitor monitor) {
    return monitor.sent().stream()
        .filter(line -> !line.text().contains(":user:{nodes}"))
        .map(RedisMonitor.Line::name)
        .toList();
  }

  @Test
  void offNamesNobody() {
    Browser browser = node.browser("/off");
    lines(browser, "set-alice");

    assertThat(lines(browser, "log,read").values()).allSatisfy(line -> assertNames(line, "", ""));
  }
}
