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
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions of clients without cookies, where web.xml asks for it. */
@Area("URL tracking")
@EachSubject
class UrlTrackingContractIT extends Contract {

  private final Browser client = subject().browserOfConfigured();
  private final String path = subject().pathOfConfigured();

  UrlTrackingContractIT(Subject subject) {
    super(subject);
  }

  private String encodedAtFirst(String url) {
    return client.run("create", "encode " + url).of("encode " + url);
  }

  /** GET of a path of the server, sending no cookie. */
  private Reply getWithoutCookie(String url) {
    return client.at("").send("GET", url, null, Map.of("Cookie", ""));
  }

  @Test
  @Clause("Servlet 6.1, 7.1.3; encodeURL: the first response is encoded, and the URL leads back")
  void anEncodedUrlLeadsToTheSessionWithoutACookie() {
    String target = path + Browser.probe("get color", "from-url", "from-cookie", "requested-valid");
    Reply first = client.run("set color red", "encode " + target);
    String encoded = first.of("encode " + target);

    assertThat(encoded)
        .isNotEqualTo(target)
        .contains(";")
        .endsWith(target.substring(path.length() + 6));
    Reply reply = getWithoutCookie(encoded);
    assertThat(reply.of("get color")).isEqualTo("red");
    assertThat(reply.of("from-url")).isEqualTo("true");
    assertThat(reply.of("from-cookie")).isEqualTo("false");
    assertThat(reply.of("requested-valid")).isEqualTo("true");
  }

  @Test
  @Clause("encodeRedirectURL: as encodeURL")
  void aRedirectIsEncodedAlike() {
    String target = path + "/probe";
    Reply reply = client.run("create", "encode " + target, "encode-redirect " + target);

    assertThat(reply.of("encode-redirect " + target)).isEqualTo(reply.of("encode " + target));
  }

  @Test
  @Clause("encodeURL: not when the id came by cookie")
  void aClientWithCookiesGetsPlainUrls() {
    client.run("create");

    assertThat(client.run("session", "encode " + path + "/probe").of("encode " + path + "/probe"))
        .isEqualTo(path + "/probe");
  }

  @Test
  @Clause("encodeURL: not without a session")
  void withoutASessionUrlsArePlain() {
    assertThat(client.run("encode " + path + "/probe").of("encode " + path + "/probe"))
        .isEqualTo(path + "/probe");
  }

  @Test
  @Clause("encodeURL: the id goes before query and fragment")
  void theIdGoesBeforeQueryAndFragment() {
    String encoded = encodedAtFirst(path + "/probe?a=b#c");

    assertThat(encoded).matches(path + "/probe;[^?#]+\\?a=b#c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com/probe",
        "https://example.com:8443/",
        "mailto:a@example.com",
        "//example.com/probe",
        "///example.com/probe",
        " //example.com/probe",
        "/\\example.com/probe",
      })
  @Clause("encodeURL: only of this server; the id is not told to others")
  @Differs(
      on = {JETTY_12_0, JETTY_12_1, JETTY_12_1_EE8},
      because = "encodeURL tells other servers the session id")
  void anotherServersUrlIsLeftAlone(String url) {
    assertThat(encodedAtFirst(url)).isEqualTo(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/other",
        "/other/probe",
        "../other/probe",
        "../../other/probe",
        "probe/../../other/probe",
      })
  @Clause("encodeURL: only of this application")
  @Differs(
      on = {JETTY_12_0, JETTY_12_1, JETTY_12_1_EE8},
      because = "encodeURL adds the id to URLs of other applications of the server")
  void anotherApplicationsUrlIsLeftAlone(String url) {
    assertThat(encodedAtFirst(url)).isEqualTo(url);
  }

  @Test
  @Clause("encodeURL: a fragment of the same page is left alone")
  @Differs(
      on = {JETTY_12_0, JETTY_12_1, JETTY_12_1_EE8},
      because = "encodeURL(\"#top\") leads to another page")
  void aFragmentIsLeftAlone() {
    assertThat(encodedAtFirst("#top")).isEqualTo("#top");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?a=b"})
  @Clause("encodeURL: a reference to the same page still leads there (RFC 3986, 5.2)")
  @Differs(
      on = {TOMCAT_9, TOMCAT_10_1, TOMCAT_11},
      only = "",
      because = "encodeURL(\"\") leads to another page")
  @Differs(
      on = {JETTY_12_0, JETTY_12_1, JETTY_12_1_EE8},
      because = "encodeURL(\"\") and encodeURL(\"?query\") lead to another page")
  void aReferenceToTheSamePageStillLeadsThere(String url) {
    URI page = URI.create("http://127.0.0.1:1" + path + "/probe");
    String step = "encode " + url;
    Reply reply = client.run("create", step);

    String target = resolve(page, reply.of(step)).getPath();
    assertThat(target.replaceFirst(";.*", "")).isEqualTo(path + "/probe");
  }

  /** java.net.URI resolves an empty path by RFC 2396, which browsers do not. */
  private static URI resolve(URI page, String reference) {
    return reference.isEmpty() || reference.startsWith("?")
        ? URI.create(page + reference)
        : page.resolve(reference);
  }

  @Test
  @Clause("encodeURL: twice is once")
  void anEncodedUrlIsNotEncodedAgain() {
    Reply reply = client.run("set color red", "encode " + path + "/probe");
    String encoded = reply.of("encode " + path + "/probe");
    Reply again = getWithoutCookie(encoded + "?" + query("encode " + encoded));

    assertThat(again.of("encode " + encoded)).isEqualTo(encoded);
  }

  @Test
  @Clause("encodeURL: the id that came by URL goes on, also on a page that asks for no session")
  void theIdGoesOnThroughAPageThatLeavesTheSessionAlone() {
    Reply reply = client.run("set color red", "encode " + path + "/probe");
    String encoded = reply.of("encode " + path + "/probe");
    Reply between = getWithoutCookie(encoded + "?" + query("encode " + path + "/probe"));

    Reply last =
        getWithoutCookie(between.of("encode " + path + "/probe") + "?" + query("get color"));
    assertThat(last.of("get color")).isEqualTo("red");
  }

  private static String query(String step) {
    return Browser.probe(step).substring("/probe?".length());
  }

  @Test
  @Clause("URL id: a bogus one is not adopted (fixation)")
  void aBogusIdInTheUrlIsNotAdopted() {
    String parameter = encodedAtFirst(path + "/probe").replaceFirst(".*;(.*)=.*", "$1");
    Reply reply =
        getWithoutCookie(
            path
                + "/probe;"
                + parameter
                + "=bogus?"
                + query("session")
                + "&"
                + query("from-url")
                + "&"
                + query("requested-valid")
                + "&"
                + query("create"));

    assertThat(reply.of("session")).isEqualTo("none");
    assertThat(reply.of("from-url")).isEqualTo("true");
    assertThat(reply.of("requested-valid")).isEqualTo("false");
    assertThat(reply.of("create")).isNotEqualTo("bogus");
  }

  @Test
  @Clause("getRequestedSessionId: a cookie beats the URL")
  @Differs(
      on = {JETTY_12_0, JETTY_12_1, JETTY_12_1_EE8},
      because = "a cookie and a URL of two live sessions are answered 400")
  void aCookieBeatsTheUrl() {
    String encoded =
        client.run("set color red", "encode " + path + "/probe").of("encode " + path + "/probe");
    Browser other = subject().browserOfConfigured();
    other.run("set color blue");
    Reply reply = other.at("").get(encoded + "?" + query("get color") + "&" + query("from-cookie"));

    assertThat(reply.of("get color")).isEqualTo("blue");
    assertThat(reply.of("from-cookie")).isEqualTo("true");
  }

  @Test
  @Clause("an id belongs into URLs only where web.xml asks for it")
  @Differs(
      on = {TOMCAT_9, TOMCAT_10_1, TOMCAT_11, JETTY_12_0, JETTY_12_1, JETTY_12_1_EE8},
      because = "URLs carry the session id unless web.xml forbids it")
  void unaskedNoUrlCarriesTheId() {
    String url = subject().path() + "/probe";

    assertThat(user.run("create", "encode " + url).of("encode " + url)).isEqualTo(url);
  }
}
