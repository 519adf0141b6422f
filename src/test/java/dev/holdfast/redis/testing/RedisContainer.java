package dev.holdfast.redis.testing;

import com.github.dockerjava.api.exception.NotFoundException;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** A Redis in Docker, by Testcontainers. */
public final class RedisContainer extends RunningRedis {
  /** As in {@code docker/compose.yaml}. */
  private static final String IMAGE = "redis:7.0.15-bookworm";

  private static final int PORT = 6379;

  private final GenericContainer<?> container;

  private RedisContainer(GenericContainer<?> container) {
    this.container = container;
  }

  /** Whether a Docker engine answers and has the image: no test waits for a registry. */
  public static boolean isPossible() {
    DockerClientFactory docker = DockerClientFactory.instance();
    if (!docker.isDockerAvailable()) {
      return false;
    }
    try {
      var unused = docker.client().inspectImageCmd(IMAGE).exec();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  /**
   * Starts one; it ends with {@link #close()}, for which no container of Testcontainers' stands by.
   */
  public static RedisContainer start() {
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(IMAGE))
            .withExposedPorts(PORT)
            .waitingFor(Wait.forLogMessage(".*Ready to accept connections.*", 1));
    container.start();
    return new RedisContainer(container);
  }

  @Override
  public String host() {
    return container.getHost();
  }

  @Override
  public int port() {
    return container.getMappedPort(PORT);
  }

  @Override
  @Nullable String credentials() {
    return null;
  }

  @Override
  public void close() {
    super.close();
    container.stop();
  }
}
