package dev.holdfast.redis;

/** Where a server listens. */
record ServerAddress(String host, int port) {
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
