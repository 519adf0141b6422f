package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.redis.testing.FreePorts;
import dev.holdfast.redis.testing.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jacoco.agent.rt.RT;
import org.jacoco.core.data.ExecutionData;
import org.jacoco.core.tools.ExecDumpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which classes of the library a request passes from the filter to the socket and back: those that
 * JaCoCo sees run while one request reads an attribute and one writes one.
 */
class RequestPathIT {
  /** As many as today; may only become fewer. */
  private static final int MOST_CLASSES = 110;

  private static final int TRIES = 5;

  @Test
  void aReadAndAWritePassFewClasses(@TempDir Path directory) throws IOException {
    int port = FreePorts.one();
    try (RedisServer redis = RedisServer.start();
        ContainerNode node =
            ContainerNode.on(Container.TOMCAT_11)
                .deploy("", WarBuilder.probe().holdfast().in(directory))
                .environment("HOLDFAST_REDIS_URI", redis.uri())
                .jvm(
                    "-javaagent:"
                        + agent()
                        + "=output=tcpserver,port="
                        + port
                        + ",includes=dev.holdfast.*,excludes=dev.holdfast.container.*")
                .start()) {
      Browser user = node.browser("");
      user.run("set color red", "set size 7");
      user.run("get color");
      user.run("set color blue");

      // What runs in all of the tries; what runs in between for itself is not in each.
      Set<String> path = null;
      for (int i = 0; i < TRIES; i++) {
        executed(port);
        assertThat(user.run("get size").of("get size")).isEqualTo("7");
        user.run("set color " + i);
        Set<String> classes = executed(port);
        if (path == null) {
          path = classes;
        } else {
          path.retainAll(classes);
        }
      }

      assertThat(path)
          .contains("dev.holdfast.HoldfastFilter")
          .hasSizeLessThanOrEqualTo(MOST_CLASSES);
    }
  }

  /** The outermost classes of the library that have run since the last call. */
  private static Set<String> executed(int port) throws IOException {
    ExecDumpClient client = new ExecDumpClient();
    client.setReset(true);
    return client
        .dump(InetAddress.getLoopbackAddress(), port)
        .getExecutionDataStore()
        .getContents()
        .stream()
        .filter(ExecutionData::hasHits)
        .map(data -> data.getName().replace('/', '.').replaceFirst("\\$.*", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Path agent() {
    try {
      return Path.of(RT.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
