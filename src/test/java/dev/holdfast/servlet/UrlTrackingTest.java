package dev.holdfast.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.security.SessionToken;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The token stays within the application's URLs, whatever a URL looks like. */
class UrlTrackingTest {

  private static final SessionToken TOKEN = SessionToken.create(new SecureRandom());
  private static final String PARAMETER = ";jsessionid=" + TOKEN.value();

  private static String encode(String url) {
    return UrlTracking.encode(
        url, "jsessionid", TOKEN, "", request("/my%20shop/a/page"), "/my shop");
  }

  /** The same in the application at the root, whose context path is empty. */
  private static String encodeAtRoot(String url) {
    return UrlTracking.encode(url, "jsessionid", TOKEN, "", request("/a/page"), "");
  }

  private static HttpServletRequest request(String uri) {
    Map<String, Object> answers =
        Map.of(
            "getRequestURI",
            uri,
            "getScheme",
            "http",
            "getServerName",
            "shop.example",
            "getServerPort",
            80);
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            UrlTrackingTest.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) ->
                method.getName().equals("getAttribute") ? null : answers.get(method.getName()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "page",
        "./page",
        "../b/page",
        "../../my%20shop/page",
        "a/../page",
        "a b",
        "page?a=|{}",
        "/my%20shop",
        "/my%20shop/",
        "/%6dy%20shop/page",
        "/my shop/page",
        "/other/../my%20shop/x",
        "http://shop.example/my%20shop/page",
        "HTTP://SHOP.example:80/my%20shop/page",
        "%2e/page",
        "/my%20shop/a;b=c/page",
        "/my%20shop//page",
        "gr\u00f6\u00dfe"
      })
  void whatLeadsIntoTheApplicationGetsTheToken(String url) {
    assertThat(encode(url)).contains(PARAMETER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//host/x",
        "///host/x",
        "////host/x",
        " //host/x",
        "\t//host/x",
        "/\t/host/x",
        "/\\host/x",
        "\\\\host\\x",
        "http:///host/x",
        "http:/my%20shop/x",
        "http:my%20shop/x",
        "http:\\\\host",
        "https://shop.example/my%20shop/x",
        "http://shop.example:81/my%20shop/x",
        "http://evil@shop.example/my%20shop/x",
        "http://shop.example@evil/my%20shop/x",
        "http://shop.example.evil/my%20shop",
        "../../other/x",
        "../../../other/x",
        "/my%20shop/../other/x",
        "/my%20shop/%2e%2e/other/x",
        "/my%20shop/.%2E/other/x",
        "/my%20shop/..;/other/x",
        "/my%20shop/..;a=b/other",
        "/my%20shop/..%2fother",
        "/my%20shop/..%5cother",
        "/my%20shop/%zz",
        "/my%20shopping/x",
        "/other/x",
        "/",
        "",
        "/other//../my%20shop/x",
        "..//..//host/x",
        "/my%20shop%2Fx",
        "/my%20shop/a%5Cb",
        "http://shop.example",
        "http://shop.example/",
        "javascript:x",
        "mailto:a@b",
        "page\n",
        " page",
        "page ",
        "?a",
        "#a"
      })
  void whatLeadsElsewhereOrMayDoSoDoesNot(String url) {
    assertThat(encode(url)).isEqualTo(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "page",
        "../page",
        "../../page",
        "/",
        "/page",
        "//shop.example/page",
        "http://shop.example/page",
        "http://shop.example:80/"
      })
  void atTheRootWhatLeadsToThisServerGetsTheToken(String url) {
    assertThat(encodeAtRoot(url)).contains(PARAMETER);
  }

  @ParameterizedTest
  @CsvSource({
    "http://shop.example, http://shop.example/",
    "//shop.example, //shop.example/",
    "http://shop.example?a=1, http://shop.example/",
    "//shop.example#top, //shop.example/"
  })
  void atTheRootAServerWithoutAPathGetsTheTokenInItsPath(String url, String server) {
    assertThat(encodeAtRoot(url)).startsWith(server + PARAMETER);
  }

  /** Every path is the application's here, so only the server is left to tell by. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "//host/x",
        "///host/x",
        "////host/x",
        " //host/x",
        "\t//host/x",
        "/\t/host/x",
        "/\\host/x",
        "\\\\host\\x",
        "http:///host/x",
        "http:/x",
        "http://host/x",
        "https://shop.example/x",
        "http://shop.example:81/x",
        "http://shop.example@evil/x",
        "http://shop.example.evil/x"
      })
  void atTheRootWhatLeadsToAnotherServerOrMayDoSoDoesNot(String url) {
    assertThat(encodeAtRoot(url)).isEqualTo(url);
  }

  /** Seen by another resolver, the JDK's, and with any prefix and suffix. */
  @Test
  void noReferenceMadeOfSuchPiecesTakesItAway() {
    String[] pieces = {
      "/",
      "//",
      "..",
      "../",
      ".",
      "my%20shop",
      "other",
      "host",
      "http:",
      "http://",
      "shop.example",
      ":80",
      "@",
      ";",
      ";x=y",
      "?",
      "#",
      "%2e",
      "%2F",
      "a",
      "\\",
      " ",
      "\t"
    };
    Random random = new Random(5);
    URI page = URI.create("http://shop.example/my%20shop/a/page");
    int encoded = 0;
    for (int i = 0; i < 200_000; i++) {
      StringBuilder url = new StringBuilder();
      for (int n = 1 + random.nextInt(7); n > 0; n--) {
        url.append(pieces[random.nextInt(pieces.length)]);
      }
      String answer = encode(url.toString());
      if (answer.contentEquals(url)) {
        continue;
      }
      encoded++;
      URI target =
          page.resolve(
              url.toString()
                  .replaceFirst("[?#].*", "")
                  .replace(" ", "%20")
                  .replaceAll("(?i)%2e", "."));
      // The JDK keeps what leads above the root; browsers do not (RFC 3986, 5.2.4).
      String path = target.normalize().getPath().replaceFirst("^(/\\.\\.)+(?=/)", "");
      assertThat(target.getRawAuthority())
          .as(url.toString())
          .isIn("shop.example", "shop.example:80");
      assertThat(path).as(url.toString()).matches("/+my shop(/.*|;.*)?");
    }
    assertThat(encoded).isGreaterThan(1_000);
  }
}
