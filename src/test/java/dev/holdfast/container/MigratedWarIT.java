package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.redis.testing.RunningRedis;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.tomcat.jakartaee.Migration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A WAR that has a jar of ours and goes through Apache's migration tool, as Tomcat does with what
 * lies in {@code webapps-javaee}. Both initializers in the jar are of jakarta.servlet then.
 */
class MigratedWarIT {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"holdfast.all.javax.jar", "holdfast.all.jar"})
  void worksWithEitherJar(String property) throws Exception {
    Path jar = WarBuilder.jarNamedBy(property);
    Path javax =
        WarBuilder.probe()
            .bytes("WEB-INF/lib/" + jar.getFileName(), Files.readAllBytes(jar))
            .packedIn(directory);
    Path jakarta = directory.resolve("migrated.war");
    Migration migration = new Migration();
    migration.setSource(javax.toFile());
    migration.setDestination(jakarta.toFile());
    migration.execute();

    ContainerNode.Builder node =
        ContainerNode.on(Container.TOMCAT_11)
            .deploy("/shop", jakarta)
            .environment("HOLDFAST_REDIS_URI", RunningRedis.shared().uri());
    try (ContainerNode one = node.begin();
        ContainerNode two = node.start()) {
      Browser user = one.browser("/shop");
      user.run("set color red");
      assertThat(user.at(two).run("get color").of("get color")).isEqualTo("red");
    }
  }
}
