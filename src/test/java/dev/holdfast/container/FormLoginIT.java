package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** FORM login on two nodes: the container's session and ours live and die together. */
@EachContainer
class FormLoginIT {
  private static final String ELEMENTS =
      """
      <session-config>%s</session-config>
      <security-constraint>
        <web-resource-collection>
          <web-resource-name>closed</web-resource-name>
          <url-pattern>/closed/*</url-pattern>
        </web-resource-collection>
        <auth-constraint><role-name>user</role-name></auth-constraint>
      </security-constraint>
      <security-constraint>
        <web-resource-collection>
          <web-resource-name>admin</web-resource-name>
          <url-pattern>/admin/*</url-pattern>
        </web-resource-collection>
        <auth-constraint><role-name>admin</role-name></auth-constraint>
      </security-constraint>
      <servlet>
        <servlet-name>probe</servlet-name>
        <servlet-class>dev.holdfast.container.app.ProbeServlet</servlet-class>
      </servlet>
      <servlet-mapping>
        <servlet-name>probe</servlet-name>
        <url-pattern>/probe</url-pattern>
        <url-pattern>/closed/probe</url-pattern>
        <url-pattern>/admin/probe</url-pattern>
        <url-pattern>/login-page</url-pattern>
      </servlet-mapping>
      <login-config>
        <auth-method>FORM</auth-method>
        <realm-name>holdfast-test</realm-name>
        <form-login-config><form-login-page>/login-page</form-login-page>
        <form-error-page>/login-page</form-error-page></form-login-config>
      </login-config>
      <security-role><role-name>user</role-name></security-role>
      <security-role><role-name>admin</role-name></security-role>
      """;
  private static final String NAMED =
      "<session-timeout>30</session-timeout><cookie-config><name>SHOP</name></cookie-config>";
  private static final String USER = Browser.probe("user");

  @TempDir static Path directory;
  private static RedisServer redis;
  private static ContainerNode one;
  private static ContainerNode two;

  FormLoginIT(Container container) {
    assertThat(one).as("nodes of %s", container).isNotNull();
  }

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    redis = RedisServer.start();
    ContainerNode.Builder builder =
        ContainerNode.on(container)
            .deploy("/form", war("<session-timeout>30</session-timeout>"))
            .deploy("/named", war(NAMED))
            .environment("HOLDFAST_REDIS_URI", redis.uri());
    one = builder.begin();
    two = builder.start();
  }

  private static Path war(String sessionConfig) {
    return WarBuilder.empty()
        .packageOf(dev.holdfast.container.app.ProbeServlet.class)
        .webXml(ELEMENTS.formatted(sessionConfig))
        .holdfast()
        .in(directory);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    one.close();
    two.close();
    redis.close();
  }

  private Browser loggedIn(String path, String user, String password) {
    Browser browser = one.browser(path);
    logIn(browser, user, password);
    return browser;
  }

  private static void logIn(Browser browser, String user, String password) {
    String closed = "/closed" + USER;
    assertThat(browser.get(closed).text()).doesNotContain("user -> " + user);
    Reply login =
        browser.post("/j_security_check", Map.of("j_username", user, "j_password", password));
    assertThat(login.status()).as(login.toString()).isIn(302, 303);
    assertThat(browser.follow(login).of("user")).startsWith(user);
  }

  private static void isNobody(Browser browser) {
    String constrained = browser.get("/closed" + USER).text();
    assertThat(constrained).doesNotContain("root").doesNotContain("alice");
    assertThat(browser.run("user").of("user")).isEqualTo("null false");
  }

  private static String cookies(Browser browser) {
    return browser.cookies().entrySet().stream()
        .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
        .collect(Collectors.joining("; "));
  }

  private static void leadNowhere(String cookies, ContainerNode node, String path) {
    Reply closed =
        node.browser(path).send("GET", "/closed" + USER, null, Map.of("Cookie", cookies));
    assertThat(closed.text()).doesNotContain("root").doesNotContain("alice");
    assertThat(node.browser(path).runWithCookies(cookies, "user").of("user"))
        .isEqualTo("null false");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/form", "/named"})
  void aUserOfOneNodeIsAUserOnTheOtherOnPagesUnderAConstraintToo(String path) {
    Browser browser = loggedIn(path, "alice", "wonderland");

    assertThat(browser.get("/closed" + USER).of("user")).isEqualTo("alice true");
    assertThat(browser.run("user").of("user")).isEqualTo("alice true");
    Browser other = browser.at(two);
    assertThat(other.get("/closed" + USER).of("user")).isEqualTo("alice true");
    assertThat(other.run("user", "in-role user", "in-role admin").of("in-role user"))
        .isEqualTo("true");
    assertThat(other.get("/admin" + USER).status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"invalidate", "logout"})
  void theEndOfOursIsTheEndOfTheContainersOnEveryNode(String end) {
    for (String path : new String[] {"/form", "/named"}) {
      for (ContainerNode ending : new ContainerNode[] {one, two}) {
        Browser browser = loggedIn(path, "root", "toor");
        browser.run("set color red");
        browser.at(two).get("/closed" + USER);
        String old = cookies(browser);

        browser.at(ending).run(end);

        leadNowhere(old, one, path);
        leadNowhere(old, two, path);
        isNobody(browser.at(one));
        isNobody(browser.at(two));
        logIn(browser.at(one), "alice", "wonderland");
      }
    }
  }

  @Test
  void anEndInTheStoreIsTheEndOfTheContainers() {
    Browser browser = loggedIn("/form", "root", "toor");
    assertThat(browser.get("/closed" + USER).of("user")).isEqualTo("root true");
    String old = cookies(browser);

    redis.flush();

    leadNowhere(old, one, "/form");
    isNobody(browser);
  }

  @Test
  void anotherUserAtTheSameBrowserIsTheOneWhoCounts() {
    Browser browser = loggedIn("/form", "root", "toor");
    browser.at(two).run("logout");
    logIn(browser.at(two), "alice", "wonderland");

    assertThat(browser.run("user").of("user")).isEqualTo("alice true");
    assertThat(browser.get("/closed" + USER).of("user")).isEqualTo("alice true");
    assertThat(browser.get("/admin" + USER).status()).isEqualTo(403);
  }

  @Test
  void aLoginGivesBothSessionsNewIds() {
    Browser browser = one.browser("/form");
    browser.run("set color red");
    browser.get("/closed" + USER);
    String planted = cookies(browser);

    logIn(browser, "root", "toor");

    leadNowhere(planted, one, "/form");
    assertThat(browser.run("get color").of("get color")).isEqualTo("red");
  }
}
