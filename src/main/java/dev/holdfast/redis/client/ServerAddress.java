package dev.holdfast.redis.client;

/** Where a server listens. */
record ServerAddress(String host, int port) {
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
