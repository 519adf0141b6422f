package dev.holdfast.container.contract;

import static dev.holdfast.container.Container.JETTY_12_0;
import static dev.holdfast.container.Container.JETTY_12_1;
import static dev.holdfast.container.Container.JETTY_12_1_EE8;
import static dev.holdfast.container.Container.TOMCAT_10_1;
import static dev.holdfast.container.Container.TOMCAT_11;
import static dev.holdfast.container.Container.TOMCAT_9;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.container.Browser;
import dev.holdfast.container.Reply;
import dev.holdfast.container.SetCookie;
import org.junit.jupiter.api.Test;

/** The session's cookie, and other cookies beside it. */
@Area("Cookies")
@EachSubject
class CookieContractIT extends Contract {

  CookieContractIT(Subject subject) {
    super(subject);
  }

  @Test
  @Clause("session-config; defect 11: name, path, max-age, HttpOnly of web.xml are ignored")
  @Differs(
      on = {TOMCAT_9, JETTY_12_1_EE8},
      because = "Servlet 4.0 has no attributes of the cookie in web.xml")
  void theCookieIsAsWebXmlSays() {
    Reply reply = subject().browserOfConfigured().run("create");

    assertThat(reply.setCookies()).hasSize(1);
    SetCookie cookie = reply.setCookies().get(0);
    assertThat(cookie.name()).isEqualTo("BASKET");
    assertThat(cookie.path()).isEqualTo("/");
    assertThat(cookie.has("httponly")).isTrue();
    assertThat(cookie.attributes())
        .containsEntry("max-age", "3600")
        .containsEntry("samesite", "Strict");
  }

  @Test
  @Clause("a request that joins its session sets no cookie")
  void joiningSetsNoCookie() {
    user.run("create");

    assertThat(user.run("get color", "set color red").setCookies()).isEmpty();
    assertThat(elsewhere.run("get color").setCookies()).isEmpty();
  }

  @Test
  @Clause("HttpServletResponse.reset: the new session's cookie is still due")
  @Differs(
      on = {TOMCAT_9, TOMCAT_10_1, TOMCAT_11},
      because = "response.reset() drops the new session's cookie")
  @Differs(
      on = {JETTY_12_0, JETTY_12_1},
      because = "after response.reset() the new session's cookie is sent twice")
  void aResetKeepsTheCookie() {
    Reply reply = user.run("set color red", "reset", "print x");

    assertThat(reply.setCookies()).hasSize(1);
    assertThat(askElsewhere("get color")).isEqualTo("red");
  }

  @Test
  @Clause("the application's own cookies stay")
  void otherCookiesStayBesideIt() {
    Reply reply = user.run("cookie taste sweet", "create", "rotate", "cookie size big");

    assertThat(reply.setCookies()).extracting(SetCookie::name).hasSize(3).contains("taste", "size");
  }

  @Test
  @Clause("trap 14: a response with the session's cookie stays out of shared caches")
  @Differs(
      on = {TOMCAT_9, TOMCAT_10_1, TOMCAT_11, JETTY_12_0, JETTY_12_1, JETTY_12_1_EE8},
      because = "a response that sets the session cookie may be cached")
  void aResponseWithTheCookieIsNotStored() {
    assertThat(user.run("create").header("Cache-Control")).hasValue("no-store");
  }

  @Test
  @Clause("trap 14: what the application says about caching stays, if it is as strict")
  void aStricterCacheControlStays() {
    String own = "header Cache-Control no-store, max-age=0";

    assertThat(user.run(own, "create").header("Cache-Control")).hasValue("no-store, max-age=0");
  }

  @Test
  @Clause("trap 14: other responses are left alone")
  void aResponseWithoutTheCookieMayBeCached() {
    user.run("create");

    assertThat(user.run("get color").header("Cache-Control")).isEmpty();
  }

  @Test
  @Clause("after invalidate the browser forgets the cookie")
  @Differs(
      on = {TOMCAT_9, TOMCAT_10_1, TOMCAT_11, JETTY_12_0, JETTY_12_1, JETTY_12_1_EE8},
      because = "the cookie of an invalidated session stays in the browser")
  void theCookieOfAnInvalidatedSessionGoes() {
    user.run("create");
    user.run("invalidate");

    assertThat(user.cookies()).isEmpty();
  }

  @Test
  @Clause("a cookie header that nobody would send is no error; defect 6")
  void aBrokenCookieHeaderIsNoError() {
    String answer =
        user.raw(
            "GET "
                + subject().path()
                + Browser.probe("session").replace("+", "%20")
                + " HTTP/1.1\r\nHost: x\r\nCookie: =; ;;,\"\u00e4\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 200").contains("session -> none");
  }

  @Test
  @Clause("Servlet 6.1, 13.10; fixation on login: the id changes")
  void aLoginChangesTheId() {
    user.run("set color red");
    String anonymous = cookieHeader();
    user.run("login alice wonderland");

    assertThat(cookieHeader()).isNotEqualTo(anonymous);
    assertThat(sessionsOf(anonymous)).containsOnly("none");
    assertThat(askElsewhere("get color")).isEqualTo("red");
  }

  @Test
  @Clause("HttpServletRequest.login: the user of a session stays, until logout")
  @Differs(
      on = {JETTY_12_0, JETTY_12_1, JETTY_12_1_EE8},
      because = "request.login() is forgotten when its request has ended")
  void aLoginLastsUntilTheLogout() {
    user.run("create");
    user.run("login root toor");

    Reply reply = elsewhere.run("user", "in-role admin", "in-role nobody");
    assertThat(reply.of("user")).isEqualTo("root true");
    assertThat(reply.of("in-role admin")).isEqualTo("true");
    assertThat(reply.of("in-role nobody")).isEqualTo("false");
    user.run("logout");
    assertThat(askElsewhere("user")).isEqualTo("null false");
  }
}
