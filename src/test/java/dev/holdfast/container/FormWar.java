package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.container.app.ProbeServlet;
import dev.holdfast.container.devices.DevicesServlet;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The probe and {@link DevicesServlet} with pages under a constraint, {@code /closed} for users and
 * {@code /admin} for admins, and what a browser does there.
 */
final class FormWar {
  /** The user whom a page sees; below {@code /closed} and {@code /admin} too. */
  static final String USER = Browser.probe("user");

  static final String CLOSED = "/closed" + USER;

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
        <async-supported>true</async-supported>
      </servlet>
      <servlet-mapping>
        <servlet-name>probe</servlet-name>
        <url-pattern>/probe</url-pattern>
        <url-pattern>/closed/probe</url-pattern>
        <url-pattern>/admin/probe</url-pattern>
        <url-pattern>/login-page</url-pattern>
      </servlet-mapping>
      <login-config>
        <auth-method>%s</auth-method>
        <realm-name>holdfast-test</realm-name>
        %s
      </login-config>
      <security-role><role-name>user</role-name></security-role>
      <security-role><role-name>admin</role-name></security-role>
      """;
  private static final String PAGES =
      "<form-login-config><form-login-page>/login-page</form-login-page>"
          + "<form-error-page>/login-page</form-error-page></form-login-config>";

  private FormWar() {}

  /**
   * With FORM login.
   *
   * @param sessionConfig what is in {@code <session-config>}
   */
  static Path form(String sessionConfig, Path directory) {
    return war(ELEMENTS.formatted(sessionConfig, "FORM", PAGES)).holdfast().in(directory);
  }

  /** With BASIC login. */
  static Path basic(Path directory) {
    return war(ELEMENTS.formatted("", "BASIC", "")).holdfast().in(directory);
  }

  /**
   * With FORM login and without Holdfast.
   *
   * @param elements more of them in web.xml
   * @param sessionConfig what is in {@code <session-config>}
   */
  static WarBuilder bare(String elements, String sessionConfig) {
    return war(elements + ELEMENTS.formatted(sessionConfig, "FORM", PAGES));
  }

  private static WarBuilder war(String elements) {
    return WarBuilder.empty()
        .packageOf(ProbeServlet.class)
        .packageOf(DevicesServlet.class)
        .webXml(elements);
  }

  /** A new browser at the application, logged in by FORM. */
  static Browser loggedIn(ContainerNode node, String path, String user, String password) {
    Browser browser = node.browser(path);
    logIn(browser, user, password);
    return browser;
  }

  /** Asks for a closed page, fills the form in and follows to that page. */
  static void logIn(Browser browser, String user, String password) {
    assertThat(browser.get(CLOSED).text()).doesNotContain("user -> " + user);
    Reply login =
        browser.post("/j_security_check", Map.of("j_username", user, "j_password", password));
    assertThat(login.status()).as(login.toString()).isIn(302, 303);
    assertThat(browser.follow(login).of("user")).startsWith(user);
  }

  /** Whether neither a closed nor an open page sees a user. */
  static void isNobody(Browser browser) {
    assertNoUser(browser.get(CLOSED));
    assertThat(browser.run("user").of("user")).isEqualTo("null false");
  }

  /** Whether a client that sends these cookies is nobody. */
  static void leadNowhere(String cookies, ContainerNode node, String path) {
    assertNoUser(node.browser(path).send("GET", CLOSED, null, Map.of("Cookie", cookies)));
    assertThat(node.browser(path).runWithCookies(cookies, "user").of("user"))
        .isEqualTo("null false");
  }

  static void assertNoUser(Reply reply) {
    assertThat(reply.text()).doesNotContain("root").doesNotContain("alice");
  }

  /** All that it sends, the container's cookie too. */
  static String cookies(Browser browser) {
    return browser.cookies().entrySet().stream()
        .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
        .collect(Collectors.joining("; "));
  }
}
