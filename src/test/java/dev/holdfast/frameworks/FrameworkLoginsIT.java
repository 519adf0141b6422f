package dev.holdfast.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.container.Browser;
import dev.holdfast.container.Container;
import dev.holdfast.container.ContainerNode;
import dev.holdfast.container.Reply;
import dev.holdfast.container.WarBuilder;
import dev.holdfast.container.devices.DevicesServlet;
import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A login by a security framework is one to us: the session gets a new id, the old one opens
 * nothing, and the session counts among those of its user.
 */
class FrameworkLoginsIT {

  @TempDir Path directory;

  @Test
  void shirosLoginAndRunAsAreNoticed() {
    visit(
        "shiro",
        (browser, stranger) -> {
          browser.get("/staff/home");
          Map<String, String> ada = Map.of("username", "ada", "password", "engine");
          assertIsRenewed(browser, stranger, "/staff/home", () -> browser.post("/login.jsp", ada));
          assertSessions(browser, "ada", 1);
          assertIsRenewed(
              browser, stranger, "/staff/home", () -> browser.get("/staff/home?as=ben"));
          assertIsKept(browser, () -> browser.get("/staff/home"));
          browser.get("/logout");
          assertSessions(browser, "ada", 0);
        });
  }

  @Test
  @Tag("full")
  void pac4jsLoginIsNoticed() {
    visit(
        "pac4j",
        (browser, stranger) -> {
          browser.get("/club/home");
          String login = "/callback?client_name=FormClient";
          Map<String, String> ada = Map.of("username", "ada", "password", "ada");
          assertIsRenewed(browser, stranger, "/club/home", () -> browser.post(login, ada));
          assertSessions(browser, "ada", 1);
          assertIsKept(browser, () -> browser.get("/club/home"));
          browser.get("/logout");
          assertSessions(browser, "ada", 0);
        });
  }

  @Test
  @Tag("full")
  void aTicketOfCasIsNoticed() {
    visit(
        "cas",
        (browser, stranger) -> {
          browser.get("/private/page");
          browser.get("/private/page?ticket=ST-ada");
          assertSessions(browser, "ada", 1);
          assertIsKept(browser, () -> browser.get("/private/page"));
          String ticket = "/private/page?ticket=ST-ben";
          assertIsRenewed(browser, stranger, "/private/page", () -> browser.get(ticket));
          assertSessions(browser, "ben", 1);
          browser.get("/logout");
          assertSessions(browser, "ben", 0);
        });
  }

  private interface Visitor {
    void visit(Browser browser, Browser stranger);
  }

  private void visit(String framework, Visitor visitor) {
    Path war =
        WarBuilder.copyOf(
                Path.of(
                    System.getProperty("holdfast.containers", "target/containers"),
                    framework,
                    "war"))
            .packageOf(DevicesServlet.class)
            .holdfast()
            .in(directory);
    try (RedisServer redis = RedisServer.start();
        ContainerNode node =
            ContainerNode.on(Container.TOMCAT_11)
                .deploy("/" + framework, war)
                .environment("HOLDFAST_REDIS_URI", redis.uri())
                .environment("HOLDFAST_REDIS_TIMEOUT", "15s")
                .start()) {
      visitor.visit(node.browser("/" + framework), node.browser("/" + framework));
    }
  }

  private static void assertIsRenewed(
      Browser browser, Browser stranger, String closed, Request request) {
    Map<String, String> before = sessionCookie(browser);
    Reply reply = request.send();
    assertThat(before).isNotEmpty();
    assertThat(sessionCookie(browser)).as(reply.toString()).hasSize(1).isNotEqualTo(before);
    Reply old = stranger.send("GET", closed, null, Map.of("Cookie", header(before)));
    assertThat(old.status()).as("the old id leads to the login: " + old).isEqualTo(302);
  }

  private static void assertIsKept(Browser browser, Request request) {
    Map<String, String> before = sessionCookie(browser);
    Reply reply = request.send();
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    assertThat(sessionCookie(browser)).isEqualTo(before);
  }

  private static void assertSessions(Browser browser, String user, int count) {
    Reply list = browser.get("/devices?do=list&user=" + user);
    assertThat(list.text().lines()).as(list.toString()).hasSize(count);
  }

  /** Without pac4j's cookie for its CSRF token. */
  private static Map<String, String> sessionCookie(Browser browser) {
    return browser.cookies().entrySet().stream()
        .filter(cookie -> cookie.getKey().endsWith("-sid"))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static String header(Map<String, String> cookies) {
    return cookies.entrySet().stream()
        .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
        .findFirst()
        .orElseThrow();
  }

  private interface Request {
    Reply send();
  }
}
