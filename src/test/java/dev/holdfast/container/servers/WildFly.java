package dev.holdfast.container.servers;

import dev.holdfast.redis.testing.FreePorts;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/** WildFly, standalone, as its {@code standalone.sh} starts it. */
final class WildFly implements Distribution {
  private static final Path HOME = Path.of("wildfly-39.0.1.Final");

  /** What WildFly's scripts open of the JDK. */
  private static final List<String> OPEN =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.lang.reflect",
          "java.io",
          "java.net",
          "java.security",
          "java.util",
          "java.util.concurrent");

  @Override
  public String title() {
    return "WildFly 39";
  }

  @Override
  public Launch prepare(Path directory, Path war, int port) throws IOException {
    Path home = Distribution.home("wildfly").resolve(HOME);
    Path base = directory.resolve("standalone");
    Path configuration = base.resolve("configuration");
    Distribution.copy(home.resolve("standalone/configuration"), configuration);
    Files.writeString(
        configuration.resolve("application-users.properties"),
        "alice=" + md5("alice:ApplicationRealm:wonder") + "\n");
    Files.writeString(configuration.resolve("application-roles.properties"), "alice=user\n");
    Files.createDirectories(base.resolve("deployments"));
    Files.copy(war, base.resolve("deployments/app.war"));
    List<String> arguments = new ArrayList<>();
    OPEN.forEach(name -> arguments.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
    arguments.addAll(
        List.of(
            "-Djboss.home.dir=" + home,
            "-Djboss.server.base.dir=" + base,
            "-Djboss.http.port=" + port,
            "-Djboss.https.port=" + FreePorts.one(),
            "-Djboss.management.http.port=" + FreePorts.one(),
            "-Djboss.management.https.port=" + FreePorts.one(),
            "-jar",
            home.resolve("jboss-modules.jar").toString(),
            "-mp",
            home.resolve("modules").toString(),
            "org.jboss.as.standalone"));
    return new Launch(arguments);
  }

  private static String md5(String text) {
    try {
      byte[] hash = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
      return "%032x".formatted(new BigInteger(1, hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean isUp(String line) {
    // "Deployed" it says at the start also of what has failed.
    return line.contains("WFLYUT0021: Registered web context: '/app'");
  }

  @Override
  public boolean hasFailed(String line) {
    return line.contains("WFLYCTL0080") || line.contains("WFLYSRV0021");
  }

  @Override
  public boolean undeploy(Path directory) throws IOException {
    Files.delete(directory.resolve("standalone/deployments/app.war.deployed"));
    return true;
  }

  @Override
  public boolean isUndeployed(String line) {
    return line.contains("WFLYSRV0009");
  }

  @Override
  public boolean complains(String line) {
    return line.matches(".* (WARN|ERROR) +\\[dev\\.holdfast.*");
  }
}
