package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.container.realm.OneUserLoginModule;
import dev.holdfast.redis.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hawtio, a management console that nobody here wrote: who logged in to it stands in the session as
 * a JAAS {@code Subject}, and behind that login is all of JMX. Two nodes by turns, with our jar
 * dropped in.
 */
@AnyContainer(value = Container.TOMCAT_11, javax = false)
class HawtioIT {

  private static final Path WAR =
      Path.of(System.getProperty("holdfast.containers", "target/containers"), "hawtio", "war");

  @TempDir Path directory;

  private final Container container;

  HawtioIT(Container container) {
    this.container = container;
  }

  @Test
  void itsLoginGoesOnWhenTheNodeIsKilled() throws IOException {
    try (RedisServer redis = RedisServer.start()) {
      ContainerNode.Builder builder =
          withUsers(ContainerNode.on(container))
              .deploy("/hawtio", WarBuilder.copyOf(WAR).holdfastAll().in(directory))
              .environment(
                  "HOLDFAST_CODEC_ALLOW",
                  "javax.security.auth.Subject,javax.security.auth.Subject$SecureSet,com.sun.security.auth.UserPrincipal")
              .environment("HOLDFAST_REDIS_URI", redis.uri());
      try (ContainerNode one = builder.begin();
          ContainerNode two = second(builder).start()) {
        Browser atOne = one.browser("/hawtio");
        Browser atTwo = atOne.at(two);
        assertThat(atTwo.get("/jolokia/version").status()).isEqualTo(403);
        assertThat(logIn(atOne, "wrong").status()).isEqualTo(403);

        Reply login = logIn(atOne, "toor");
        assertThat(login.status()).as(login.toString()).isEqualTo(200);
        for (int i = 0; i < 3; i++) {
          assertMayAskJmx(i % 2 == 0 ? atTwo : atOne);
        }
        assertThat(Complaints.of(one)).isEmpty();
        one.kill();
        assertMayAskJmx(atTwo);

        Map<String, String> before = atTwo.cookies();
        if (container.isJetty()) {
          assertLogoutFailsAsWithoutHoldfast(atTwo, two.browser("/bare"));
        } else {
          atTwo.get("/auth/logout");
          before.forEach(atTwo::setCookie);
          assertThat(atTwo.get("/jolokia/version").status()).isEqualTo(403);
        }
        assertThat(atTwo.history()).extracting(SetCookie::name).doesNotContain("JSESSIONID");
        two.stop();
        assertThat(Complaints.of(two)).isEmpty();
      }
    }
  }

  /**
   * Hawtio's servlet calls {@code request.logout()} before it ends the session. Jetty answers that
   * with a ServletException to a request that none of its own authenticators has seen, which is any
   * request of an application without {@code <login-config>}; Tomcat does nothing.
   */
  private static void assertLogoutFailsAsWithoutHoldfast(Browser ours, Browser bare) {
    assertThat(logIn(bare, "toor").status()).isEqualTo(200);
    Reply without = bare.get("/auth/logout");
    assertThat(without.status()).isEqualTo(500);
    assertThat(without.text()).contains("logout failed");
    assertMayAskJmx(bare);

    Reply with = ours.get("/auth/logout");
    assertThat(with.status()).isEqualTo(500);
    assertThat(with.text()).contains("logout failed");
    assertMayAskJmx(ours);
  }

  private static Reply logIn(Browser browser, String password) {
    return browser.send(
        "POST",
        "/auth/login",
        "{\"username\": \"root\", \"password\": \"" + password + "\"}",
        Map.of("Content-Type", "application/json"));
  }

  private static void assertMayAskJmx(Browser browser) {
    assertThat(browser.get("/user").text().strip()).isEqualTo("\"root\"");
    Reply jmx = browser.get("/jolokia/version");
    assertThat(jmx.status()).as(jmx.toString()).isEqualTo(200);
    assertThat(jmx.text()).contains("\"status\":200");
  }

  /** On Jetty also without Holdfast, to compare. */
  private ContainerNode.Builder second(ContainerNode.Builder builder) {
    return container.isJetty()
        ? builder.deploy("/bare", WarBuilder.copyOf(WAR).in(directory))
        : builder;
  }

  /** A site's own way to its users is on the container's class path, not in the WAR. */
  private ContainerNode.Builder withUsers(ContainerNode.Builder builder) throws IOException {
    Path jaas =
        Files.writeString(
            directory.resolve("jaas.conf"),
            "hawtio { " + OneUserLoginModule.class.getName() + " required; };");
    return builder
        .containerClassPath(
            WarBuilder.empty()
                .classes(OneUserLoginModule.class)
                .in(directory)
                .resolve("WEB-INF/classes"))
        .systemProperty("java.security.auth.login.config", jaas.toString())
        .systemProperty("hawtio.realm", "hawtio")
        .systemProperty("hawtio.roles", "root")
        .systemProperty("hawtio.rolePrincipalClasses", "com.sun.security.auth.UserPrincipal");
  }
}
