package dev.holdfast.redis.testing;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A Redis that somebody else runs. The tests empty it. */
final class ExternalRedis extends RunningRedis {
  private static final int DEFAULT_PORT = 6379;

  private final URI uri;

  /**
   * A Redis that is there.
   *
   * @param uri {@code redis://[user:password@]host[:port]}
   * @throws IllegalArgumentException when it is none
   */
  ExternalRedis(String uri) {
    this.uri = URI.create(uri);
    if (!"redis".equals(this.uri.getScheme()) || this.uri.getHost() == null) {
      throw new IllegalArgumentException(
          "HOLDFAST_TEST_REDIS must be redis://host:port or testcontainers");
    }
  }

  @Override
  public String host() {
    return uri.getHost();
  }

  @Override
  public int port() {
    return uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
  }

  @Override
  @Nullable String credentials() {
    return uri.getUserInfo();
  }
}
