package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The all-in-one jar, dropped into a WAR that knows nothing of us and uses a Netty, a Lettuce and a
 * Kryo of 2018 in the very requests whose session we keep. The WAR is {@code legacy-war} in {@code
 * src/test/containers}.
 */
@AnyContainer(Container.TOMCAT_11)
class LegacyLibrariesIT {

  private static final Path WAR =
      Path.of(System.getProperty("holdfast.containers", "target/containers"), "legacy-war", "war");

  /** The WAR's own classes, and the jars beside which ours was dropped. */
  private static final Map<String, String> THEIRS =
      Map.of(
          "io.lettuce.core.RedisClient", "lettuce-core-5.0.5.RELEASE.jar",
          "io.netty.util.concurrent.Future", "netty-common-4.1.24.Final.jar",
          "io.netty.buffer.ByteBuf", "netty-buffer-4.1.24.Final.jar",
          "io.netty.channel.nio.NioEventLoopGroup", "netty-transport-4.1.24.Final.jar",
          "io.netty.handler.ssl.SslHandler", "netty-handler-4.1.24.Final.jar",
          "reactor.core.publisher.Mono", "reactor-core-3.1.6.RELEASE.jar",
          "org.reactivestreams.Publisher", "reactive-streams-1.0.2.jar",
          "com.esotericsoftware.kryo.Kryo", "kryo-4.0.2.jar");

  private static final List<String> OURS =
      List.of(
          "dev.holdfast.HoldfastFilter",
          "dev.holdfast.lib.io.lettuce.core.RedisClient",
          "dev.holdfast.lib.io.netty.util.concurrent.Future",
          "dev.holdfast.lib.io.netty.buffer.ByteBuf",
          "dev.holdfast.lib.reactor.core.publisher.Mono",
          "dev.holdfast.lib.org.reactivestreams.Publisher",
          "dev.holdfast.lib.com.esotericsoftware.kryo.kryo5.Kryo",
          "dev.holdfast.lib.com.github.benmanes.caffeine.cache.Caffeine");

  /** What two versions of a library on one class path end in. */
  private static final Pattern CLASH =
      Pattern.compile(
          "LinkageError|NoClassDefFoundError|NoSuchMethodError|NoSuchFieldError|AbstractMethodError"
              + "|IncompatibleClassChangeError|IllegalAccessError|VerifyError"
              + "|ExceptionInInitializerError|ServiceConfigurationError|ClassCastException");

  @TempDir Path directory;

  private final Container container;

  LegacyLibrariesIT(Container container) {
    this.container = container;
  }

  @Test
  void theApplicationKeepsItsOldLibrariesAndItsSessionIsOurs() {
    try (RedisServer redis = RedisServer.start()) {
      ContainerNode.Builder builder =
          ContainerNode.on(container)
              .deploy("/shop", WarBuilder.copyOf(WAR).holdfastAll().in(directory))
              // Its old Lettuce knows no users, only passwords.
              .environment("ARCHIVE_REDIS_URI", "redis://" + redis.host() + ":" + redis.port())
              .environment("HOLDFAST_REDIS_URI", redis.uri());
      try (ContainerNode one = builder.begin();
          ContainerNode two = builder.start()) {
        Browser atOne = one.browser("/shop");
        Browser atTwo = atOne.at(two);

        Reply created = put(atOne, "rope");
        assertShows(created, "[rope]");
        assertThat(created.of("new")).isEqualTo("true");
        assertThat(created.setCookies()).hasSize(1);
        assertThat(redis.keys())
            .anyMatch(key -> key.startsWith("holdfast:shop:{"))
            .contains("archive:" + created.of("session"));

        assertShows(atTwo.get("/basket"), "[rope]");
        assertShows(put(atTwo, "anchor"), "[rope, anchor]");
        Reply changed = atOne.get("/basket" + whereFrom());
        assertShows(changed, "[rope, anchor]");
        assertThat(changed.of("new")).isEqualTo("false");
        assertThat(changed.of("session")).isEqualTo(created.of("session"));
        assertEveryClassIsFromItsOwnJar(changed);
        assertEveryClassIsFromItsOwnJar(atTwo.get("/basket" + whereFrom()));

        assertThat(atTwo.send("DELETE", "/basket", null, Map.of()).status()).isEqualTo(200);
        String dead =
            created.setCookies().get(0).name() + "=" + created.setCookies().get(0).value();
        for (Browser browser : List.of(atOne, atTwo)) {
          Reply after = browser.send("GET", "/basket", null, Map.of("Cookie", dead));
          assertThat(after.of("session")).as(after.toString()).isEqualTo("none");
        }
        assertThat(redis.keys()).noneMatch(key -> key.startsWith("holdfast:shop:{"));
        assertThat(atOne.history())
            .extracting(SetCookie::name)
            .containsOnly(created.setCookies().get(0).name())
            .doesNotContain("JSESSIONID");

        for (ContainerNode node : List.of(one, two)) {
          node.stop();
          assertNothingClashed(node.log());
        }
      }
    }
  }

  private static Reply put(Browser browser, String item) {
    return browser.post("/basket", Map.of("item", item));
  }

  private static String whereFrom() {
    return Stream.concat(THEIRS.keySet().stream(), OURS.stream())
        .map(name -> "class=" + name)
        .collect(Collectors.joining("&", "?", ""));
  }

  /** From our session, and through Redis and back by the WAR's own Kryo and Lettuce. */
  private static void assertShows(Reply reply, String items) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    assertThat(reply.of("basket")).isEqualTo(items);
    assertThat(reply.of("archived")).isEqualTo(items);
  }

  private void assertEveryClassIsFromItsOwnJar(Reply reply) {
    THEIRS.forEach(
        (type, jar) ->
            assertThat(reply.of("jar of " + type)).as(type).endsWith("/WEB-INF/lib/" + jar));
    String allJar =
        WarBuilder.jarNamedBy(container.isJavax() ? "holdfast.all.javax.jar" : "holdfast.all.jar")
            .getFileName()
            .toString();
    for (String type : OURS) {
      assertThat(reply.of("jar of " + type)).as(type).endsWith("/WEB-INF/lib/" + allJar);
    }
    assertThat(reply.of("jar of the session")).endsWith("/WEB-INF/lib/" + allJar);
    assertThat(reply.of("versions of Netty"))
        .as("what Netty finds of itself on the class path")
        .contains("netty-common-4.1.24")
        .doesNotContain("4.2.");
  }

  private static void assertNothingClashed(String log) {
    assertThat(log.lines().filter(line -> CLASH.matcher(line).find())).isEmpty();
    assertThat(
            log.lines()
                .filter(line -> line.contains(" WARNING ") || line.contains(" SEVERE "))
                .filter(line -> line.contains("holdfast")))
        .isEmpty();
    assertThat(log.lines().filter(line -> line.contains("redis.uri = ")))
        .as("our start-up report: the log is read")
        .hasSize(1);
  }
}
