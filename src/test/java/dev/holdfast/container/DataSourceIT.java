package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.backup.jdbc.testing.Postgres;
import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.Driver;

/**
 * A backup by way of a {@code DataSource} that Tomcat makes, as {@code META-INF/context.xml} says:
 * found by its JNDI name when the application is deployed, and used by our threads, for which
 * Tomcat has no names.
 */
class DataSourceIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String RESOURCE =
      """
      <Context>
        <Resource name="jdbc/sessions" auth="Container" type="org.postgresql.ds.PGSimpleDataSource"
                  factory="org.postgresql.ds.common.PGObjectFactory" serverName="127.0.0.1"
                  portNumber="%d" databaseName="%s" user="postgres"/>
      </Context>
      """;

  @TempDir Path directory;

  @Test
  void sessionsComeBackOverADataSourceOfTheContainer() {
    Postgres database = Postgres.database();
    try (RedisServer redis = RedisServer.start();
        ContainerNode node =
            ContainerNode.on(Container.TOMCAT_11)
                .deploy("/shop", war(database, "java:comp/env/jdbc/sessions"))
                .deploy("/club", war(database, "jdbc/sessions"))
                .environment("HOLDFAST_REDIS_URI", redis.uri())
                .start()) {
      for (String path : new String[] {"/shop", "/club"}) {
        Browser user = node.browser(path);
        await()
            .atMost(PATIENCE)
            .until(() -> redis.keys().contains("holdfast:" + path.substring(1) + ":backup"));
        user.run("set color red");
        user.run("login root toor");

        redis.flush();

        assertThat(user.run("user").of("user")).isEqualTo("root true");
        assertThat(user.run("get color").of("get color")).isEqualTo("red");
        user.run("invalidate");
        redis.flush();
        assertThat(user.run("session").of("session")).isEqualTo("none");
      }
    }
  }

  private Path war(Postgres database, String name) {
    return WarBuilder.probe()
        .holdfast()
        .libraries(WarBuilder.originOf(Driver.class))
        .resource("META-INF/context.xml", RESOURCE.formatted(database.port(), database.name()))
        .resource(
            "WEB-INF/classes/holdfast.properties",
            "backup.database=" + name + "\nbackup.interval=1s\nbackup.timeout=5s\n")
        .in(directory);
  }
}
