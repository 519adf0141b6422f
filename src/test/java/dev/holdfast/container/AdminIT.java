package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.session.StoredLogins;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/** What an admin sees and does by the servlet in the jar, and who else cannot. */
@EachContainer
class AdminIT {
  private static final String TOKEN = "only-for-tests-0123456789-0123456789";
  private static final String BASIC = basic("me", TOKEN);
  private static final Map<String, String> BEARER = Map.of("Authorization", "Bearer " + TOKEN);
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final Pattern LINK = Pattern.compile("(?:href|value)=\"([^\"]*)\"");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path directory;
  private static RedisServer redis;
  private static ContainerNode one;
  private static ContainerNode two;

  private final Container container;

  AdminIT(Container container) {
    this.container = container;
  }

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    redis = RedisServer.start();
    ContainerNode.Builder builder =
        ContainerNode.on(container)
            .deploy("/shop", war("admin.path=/holdfast-admin\nadmin.token=" + TOKEN + "\n"))
            .deploy("/roles", war("admin.path=/holdfast-admin\nadmin.role=admin\n"))
            .deploy("/undeclared", withoutRoles("admin.path=/holdfast-admin\nadmin.role=admin\n"))
            .deploy(
                "/unfiled",
                war("admin.path=/holdfast-admin\nexpiry.events=off\nadmin.token=" + TOKEN + "\n"))
            .deploy("/plain", war(""))
            .deploy("/declared", declared("admin.role=admin\nadmin.token=" + TOKEN + "\n"))
            .deploy("/nobody", declared(""))
            .deploy("/off", declared("enabled=false\n"))
            .environment("HOLDFAST_REDIS_URI", redis.uri())
            .environment("HOLDFAST_EXPIRY_INTERVAL", "2m");
    one = builder.begin();
    two = builder.start();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    one.close();
    two.close();
    redis.close();
  }

  @BeforeEach
  void forgetAllSessions() {
    redis.flush();
  }

  private static Path war(String settings) {
    return WarBuilder.probe()
        .holdfastAll()
        .resource("WEB-INF/classes/holdfast.properties", settings)
        .in(directory);
  }

  /** Its web.xml names no role, as where an application asks for roles by itself. */
  private static Path withoutRoles(String settings) {
    return WarBuilder.probe()
        .webXml(WarBuilder.SERVLET.replaceAll("<security-role>.*</security-role>", ""))
        .holdfastAll()
        .resource("WEB-INF/classes/holdfast.properties", settings)
        .in(directory);
  }

  private static Path declared(String settings) {
    return WarBuilder.probe(
            """
            <servlet>
              <servlet-name>sessions</servlet-name>
              <servlet-class>dev.holdfast.AdminServlet</servlet-class>
            </servlet>
            <servlet-mapping>
              <servlet-name>sessions</servlet-name>
              <url-pattern>/staff/sessions/*</url-pattern>
            </servlet-mapping>
            """)
        .holdfastAll()
        .resource("WEB-INF/classes/holdfast.properties", settings)
        .in(directory);
  }

  private static String basic(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  private static Reply get(ContainerNode node, String path) {
    return node.browser("/shop")
        .send("GET", "/holdfast-admin/" + path, null, Map.of("Authorization", BASIC));
  }

  private static JsonNode json(ContainerNode node, String path) {
    Map<String, String> headers = new LinkedHashMap<>(BEARER);
    headers.put("Accept", "application/json");
    return json(node.browser("/shop").send("GET", "/holdfast-admin/" + path, null, headers));
  }

  private static JsonNode json(Reply reply) {
    assertThat(reply.header("Content-Type")).as(reply.toString()).isPresent();
    assertThat(reply.header("Content-Type").get()).startsWith("application/json");
    try {
      return JSON.readTree(reply.text());
    } catch (JsonProcessingException e) {
      throw new AssertionError(reply.toString(), e);
    }
  }

  /** A script's POST, which gets JSON. */
  private static Reply act(ContainerNode node, String path, String... fields) {
    return post(node, path + "?format=json", BEARER, fields);
  }

  /** What a browser sends when somebody presses a button of the page. */
  private static Reply press(ContainerNode node, String path, String... fields) {
    return post(
        node, path, Map.of("Authorization", BASIC, "Sec-Fetch-Site", "same-origin"), fields);
  }

  private static Reply post(
      ContainerNode node, String path, Map<String, String> headers, String... fields) {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < fields.length; i += 2) {
      pairs.add(fields[i] + "=" + URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
    }
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("Content-Type", FORM);
    return node.browser("/shop")
        .send("POST", "/holdfast-admin/" + path, String.join("&", pairs), all);
  }

  private static Browser user(ContainerNode node, String name, String... steps) {
    Browser browser = node.browser("/shop");
    assertThat(browser.run("create").status()).isEqualTo(200);
    List<String> all = new ArrayList<>(List.of("set username " + name));
    all.addAll(List.of(steps));
    Reply reply = browser.run(all.toArray(String[]::new));
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    return browser;
  }

  private static String id(Browser browser) {
    return browser.run("session").of("session");
  }

  private static boolean isOver(Browser browser, ContainerNode node) {
    return id(browser.at(node)).equals("none");
  }

  @Test
  void thereIsNoneUnlessItIsAskedFor() {
    Reply reply =
        one.browser("/plain").send("GET", "/holdfast-admin/", null, Map.of("Authorization", BASIC));

    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.text()).doesNotContain("Holdfast");
  }

  @Test
  void onlyTheRightTokenIsLetInAndNoSessionComesOfIt() {
    Set<String> keys = keysOfSessions();
    for (String wrong :
        List.of(
            "",
            "Bearer " + TOKEN.substring(1),
            "Bearer",
            "Basic !",
            basic("me", TOKEN + "x"),
            basic(TOKEN, ""),
            "Digest " + TOKEN)) {
      Reply reply =
          one.browser("/shop")
              .send("GET", "/holdfast-admin/sessions", null, Map.of("Authorization", wrong));
      assertThat(reply.status()).as(wrong).isEqualTo(401);
      assertThat(reply.headers("WWW-Authenticate"))
          .contains("Basic realm=\"Holdfast admin\", charset=\"UTF-8\"");
      assertThat(reply.setCookies()).isEmpty();
    }
    Reply right = get(one, "sessions");
    assertThat(right.status()).as(right.toString()).isEqualTo(200);
    assertThat(right.setCookies()).isEmpty();
    assertThat(keysOfSessions()).isEqualTo(keys);
    assertThat(one.logUpToNow())
        .contains("ADMIN_REFUSED session=-: the admin view refused 127.0.0.1: that is not")
        .doesNotContain(TOKEN);
  }

  /** Without the registers of nodes, which each application writes in its own time. */
  private static Set<String> keysOfSessions() {
    return redis.keys().stream()
        .filter(key -> !key.endsWith(":user:{nodes}"))
        .collect(Collectors.toSet());
  }

  @Test
  void whoTriesManyTokensIsPutOffAndTheAdminIsNot() {
    Set<Integer> answers = new HashSet<>();
    for (int i = 0; i < 200 && !answers.contains(429); i++) {
      answers.add(
          two.browser("/shop")
              .send("GET", "/holdfast-admin/", null, Map.of("Authorization", basic("x", "no" + i)))
              .status());
    }
    assertThat(answers).containsExactlyInAnyOrder(401, 429);
    assertThat(get(two, "").status()).isEqualTo(200);
  }

  @Test
  void aRoleIsAskedOfTheContainerOrOfTheLoginInTheSession() {
    Browser root = one.browser("/roles");
    Reply asked = root.get("/holdfast-admin/");
    if (container == Container.JETTY_12_0) {
      // Its authenticate() refuses where those of others ask.
      assertThat(asked.status()).isEqualTo(403);
    } else {
      assertThat(asked.status()).isEqualTo(401);
      assertThat(asked.header("WWW-Authenticate").get()).contains("holdfast-test");
    }
    Map<String, String> password = Map.of("Authorization", basic("root", "toor"));
    assertThat(root.send("GET", "/holdfast-admin/", null, password).status()).isEqualTo(200);

    Browser alice = one.browser("/roles");
    Map<String, String> hers = Map.of("Authorization", basic("alice", "wonderland"));
    assertThat(alice.send("GET", "/holdfast-admin/", null, hers).status()).isEqualTo(403);
    assertThat(one.logUpToNow()).contains("alice is not in the role admin");

    Browser boss = one.browser("/roles");
    boss.run("create", "login root toor");
    Reply overview = boss.at(two).get("/holdfast-admin/");
    assertThat(overview.status()).as(overview.toString()).isEqualTo(200);
    assertThat(overview.text()).contains("sessions on all nodes");
  }

  @Test
  void aLoginInTheSessionKeepsTheRoleThatTheApplicationDoesNotDeclare() {
    Browser boss = one.browser("/undeclared");
    assertThat(boss.run("create", "login root toor").status()).isEqualTo(200);

    for (ContainerNode node : List.of(one, two)) {
      Reply overview = boss.at(node).get("/holdfast-admin/");
      assertThat(overview.status()).as(overview.toString()).isEqualTo(200);
    }
  }

  @Test
  void theServletInWebXmlTakesRoleOrTokenAndNobodyWithoutEither() {
    String path = "/staff/sessions/";
    Browser browser = one.browser("/declared");
    assertThat(browser.send("GET", path, null, BEARER).status()).isEqualTo(200);
    assertThat(
            browser
                .send("GET", path, null, Map.of("Authorization", basic("root", "toor")))
                .status())
        .isEqualTo(200);
    assertThat(browser.get(path).headers("WWW-Authenticate").get(0)).contains("Holdfast admin");

    Reply nobody = one.browser("/nobody").send("GET", path, null, BEARER);
    assertThat(nobody.status()).isEqualTo(403);
    assertThat(nobody.text()).contains("set admin.token to a secret");
    Reply off = one.browser("/off").send("GET", path, null, BEARER);
    assertThat(off.status()).isEqualTo(503);
    assertThat(off.text()).contains("Holdfast does not keep the sessions of this application");
  }

  @Test
  void aFormOfAnotherSiteActsOnNothing() {
    Browser victim = user(one, "ada");
    String id = id(victim);
    String own = one.address().toString();
    List<Map<String, String>> foreign =
        List.of(
            Map.of(),
            Map.of("Sec-Fetch-Site", "cross-site"),
            Map.of("Sec-Fetch-Site", "same-site"),
            Map.of("Sec-Fetch-Site", "none", "Origin", own),
            Map.of("Origin", "null"),
            Map.of("Origin", "http://evil.example"),
            Map.of("Origin", own.replace("http:", "https:")),
            Map.of("Origin", own + "0"));
    for (Map<String, String> headers : foreign) {
      Map<String, String> all = new LinkedHashMap<>(headers);
      all.put("Authorization", BASIC);
      Reply reply = post(one, "end", all, "id", id);
      assertThat(reply.status()).as(headers.toString()).isEqualTo(403);
      assertThat(reply.text()).contains("Not let in");
    }
    assertThat(isOver(victim, one)).isFalse();
    assertThat(one.logUpToNow()).contains("ADMIN_REFUSED").contains("a form of another site");

    Map<String, String> plainHttp = Map.of("Authorization", BASIC, "Origin", own);
    assertThat(post(one, "end", plainHttp, "id", id).status()).isEqualTo(303);
    assertThat(isOver(victim, two)).isTrue();
  }

  @Test
  void methodsThatNeitherReadNorActAreNamedAsSuch() {
    for (String method : List.of("PUT", "DELETE", "OPTIONS", "PATCH")) {
      Reply reply =
          one.browser("/shop")
              .send(method, "/holdfast-admin/", null, Map.of("Authorization", BASIC));
      assertThat(reply.status()).as(method).isEqualTo(405);
      assertThat(reply.header("Allow")).as(method).contains("GET, HEAD, POST");
    }
    Browser victim = user(one, "ada");
    Reply byGet = get(one, "end?id=" + id(victim));
    assertThat(byGet.status()).isEqualTo(405);
    assertThat(byGet.header("Allow")).contains("POST");
    assertThat(isOver(victim, one)).isFalse();
    assertThat(press(one, "sessions").status()).isEqualTo(405);
    assertThat(get(one, "no-such-page").status()).isEqualTo(404);
  }

  @Test
  void aSessionIsFoundByItsIdAndShownWithoutItsValues() {
    Browser ada =
        user(one, "ada", "set-cart cart", "set-bytes blob 1500", "set-unserializable thread x");
    ada.run("set color crimson");
    String id = id(ada);

    Reply found = act(two, "find", "what", id);
    assertThat(found.status()).isEqualTo(303);
    String location = found.header("Location").get();
    assertThat(location).doesNotContain(id).doesNotContain(id.substring(0, 10));
    Reply page = get(one, location.replace("&format=json", ""));
    assertThat(page.text())
        .contains(id, "ada", "<code>cart</code>", "dev.holdfast.container.app.Cart", "1.5 kB")
        .contains("On this node only", "<code>thread</code>", "by the last save", "1 save ago")
        .doesNotContain("nobody[]", "crimson");
    JsonNode session = json(one, location.replace("&format=json", ""));
    assertThat(session.get("session").get("user").asText()).isEqualTo("ada");
    assertThat(session.get("local").get(0).get("why").asText()).isNotBlank();
    assertThat(session.get("attributes").findValuesAsText("name"))
        .containsExactly("blob", "cart", "color", "username");
  }

  @Test
  void aValueIsShownOnRequestUnlessItsNameIsMasked() {
    Browser ada =
        user(one, "ada", "set-list goods rope,<b>x</b>", "set-cart cart", "set apiToken abc-123");
    String id = id(ada);

    String goods = act(one, "value", "id", id, "name", "goods").text();
    assertThat(goods).contains("java.util.ArrayList of 2", "rope");
    assertThat(json(act(one, "value", "id", id, "name", "cart")).get("value").get("text").asText())
        .isEqualTo("dev.holdfast.container.app.Cart: nobody[]");
    Reply masked = act(one, "value", "id", id, "name", "apiToken");
    assertThat(masked.status()).isEqualTo(403);
    assertThat(masked.text()).doesNotContain("abc-123");

    String link = links(get(one, "sessions").text(), "session?at=").get(0);
    String page = get(one, link).text();
    assertThat(page).contains("masked").doesNotContain("Show the value of apiToken");
    Matcher button =
        Pattern.compile(
                "name=\"attribute\" value=\"([^\"]+)\" aria-label=\"Show the value of goods")
            .matcher(page);
    assertThat(button.find()).isTrue();
    Reply shown =
        press(one, "value", "at", link.replaceFirst(".*=", ""), "attribute", button.group(1));
    assertThat(shown.status()).as(shown.toString()).isEqualTo(200);
    assertThat(shown.text()).contains("&lt;b&gt;x&lt;/b&gt;").doesNotContain("<b>x");
    assertThat(one.logUpToNow())
        .contains("ADMIN_ACTED")
        .contains("the holder of admin.token was shown the value of attribute goods")
        .contains("was not shown attribute apiToken")
        .doesNotContain("abc-123");
  }

  @Test
  void whatNamesAndValuesSpellStaysText() {
    Browser ada =
        user(one, "<b>ada</b>", "set %3Cb%3Ex%3C/b%3E%22 <i>value</i>", "set a%26amp;%27 1");
    String id = id(ada);
    List<Reply> pages = new ArrayList<>();
    pages.add(get(one, "sessions"));
    pages.add(get(one, "users"));
    pages.add(get(one, links(pages.get(0).text(), "session?at=").get(0)));
    pages.add(get(one, links(pages.get(1).text(), "user?at=").get(0)));
    pages.add(get(one, "user?name=%3Cb%3Enobody%3C%2Fb%3E"));
    pages.add(press(one, "value", "id", id, "name", "<b>x</b>\""));
    for (Reply page : pages) {
      assertThat(page.status()).as(page.toString()).isEqualTo(200);
      assertThat(page.text()).doesNotContain("<b>", "<i>").contains("&lt;b&gt;");
      assertThat(page.header("Content-Security-Policy").get())
          .contains("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'");
      assertThat(page.header("Cache-Control")).contains("no-store");
      assertThat(page.header("X-Content-Type-Options")).contains("nosniff");
      assertThat(page.header("Referrer-Policy")).contains("same-origin");
      assertThat(page.text())
          .doesNotContain("<script", "javascript:")
          .doesNotContainPattern(" on[a-z]+=");
    }
    assertThat(pages.get(5).text()).contains("&lt;i&gt;value&lt;/i&gt;");
  }

  @Test
  void aMaskedValueThatStaysOnItsNodeHasNoReasonThatMayQuoteIt() {
    String id = id(user(one, "ada", "set-unserializable apiToken x", "set-unserializable thing x"));

    String location = act(one, "find", "what", id).header("Location").get();
    JsonNode local = json(one, location).get("local");

    assertThat(local.findValuesAsText("name")).containsExactly("apiToken", "thing");
    assertThat(local.get(0).get("why").asText()).isEqualTo("(masked by admin.mask)");
    assertThat(local.get(1).get("why").asText()).contains("cannot be kept in a session");
  }

  @Test
  void usersWithVeryLongNamesAreListedOpenedAndEnded() {
    // Just enough for a page and a bit, with the long names where the page ends.
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 49; i++) {
      names.add("ada%02d".formatted(i));
    }
    for (String last : List.of("a", "b", "c")) {
      names.add("x".repeat(3_000) + last);
    }
    StoredLogins.store(redis.uri(), "shop", names);

    Reply first = get(one, "users");
    String html = first.text();
    assertThat(links(html, "users?after")).isEmpty();
    Reply second = press(one, "users", "after", carried(html, "users", "after").get(0));
    assertThat(second.text()).contains("First page").doesNotContain("Next page");
    List<String> buttons = new ArrayList<>(carried(html, "user", "at"));
    buttons.addAll(carried(second.text(), "user", "at"));
    assertThat(links(html, "user?at=")).hasSize(49);
    assertThat(buttons).hasSize(3).doesNotHaveDuplicates();

    Reply opened = press(one, "user", "at", buttons.get(2));
    assertThat(opened.text()).contains("Sessions of xxx");
    Reply found = press(one, "find", "what", names.get(51));
    assertThat(links(found.text(), "session?at="))
        .hasSize(1)
        .isEqualTo(links(opened.text(), "session?at="));
    Reply ended = press(one, "end-user", "at", buttons.get(2), "keep", "");
    assertThat(ended.header("Location").get()).endsWith("sessions?ended=1");
    assertThat(press(one, "find", "what", "x".repeat(20_001)).status()).isEqualTo(400);
  }

  /** What the forms of a page carry to another as this parameter. */
  private static List<String> carried(String html, String page, String parameter) {
    return Pattern.compile(
            "action=\""
                + page
                + "\"><button class=\"\\w+\" name=\""
                + parameter
                + "\" value=\"([^\"]+)\"")
        .matcher(html)
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  /** The values of attributes of HTML that begin so. */
  private static List<String> links(String html, String beginning) {
    return LINK.matcher(html)
        .results()
        .map(match -> match.group(1).replace("&amp;", "&"))
        .filter(link -> link.startsWith(beginning))
        .distinct()
        .toList();
  }

  @Test
  void aHostileAddressIsRefusedAndReachesNoRedis() {
    user(one, "ada");
    assertThat(get(one, "sessions").status()).isEqualTo(200);
    long before = redis.calls("zrangebyscore") + redis.calls("hmget");
    for (String made :
        List.of(
            "sessions?after=0~-Infinity~",
            "sessions?after=99~1~x",
            "sessions?after=%00",
            "sessions?after=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "users?after=ada",
            "user?at=ada",
            "user",
            "session",
            "session?at=..%2F..",
            "session?at=" + "A".repeat(4000))) {
      assertThat(get(one, made).status()).as(made).isEqualTo(400);
    }
    assertThat(redis.calls("zrangebyscore") + redis.calls("hmget")).isEqualTo(before);
  }

  @Test
  void oneSessionEndsOnBothNodesAndTheLogSaysWhoEndedIt() {
    Browser lost = user(one, "ada");
    Browser kept = user(two, "ada");
    String link = links(get(two, "user?name=ada").text(), "session?at=").get(0);
    assertThat(links(get(two, "user?name=ada").text(), "session?at=")).hasSize(2);

    Reply ended = press(two, "end", "at", link.replaceFirst(".*=", ""));

    assertThat(ended.status()).isEqualTo(303);
    assertThat(ended.header("Location")).contains("sessions?ended=1");
    assertThat(get(two, "sessions?ended=1").text()).contains("One session was ended.");
    assertThat(isOver(lost, one)).isTrue();
    assertThat(isOver(lost, two)).isTrue();
    assertThat(isOver(kept, one)).isFalse();
    assertThat(json(act(two, "end", "id", "A".repeat(43))).get("ended").asInt()).isZero();
    assertThat(two.logUpToNow())
        .containsPattern(
            "SESSION_ENDED session=[0-9a-f]{12}: ended in the admin view by the holder of"
                + " admin.token")
        .containsPattern("ADMIN_ACTED session=[0-9a-f]{12}: the holder of admin.token ended a ses");
    assertThat(one.browser("/shop").run("events").of("events")).isNotNull();
  }

  @Test
  void allButOneAndThenAllSessionsOfAUserEnd() {
    List<Browser> hers = List.of(user(one, "ada"), user(two, "ada"), user(one, "ada"));
    Browser his = user(one, "bob");

    JsonNode others = json(act(one, "end-user", "name", "ada", "keep-id", id(hers.get(1))));

    assertThat(others.get("ended").asInt()).isEqualTo(2);
    assertThat(isOver(hers.get(0), two)).isTrue();
    assertThat(isOver(hers.get(1), one)).isFalse();
    assertThat(isOver(hers.get(2), two)).isTrue();
    assertThat(act(one, "end-user", "name", "ada", "keep", "made-up").status()).isEqualTo(400);
    assertThat(isOver(hers.get(1), one)).isFalse();
    Reply all = press(one, "end-user", "name", "ada", "keep", "");
    assertThat(all.status()).isEqualTo(303);
    assertThat(get(one, all.header("Location").get()).text()).contains("One session was ended.");
    assertThat(isOver(hers.get(1), two)).isTrue();
    assertThat(isOver(his, two)).isFalse();
    assertThat(one.logUpToNow())
        .contains("the holder of admin.token ended 2 sessions of user ada, all but this one");
  }

  @Test
  void theOverviewTellsHowTheNodeIs() {
    user(one, "ada");
    JsonNode overview = json(one, "");

    assertThat(overview.get("app").asText()).isEqualTo("holdfast:shop");
    assertThat(overview.get("sessions").asInt()).isEqualTo(1);
    JsonNode server = overview.get("servers").get(0);
    assertThat(server.get("address").asText()).endsWith(":" + redis.port());
    assertThat(server.get("state").asText()).isEqualTo("connected");
    assertThat(server.get("answeredMicros").asLong()).isPositive();
    assertThat(overview.get("gauges").get("RedisServersConnected").asInt()).isEqualTo(1);
    assertThat(overview.get("gauges").get("SessionsIdle").asInt()).isPositive();
    assertThat(overview.get("counters").get("CREATED").asInt()).isPositive();
    assertThat(overview.get("waits").findValuesAsText("call")).contains("create", "save");
    assertThat(overview.toString()).doesNotContain(TOKEN);
    String page = get(one, "").text();
    assertThat(page)
        .contains("redis servers connected", "changes were stored", "admin.token", "***", "backup")
        .doesNotContain(TOKEN);
    assertThat(
            one.browser("/shop")
                .send("GET", "/holdfast-admin", null, Map.of("Authorization", BASIC))
                .header("Location"))
        .contains("holdfast-admin/");
    Reply style = one.browser("/shop").get("/holdfast-admin/style.css");
    assertThat(style.header("Content-Type").get()).startsWith("text/css");
    assertThat(style.text()).contains("prefers-color-scheme: dark");
  }

  @Test
  void whileRedisIsDownThePagesSayItAndTheOverviewTellsTheRest() {
    user(one, "ada");
    redis.kill();
    try {
      Reply sessions = get(one, "sessions");
      assertThat(sessions.status()).isEqualTo(503);
      assertThat(sessions.header("Retry-After")).contains("2");
      assertThat(sessions.text()).contains("Redis cannot be asked", "127.0.0.1:" + redis.port());
      Reply overview = get(one, "");
      assertThat(overview.status()).isEqualTo(503);
      assertThat(overview.text()).contains("no answer", "sessions in use", "The store did not");
      Reply unfiled =
          one.browser("/unfiled")
              .send("GET", "/holdfast-admin/", null, Map.of("Authorization", BASIC));
      assertThat(unfiled.status()).as("without the index of sessions").isEqualTo(503);
    } finally {
      redis.restart();
    }
    for (ContainerNode node : List.of(one, two)) {
      await().atMost(Duration.ofSeconds(10)).until(() -> get(node, "sessions").status() == 200);
    }
  }
}
