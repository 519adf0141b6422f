package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.redis.testing.RunningRedis;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Security checklist 1.2, "SameSite" and "Partitioned": what a real Chromium sends when another
 * site links to, posts to and frames an application. It is about the browser, so one container will
 * do.
 */
class CrossSiteIT {
  @TempDir static Path directory;
  private static ContainerNode node;

  @BeforeAll
  static void start() {
    assumeTrue(
        Chromium.executable() != null,
        "No chromium, chromium-browser or google-chrome on the PATH");
    node =
        ContainerNode.on(Container.TOMCAT_11)
            .deploy("/lax", war(""))
            .deploy("/strict", war(attribute("SameSite", "Strict")))
            .deploy("/none", war(attribute("SameSite", "None")))
            .deploy("/parts", war(attribute("Partitioned", "true")))
            .environment("HOLDFAST_REDIS_URI", RunningRedis.shared().uri())
            .start();
  }

  @AfterAll
  static void stop() {
    if (node != null) {
      node.close();
    }
  }

  private static Path war(String webXml) {
    return WarBuilder.probe(webXml).holdfast().in(directory);
  }

  private static String attribute(String name, String value) {
    return "<session-config><cookie-config><attribute><attribute-name>"
        + name
        + "</attribute-name><attribute-value>"
        + value
        + "</attribute-value></attribute></cookie-config></session-config>";
  }

  /** An address of an application, which a browser takes for another site than the pages'. */
  private static String url(String contextPath, String... steps) {
    return "http://localhost:" + node.port() + contextPath + Browser.probe(steps);
  }

  private static String goTo(String address) {
    return "location='" + address + "'";
  }

  private static String post(String address) {
    return "const f=document.createElement('form');f.method='POST';f.action='"
        + address
        + "';document.body.append(f);f.submit()";
  }

  /** One address after the other in the same frame, then the next page. */
  private static String frame(String... addresses) {
    return "const f=document.createElement('iframe'),u=['"
        + String.join("','", addresses)
        + "'];f.onload=()=>{if(u.length)f.src=u.shift();else location=next};f.src=u.shift();"
        + "document.body.append(f)";
  }

  private static String result(String contextPath, String name, String step) {
    String results = node.browser(contextPath).run("recall " + name).of("recall " + name);
    return results
        .lines()
        .flatMap(line -> Arrays.stream(line.split("\\\\n")))
        .filter(line -> line.startsWith(step + " -> "))
        .map(line -> line.substring(step.length() + 4))
        .findFirst()
        .orElse("not asked: " + results);
  }

  @Test
  void whatAnotherSiteStartsHasTheCookieOnlyAsFarAsItWasMeantTo() throws Exception {
    try (Chromium chromium = new Chromium()) {
      int page = 0;
      for (String app : new String[] {"/lax", "/strict", "/none"}) {
        String[] back = {chromium.address(page + 1), chromium.address(page + 2)};
        chromium.page(goTo(url(app, "as link", "session", "redirect " + back[0])));
        chromium.page(post(url(app, "as post", "session", "redirect " + back[1])));
        page += 2;
      }
      chromium.page(
          frame(
              url("/none", "as framed", "create"),
              url("/none", "as framed-again", "session", "get mark")));
      chromium.page(
          frame(
              url("/parts", "as framed", "create", "set mark inside"),
              url("/parts", "as framed-again", "get mark"),
              url("/parts", "as framed-renewed", "rotate")));
      chromium.page(
          goTo(url("/parts", "as alone", "session", "redirect " + chromium.address(page + 3))));
      chromium.page(
          frame(
              url("/parts", "as framed-later", "get mark"),
              url("/parts", "as framed-end", "invalidate"),
              url("/parts", "as framed-after", "session", "requested-id")));

      // Typed: of no other site. Each application gets its session and asks for it once.
      String start = chromium.address(0);
      for (String app : new String[] {"/none", "/strict", "/lax"}) {
        start =
            url(app, "create", "redirect " + url(app, "as typed", "session", "redirect " + start));
      }
      assertThat(chromium.visit(directory.resolve("profile"), start))
          .as("went to the end")
          .isTrue();
    }

    for (String app : new String[] {"/lax", "/strict", "/none"}) {
      assertThat(result(app, "typed", "session")).as(app).isNotEqualTo("none");
    }
    assertThat(result("/lax", "link", "session")).isNotEqualTo("none");
    assertThat(result("/lax", "post", "session")).isEqualTo("none");
    assertThat(result("/strict", "link", "session")).isEqualTo("none");
    assertThat(result("/strict", "post", "session")).isEqualTo("none");
    assertThat(result("/none", "post", "session")).as("as asked for").isNotEqualTo("none");

    assertThat(result("/none", "framed-again", "session"))
        .as("third-party cookies are blocked")
        .isEqualTo("none");
    assertThat(result("/parts", "framed-again", "get mark")).isEqualTo("inside");
    assertThat(result("/parts", "alone", "session")).as("another partition").isEqualTo("none");
    assertThat(result("/parts", "framed-later", "get mark")).isEqualTo("inside");
    assertThat(result("/parts", "framed-end", "invalidate")).isEqualTo("done");
    assertThat(result("/parts", "framed-after", "session")).isEqualTo("none");
    assertThat(result("/parts", "framed-after", "requested-id"))
        .as("the cookie is gone, not only its session")
        .isEqualTo("null");
  }
}
